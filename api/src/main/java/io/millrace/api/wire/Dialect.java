package io.millrace.api.wire;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.operation.AwsService;
import io.millrace.api.operation.AwsService.Protocol;
import io.millrace.api.shape.BodyFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How one request is spoken and so is answered.
 *
 * @param service service whose manner it is; null for plain HTTP routes
 * @param style how the operation was named and errors are told
 * @param format format of both bodies; without meaning for forms
 * @param contentType media type of the answer
 */
record Dialect(@Nullable AwsService service, Style style, BodyFormat format, String contentType) {

  /** The manners of AWS services. */
  enum Style {
    /** By path. */
    REST,
    /** By {@code X-Amz-Target}: AWS JSON and CBOR. */
    TARGET,
    /** By a path of fixed form and the header {@code smithy-protocol}: Smithy RPC v2. */
    RPC,
    /** By a member of a form; answers are XML: AWS query. */
    QUERY
  }

  /** Plain HTTP routes, and services that are addressed by path. */
  static final Dialect REST = new Dialect(null, Style.REST, BodyFormat.JSON, "application/json");

  /** Media type of the requests of the query protocol. */
  private static final String FORM = "application/x-www-form-urlencoded";

  private static final String JSON_1_0 = "application/x-amz-json-1.0";
  private static final String JSON_1_1 = "application/x-amz-json-1.1";
  private static final String CBOR_1_1 = "application/x-amz-cbor-1.1";

  /**
   * The manner of a request that names its operation by target; answers have the media type of the
   * request.
   *
   * @param contentType as received; without one the body is JSON
   * @throws AwsException SERIALIZATION for a media type that is none of the protocol's
   */
  static Dialect targeted(AwsService service, @Nullable String contentType) {
    return switch (mediaType(contentType)) {
      case JSON_1_0 -> new Dialect(service, Style.TARGET, BodyFormat.JSON, JSON_1_0);
      case JSON_1_1 -> new Dialect(service, Style.TARGET, BodyFormat.JSON, JSON_1_1);
      case CBOR_1_1 -> new Dialect(service, Style.TARGET, BodyFormat.CBOR, CBOR_1_1);
      case "", "application/json" -> json(service);
      default ->
          throw AwsError.SERIALIZATION.because(
              "The content type must be %s, %s or %s".formatted(JSON_1_1, JSON_1_0, CBOR_1_1));
    };
  }

  /** The JSON of a service, for errors of requests that could not be understood. */
  static Dialect json(AwsService service) {
    String type = service.protocol() == Protocol.JSON_1_0 ? JSON_1_0 : JSON_1_1;
    return new Dialect(service, Style.TARGET, BodyFormat.JSON, type);
  }

  /** Smithy RPC v2 with CBOR. */
  static Dialect rpc(AwsService service) {
    return new Dialect(service, Style.RPC, BodyFormat.RPC_CBOR, "application/cbor");
  }

  /** The query protocol. */
  static Dialect query(AwsService service) {
    return new Dialect(service, Style.QUERY, BodyFormat.JSON, "text/xml");
  }

  /** Whether a body of this media type is a form. */
  static boolean isForm(@Nullable String contentType) {
    return mediaType(contentType).equals(FORM);
  }

  private static String mediaType(@Nullable String contentType) {
    if (contentType == null) {
      return "";
    }
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  /** HTTP status with which an error is told. */
  int statusOf(AwsError error) {
    return isTargeted() ? error.targetedStatus() : error.status();
  }

  /** Whether the operation was named by anything but its path. */
  boolean isTargeted() {
    return style != Style.REST;
  }
}
