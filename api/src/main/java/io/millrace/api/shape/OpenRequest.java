package io.millrace.api.shape;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Request type of operations that are newer than the SDK: it has no fields, so every member is
 * among the further members of the request.
 */
public final class OpenRequest implements SdkPojo {
  private static final OpenRequest ONLY = new OpenRequest();

  private OpenRequest() {}

  /** A builder in the SDK's manner. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public List<SdkField<?>> sdkFields() {
    return List.of();
  }

  @Override
  public Map<String, SdkField<?>> sdkFieldNameToField() {
    return Map.of();
  }

  /** Makes the request; there is nothing to set. */
  public static final class Builder implements SdkPojo, SdkBuilder<Builder, OpenRequest> {
    private Builder() {}

    @Override
    public OpenRequest build() {
      return ONLY;
    }

    @Override
    public List<SdkField<?>> sdkFields() {
      return List.of();
    }

    @Override
    public Map<String, SdkField<?>> sdkFieldNameToField() {
      return Map.of();
    }
  }
}
