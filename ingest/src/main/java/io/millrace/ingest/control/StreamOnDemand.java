package io.millrace.ingest.control;

import io.millrace.api.error.AwsError;
import io.millrace.store.StoreException;
import io.millrace.store.stream.StreamCatalog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes the stream that somebody wants to send into, where there is none. Thread-safe. */
public final class StreamOnDemand {
  private static final Pattern STREAM_NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,256}");

  private final StreamCatalog catalog;

  public StreamOnDemand(StreamCatalog catalog) {
    this.catalog = catalog;
  }

  /** Whether a stream can have this name. */
  public static boolean isName(String name) {
    return STREAM_NAME.matcher(name).matches();
  }

  /**
   * Makes a stream unless it is there.
   *
   * @param context event loop the future completes on
   * @return whether it was made by this call; fails with SERVICE_UNAVAILABLE
   */
  public Future<Boolean> make(Context context, String name, int retentionHours) {
    if (catalog.find(name).isPresent()) {
      return Future.succeededFuture(false);
    }
    StreamCatalog.NewStream wanted =
        new StreamCatalog.NewStream(
            name,
            retentionHours,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "HOT",
            Map.of());
    return Future.fromCompletionStage(catalog.create(wanted), context)
        .map(made -> true)
        .recover(StreamOnDemand::existing);
  }

  /** Two that make the same stream: the second finds it there. */
  private static Future<Boolean> existing(Throwable failure) {
    if (failure instanceof StoreException store) {
      return store.kind() == StoreException.Kind.EXISTS
          ? Future.succeededFuture(false)
          : Future.failedFuture(
              AwsError.SERVICE_UNAVAILABLE.because("The stream could not be made now", store));
    }
    return Future.failedFuture(failure);
  }
}
