package io.millrace.ingest.control;

import io.millrace.api.arn.StreamArn;
import io.millrace.api.error.AwsError;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/** Finds the stream that a request names, by name or by ARN. */
public final class StreamNames {
  private final StreamCatalog catalog;
  private final ControlSettings settings;

  /**
   * @param settings region and account of this server
   */
  public StreamNames(StreamCatalog catalog, ControlSettings settings) {
    this.catalog = catalog;
    this.settings = settings;
  }

  /**
   * The stream.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT when neither is given or they name
   *     two streams; RESOURCE_NOT_FOUND, also for the ARN of a stream's former life
   */
  public StreamInfo resolve(@Nullable String name, @Nullable String arn) {
    if (arn == null) {
      if (name == null) {
        throw AwsError.INVALID_ARGUMENT.because(
            "Either StreamName or StreamARN must be specified.");
      }
      return catalog.find(name).orElseThrow(StreamErrors::notFound);
    }
    StreamArn parsed = StreamArn.parse(arn);
    if (name != null && !name.equals(parsed.name())) {
      throw AwsError.INVALID_ARGUMENT.because(
          "StreamName and StreamARN name two different streams.");
    }
    return catalog
        .find(parsed.name())
        .filter(stream -> stream.createdMillis() == parsed.createdMillis())
        .orElseThrow(StreamErrors::notFound);
  }

  /** The ARN of a stream. */
  public String arn(StreamInfo stream) {
    return new StreamArn(
            settings.region(), settings.account(), stream.name(), stream.createdMillis())
        .toString();
  }
}
