package io.millrace.ingest.rtsp.request;

import io.millrace.api.error.AwsException;
import io.millrace.ingest.rtsp.message.RtspResponse;
import io.millrace.ingest.rtsp.message.RtspStatus;

/**
 * A request that gets another answer than 200. Carries no stack trace: it is the client's fault.
 */
public final class RequestRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient RtspStatus status;
  private final String unsupported;

  /**
   * @param why in words for who asked
   */
  public RequestRefused(RtspStatus status, String why) {
    this(status, why, "");
  }

  private RequestRefused(RtspStatus status, String why, String unsupported) {
    super(why, null, false, false);
    this.status = status;
    this.unsupported = unsupported;
  }

  /** For a request that requires what is not served (RFC 2326 section 12.32). */
  public static RequestRefused requires(String feature) {
    return new RequestRefused(
        RtspStatus.OPTION_NOT_SUPPORTED, "%s is not served".formatted(feature), feature);
  }

  /** What its client is answered. */
  public RtspResponse response() {
    RtspResponse response = RtspResponse.of(status, String.valueOf(getMessage()));
    return unsupported.isEmpty() ? response : response.with("Unsupported", unsupported);
  }

  /** The answer for whatever went wrong with a request. */
  public static RtspResponse response(Throwable failure) {
    return switch (failure) {
      case RequestRefused refused -> refused.response();
      case AwsException refused ->
          RtspResponse.of(status(refused), String.valueOf(refused.getMessage()));
      default ->
          RtspResponse.of(RtspStatus.INTERNAL_SERVER_ERROR, "The server failed; see its log");
    };
  }

  private static RtspStatus status(AwsException refused) {
    return switch (refused.error()) {
      case RESOURCE_NOT_FOUND -> RtspStatus.NOT_FOUND;
      case CLIENT_LIMIT_EXCEEDED -> RtspStatus.NOT_ENOUGH_BANDWIDTH;
      case SERVICE_UNAVAILABLE -> RtspStatus.SERVICE_UNAVAILABLE;
      default ->
          refused.error().isClientFault()
              ? RtspStatus.BAD_REQUEST
              : RtspStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
