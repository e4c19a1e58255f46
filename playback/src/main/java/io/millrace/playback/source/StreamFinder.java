package io.millrace.playback.source;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.store.StoreException;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the stream a request names, and tells store failures in the clients' words. */
public final class StreamFinder {
  private static final Pattern ARN =
      Pattern.compile("arn:[^:]+:kinesisvideo:[^:]+:[^:]+:stream/([^/]+)/([0-9]+)");

  private final StreamCatalog catalog;

  public StreamFinder(StreamCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The stream with this name or ARN; exactly one must be given.
   *
   * @throws AwsException INVALID_ARGUMENT or RESOURCE_NOT_FOUND
   */
  public SourceStream find(@Nullable String name, @Nullable String arn) {
    if ((name == null) == (arn == null)) {
      throw AwsError.INVALID_ARGUMENT.because("Either StreamName or StreamARN should be defined");
    }
    return name != null ? named(name) : byArn(String.valueOf(arn));
  }

  private SourceStream byArn(String arn) {
    Matcher parts = ARN.matcher(arn);
    if (!parts.matches()) {
      throw AwsError.INVALID_ARGUMENT.because("StreamARN does not name a stream: " + arn);
    }
    SourceStream found = named(parts.group(1));
    if (!Long.toString(found.info().createdMillis()).equals(parts.group(2))) {
      throw notFound(arn);
    }
    return found;
  }

  private SourceStream named(String name) {
    StreamInfo info = catalog.find(name).orElseThrow(() -> notFound(name));
    if (info.status() == StreamInfo.Status.DELETING) {
      throw notFound(name);
    }
    try {
      return new SourceStream(info, catalog.fragments(name));
    } catch (StoreException e) {
      throw failure(e);
    }
  }

  private static AwsException notFound(String stream) {
    return AwsError.RESOURCE_NOT_FOUND.because(
        "The requested stream is not found or not active: " + stream);
  }

  /** What a client is told when a store stage fails; other failures stay what they are. */
  public static RuntimeException failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (!(cause instanceof StoreException store)) {
      return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
    return switch (store.kind()) {
      case NOT_FOUND, SEALED, FENCED ->
          AwsError.RESOURCE_NOT_FOUND.because("The stream was deleted");
      case GONE ->
          AwsError.RESOURCE_NOT_FOUND.because("The fragment is past the stream's retention");
      case BUSY -> AwsError.CLIENT_LIMIT_EXCEEDED.because("The store is busy, try again later");
      case CLOSED -> AwsError.SERVICE_UNAVAILABLE.because("The server is closing");
      case NO_SPACE, IO, TOO_LARGE, EXISTS, VERSION_MISMATCH ->
          AwsError.INTERNAL_FAILURE.because("The stored media cannot be read", store);
    };
  }
}
