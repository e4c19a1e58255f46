package io.millrace.api.error;

/**
 * Every error a client can be told: the shape name clients switch on and the HTTP status that goes
 * with it. Names and statuses are those of the service models (botocore {@code service-2.json} of
 * the {@code kinesisvideo} family); the last group belongs to the HTTP front itself.
 */
public enum AwsError {
  ACCESS_DENIED("AccessDeniedException", 401, Service.VIDEO),
  ACCOUNT_CHANNEL_LIMIT_EXCEEDED("AccountChannelLimitExceededException", 400, Service.VIDEO),
  ACCOUNT_STREAM_LIMIT_EXCEEDED("AccountStreamLimitExceededException", 400, Service.VIDEO),
  CLIENT_LIMIT_EXCEEDED("ClientLimitExceededException", 400, Service.VIDEO),
  CONNECTION_LIMIT_EXCEEDED("ConnectionLimitExceededException", 400, Service.MEDIA),
  DEVICE_STREAM_LIMIT_EXCEEDED("DeviceStreamLimitExceededException", 400, Service.VIDEO),
  INVALID_ARGUMENT("InvalidArgumentException", 400, Service.VIDEO),
  INVALID_CODEC_PRIVATE_DATA("InvalidCodecPrivateDataException", 400, Service.ARCHIVED),
  INVALID_DEVICE("InvalidDeviceException", 400, Service.VIDEO),
  INVALID_ENDPOINT("InvalidEndpointException", 400, Service.MEDIA),
  INVALID_MEDIA_FRAME("InvalidMediaFrameException", 400, Service.ARCHIVED),
  INVALID_RESOURCE_FORMAT("InvalidResourceFormatException", 400, Service.VIDEO),
  MISSING_CODEC_PRIVATE_DATA("MissingCodecPrivateDataException", 400, Service.ARCHIVED),
  NO_DATA_RETENTION("NoDataRetentionException", 400, Service.VIDEO),
  NOT_AUTHORIZED("NotAuthorizedException", 401, Service.VIDEO),
  RESOURCE_IN_USE("ResourceInUseException", 400, Service.VIDEO),
  RESOURCE_NOT_FOUND("ResourceNotFoundException", 404, Service.VIDEO),
  TAGS_PER_RESOURCE_EXCEEDED_LIMIT("TagsPerResourceExceededLimitException", 400, Service.VIDEO),
  UNSUPPORTED_STREAM_MEDIA_TYPE("UnsupportedStreamMediaTypeException", 400, Service.ARCHIVED),
  VERSION_MISMATCH("VersionMismatchException", 400, Service.VIDEO),

  /** A playback session token that is unknown or past its time; the service answers 403. */
  SESSION_EXPIRED("AccessDeniedException", 403, Service.FRONT),
  /** No such operation; clients of the real service see this shape for a wrong path. */
  UNKNOWN_OPERATION("UnknownOperationException", 404, Service.FRONT),
  /** The path exists, the method does not. */
  METHOD_NOT_ALLOWED("MethodNotAllowedException", 405, Service.FRONT),
  /** The body is not JSON, or not the JSON the operation takes. */
  SERIALIZATION("SerializationException", 400, Service.FRONT),
  /** The HTTP head is not one we accept. */
  BAD_REQUEST("BadRequestException", 400, Service.FRONT),
  /** The client did not finish its request in time. */
  REQUEST_TIMEOUT("RequestTimeoutException", 408, Service.FRONT),
  /** The body is larger than the limit. */
  REQUEST_TOO_LARGE("RequestEntityTooLargeException", 413, Service.FRONT),
  /** A media body that is not what its container's specification says. */
  MALFORMED_MEDIA("MalformedMediaException", 400, Service.FRONT),
  /** An {@code Expect} header we cannot meet. */
  EXPECTATION_FAILED("ExpectationFailedException", 417, Service.FRONT),
  /** A fault of ours; the message never carries details. */
  INTERNAL_FAILURE("InternalFailure", 500, Service.FRONT),
  /** We cannot do it now; the client may try again. */
  SERVICE_UNAVAILABLE("ServiceUnavailableException", 503, Service.FRONT);

  /** Which model names the shape. */
  public enum Service {
    /** {@code kinesisvideo} and, where they share a shape, the services beside it. */
    VIDEO,
    /** {@code kinesis-video-media}. */
    MEDIA,
    /** {@code kinesis-video-archived-media}. */
    ARCHIVED,
    /** The AWS front end common to all services, or our own HTTP routes. */
    FRONT
  }

  private final String shape;
  private final int status;
  private final Service service;

  AwsError(String shape, int status, Service service) {
    this.shape = shape;
    this.status = status;
    this.service = service;
  }

  /** Shape name as in {@code x-amzn-ErrorType}. */
  public String shape() {
    return shape;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** Model that names the shape. */
  public Service service() {
    return service;
  }

  /** Whether the client is at fault, so that no stack trace is worth logging. */
  public boolean isClientFault() {
    return status < 500;
  }

  /** An exception of this error, ready to throw. */
  public AwsException because(String message) {
    return new AwsException(this, message);
  }

  /** An exception of this error that keeps what caused it for the log. */
  public AwsException because(String message, Throwable cause) {
    return new AwsException(this, message, cause);
  }
}
