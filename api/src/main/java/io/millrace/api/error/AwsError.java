package io.millrace.api.error;

/**
 * Every error a client can be told: the shape name clients switch on and the HTTP status that goes
 * with it. Names and statuses are those of the service models (botocore {@code service-2.json});
 * services that are addressed by target answer every fault of a client with 400, see {@link
 * #targetedStatus}. The last group belongs to the HTTP front itself.
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
  STREAM_EDGE_CONFIGURATION_NOT_FOUND(
      "StreamEdgeConfigurationNotFoundException", 404, Service.VIDEO),
  TAGS_PER_RESOURCE_EXCEEDED_LIMIT("TagsPerResourceExceededLimitException", 400, Service.VIDEO),
  UNSUPPORTED_STREAM_MEDIA_TYPE("UnsupportedStreamMediaTypeException", 400, Service.ARCHIVED),
  VERSION_MISMATCH("VersionMismatchException", 400, Service.VIDEO),

  DRY_RUN_OPERATION("DryRunOperationException", 400, Service.KINESIS),
  EXPIRED_ITERATOR("ExpiredIteratorException", 400, Service.KINESIS),
  EXPIRED_NEXT_TOKEN("ExpiredNextTokenException", 400, Service.KINESIS),
  /** The modelled form of {@link #INTERNAL_FAILURE}, for event streams. */
  INTERNAL_FAILURE_EVENT("InternalFailureException", 500, Service.KINESIS),
  KMS_ACCESS_DENIED("KMSAccessDeniedException", 400, Service.KINESIS),
  KMS_DISABLED("KMSDisabledException", 400, Service.KINESIS),
  KMS_INVALID_STATE("KMSInvalidStateException", 400, Service.KINESIS),
  KMS_NOT_FOUND("KMSNotFoundException", 400, Service.KINESIS),
  KMS_OPT_IN_REQUIRED("KMSOptInRequired", 400, Service.KINESIS),
  KMS_THROTTLING("KMSThrottlingException", 400, Service.KINESIS),
  LIMIT_EXCEEDED("LimitExceededException", 400, Service.KINESIS),
  PROVISIONED_THROUGHPUT_EXCEEDED("ProvisionedThroughputExceededException", 400, Service.KINESIS),
  VALIDATION("ValidationException", 400, Service.KINESIS),

  CONDITIONAL_CHECK_FAILED("ConditionalCheckFailedException", 400, Service.DYNAMODB),
  CONTINUOUS_BACKUPS_UNAVAILABLE("ContinuousBackupsUnavailableException", 400, Service.DYNAMODB),
  IDEMPOTENT_PARAMETER_MISMATCH("IdempotentParameterMismatchException", 400, Service.DYNAMODB),
  INTERNAL_SERVER_ERROR("InternalServerError", 500, Service.DYNAMODB),
  ITEM_COLLECTION_SIZE_LIMIT_EXCEEDED(
      "ItemCollectionSizeLimitExceededException", 400, Service.DYNAMODB),
  REQUEST_LIMIT_EXCEEDED("RequestLimitExceeded", 400, Service.DYNAMODB),
  TABLE_NOT_FOUND("TableNotFoundException", 400, Service.DYNAMODB),
  TRANSACTION_CANCELED("TransactionCanceledException", 400, Service.DYNAMODB),
  TRANSACTION_CONFLICT("TransactionConflictException", 400, Service.DYNAMODB),
  TRANSACTION_IN_PROGRESS("TransactionInProgressException", 400, Service.DYNAMODB),

  INTERNAL_SERVICE_FAULT("InternalServiceFault", 500, Service.CLOUDWATCH),
  INVALID_PARAMETER_COMBINATION("InvalidParameterCombinationException", 400, Service.CLOUDWATCH),
  INVALID_PARAMETER_VALUE("InvalidParameterValueException", 400, Service.CLOUDWATCH),
  MISSING_PARAMETER("MissingRequiredParameterException", 400, Service.CLOUDWATCH),

  /** A playback session token that is unknown or past its time; the service answers 403. */
  SESSION_EXPIRED("AccessDeniedException", 403, Service.FRONT),
  /** No such operation; clients of the real service see this shape for a wrong path. */
  UNKNOWN_OPERATION("UnknownOperationException", 404, Service.FRONT),
  /** Neither a target nor a path says what is asked; the status is the service's own. */
  UNDETERMINED_OPERATION("AccessDeniedException", 403, Service.FRONT),
  /** A request that had to be signed was not. */
  MISSING_AUTHENTICATION_TOKEN("MissingAuthenticationTokenException", 400, Service.FRONT),
  /** A signature lacks one of its parts. */
  INCOMPLETE_SIGNATURE("IncompleteSignatureException", 400, Service.FRONT),
  /** A signature is not the one of this request. */
  INVALID_SIGNATURE("InvalidSignatureException", 400, Service.FRONT),
  /** More requests than allowed. */
  THROTTLING("ThrottlingException", 400, Service.FRONT),
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
    /** {@code kinesis} and, where they share a shape, {@code dynamodb}. */
    KINESIS,
    /** {@code dynamodb}. */
    DYNAMODB,
    /** {@code cloudwatch}. */
    CLOUDWATCH,
    /** The AWS front end common to all services, or our own HTTP routes. */
    FRONT
  }

  private static final String EXCEPTION = "Exception";

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

  /** Error code of the query protocol, which drops the ending and renames some. */
  public String queryCode() {
    return switch (this) {
      case INTERNAL_SERVICE_FAULT -> "InternalServiceError";
      case MISSING_PARAMETER -> "MissingParameter";
      default ->
          shape.endsWith(EXCEPTION)
              ? shape.substring(0, shape.length() - EXCEPTION.length())
              : shape;
    };
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /**
   * HTTP status of a service that is addressed by target: faults of the client are 400, except
   * where HTTP itself asks for another status.
   */
  public int targetedStatus() {
    return switch (this) {
      case UNDETERMINED_OPERATION,
          METHOD_NOT_ALLOWED,
          REQUEST_TIMEOUT,
          REQUEST_TOO_LARGE,
          EXPECTATION_FAILED ->
          status;
      default -> status < 500 ? 400 : status;
    };
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
