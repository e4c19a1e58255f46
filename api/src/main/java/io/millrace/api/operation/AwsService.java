package io.millrace.api.operation;

import java.util.HashMap;
import java.util.Map;

/** The AWS services of which this server answers operations, and how each is told from others. */
public enum AwsService {
  VIDEO("kinesisvideo", "kinesisvideo", "kinesisvideo", Protocol.REST_JSON),
  VIDEO_MEDIA("kinesis-video-media", "kinesisvideo", "kinesisvideomedia", Protocol.REST_JSON),
  VIDEO_ARCHIVED_MEDIA(
      "kinesis-video-archived-media",
      "kinesisvideo",
      "kinesisvideoarchivedmedia",
      Protocol.REST_JSON),
  VIDEO_SIGNALING(
      "kinesis-video-signaling", "kinesisvideo", "kinesisvideosignaling", Protocol.REST_JSON),
  VIDEO_WEBRTC_STORAGE(
      "kinesis-video-webrtc-storage",
      "kinesisvideo",
      "kinesisvideowebrtcstorage",
      Protocol.REST_JSON),
  KINESIS("kinesis", "kinesis", "kinesis", Protocol.JSON_1_1),
  DYNAMODB("dynamodb", "dynamodb", "dynamodb", Protocol.JSON_1_0),
  CLOUDWATCH("cloudwatch", "cloudwatch", "cloudwatch", Protocol.JSON_1_0);

  /** How the operations of a service are addressed. */
  public enum Protocol {
    /** By method and path. */
    REST_JSON,
    /** By {@code X-Amz-Target}; bodies are {@code application/x-amz-json-1.0}. */
    JSON_1_0,
    /** By {@code X-Amz-Target}; bodies are {@code application/x-amz-json-1.1} or CBOR. */
    JSON_1_1
  }

  private static final Map<String, AwsService> BY_MODEL = new HashMap<>();
  private static final Map<String, AwsService> BY_PACKAGE = new HashMap<>();
  private static final String SDK_PACKAGE = "software.amazon.awssdk.services.";

  static {
    for (AwsService service : values()) {
      BY_MODEL.put(service.model, service);
      BY_PACKAGE.put(SDK_PACKAGE + service.sdkName + ".model", service);
    }
  }

  private final String model;
  private final String actionPrefix;
  private final String sdkName;
  private final Protocol protocol;

  AwsService(String model, String actionPrefix, String sdkName, Protocol protocol) {
    this.model = model;
    this.actionPrefix = actionPrefix;
    this.sdkName = sdkName;
    this.protocol = protocol;
  }

  /**
   * The service of a model.
   *
   * @param model name as in the operation table, such as {@code kinesis-video-media}
   * @throws IllegalArgumentException if there is none
   */
  public static AwsService of(String model) {
    AwsService service = BY_MODEL.get(model);
    if (service == null) {
      throw new IllegalArgumentException("no service " + model + "; known: " + BY_MODEL.keySet());
    }
    return service;
  }

  /**
   * The service whose model a class of the AWS SDK belongs to.
   *
   * @throws IllegalArgumentException if it belongs to none
   */
  public static AwsService ofShape(Class<?> shape) {
    AwsService service = BY_PACKAGE.get(shape.getPackageName());
    if (service == null) {
      throw new IllegalArgumentException(shape + " is in the model of no known service");
    }
    return service;
  }

  /** Name of the model, as in the operation table. */
  public String model() {
    return model;
  }

  /** What actions of policies begin with, such as {@code kinesis} in {@code kinesis:PutRecord}. */
  public String actionPrefix() {
    return actionPrefix;
  }

  /** How its operations are addressed. */
  public Protocol protocol() {
    return protocol;
  }

  /** Whether {@code X-Amz-Target} names its operations. */
  public boolean isTargeted() {
    return protocol != Protocol.REST_JSON;
  }
}
