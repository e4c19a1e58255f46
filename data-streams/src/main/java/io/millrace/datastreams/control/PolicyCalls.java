package io.millrace.datastreams.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.StreamConsumer;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.kinesis.model.DeleteResourcePolicyResponse;
import software.amazon.awssdk.services.kinesis.model.GetResourcePolicyRequest;
import software.amazon.awssdk.services.kinesis.model.GetResourcePolicyResponse;
import software.amazon.awssdk.services.kinesis.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.kinesis.model.PutResourcePolicyResponse;

/** Resource policies of streams and consumers: kept, and in force when requests are signed. */
public final class PolicyCalls {
  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final ControlSettings settings;
  private final JsonFactory json = new JsonFactory();

  public PolicyCalls(StreamDirectory directory, StreamFinder finder, ControlSettings settings) {
    this.directory = directory;
    this.finder = finder;
    this.settings = settings;
  }

  public void register(Calls calls) {
    calls.add("PutResourcePolicy", PutResourcePolicyRequest::builder, this::put);
    calls.add("GetResourcePolicy", GetResourcePolicyRequest::builder, this::get);
    calls.add("DeleteResourcePolicy", DeleteResourcePolicyRequest::builder, this::delete);
  }

  private CompletionStage<SdkPojo> put(OperationContext context, PutResourcePolicyRequest request) {
    String policy = request.policy();
    if (ControlSettings.isOver(
        policy.getBytes(StandardCharsets.UTF_8).length, settings.maxPolicyBytes())) {
      throw AwsError.INVALID_ARGUMENT.because(
          "The policy is longer than %d bytes.".formatted(settings.maxPolicyBytes()));
    }
    checkJson(policy);
    return set(request.resourceARN(), Optional.of(policy))
        .thenApply(done -> PutResourcePolicyResponse.builder().build());
  }

  private void checkJson(String policy) {
    try (JsonParser parser = json.createParser(policy)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw AwsError.INVALID_ARGUMENT.because("The policy is not a JSON object.");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw AwsError.INVALID_ARGUMENT.because("Text follows the policy.");
      }
    } catch (IOException e) {
      throw AwsError.INVALID_ARGUMENT.because("The policy is not valid JSON.");
    }
  }

  private CompletionStage<DataStream> set(String arn, Optional<String> policy) {
    if (finder.parse(arn, "ResourceARN").consumer().isEmpty()) {
      return directory.change(finder.streamOf(arn), now -> now.withPolicy(policy));
    }
    StreamFinder.FoundConsumer found = finder.consumer(arn);
    return directory.change(
        found.stream(),
        now -> {
          StreamConsumer consumer = now.consumers().get(found.consumer().name());
          return consumer == null ? now : now.withConsumer(consumer.withPolicy(policy));
        });
  }

  private Optional<String> policyOf(String arn) {
    return finder.parse(arn, "ResourceARN").consumer().isEmpty()
        ? finder.streamOf(arn).info().policy()
        : finder.consumer(arn).consumer().policy();
  }

  private CompletionStage<SdkPojo> get(OperationContext context, GetResourcePolicyRequest request) {
    String policy =
        policyOf(request.resourceARN())
            .orElseThrow(
                () ->
                    AwsError.RESOURCE_NOT_FOUND.because(
                        "No resource policy found for resource " + request.resourceARN() + "."));
    return CompletableFuture.completedFuture(
        GetResourcePolicyResponse.builder().policy(policy).build());
  }

  private CompletionStage<SdkPojo> delete(
      OperationContext context, DeleteResourcePolicyRequest request) {
    if (policyOf(request.resourceARN()).isEmpty()) {
      throw AwsError.RESOURCE_NOT_FOUND.because(
          "No resource policy found for resource " + request.resourceARN() + ".");
    }
    return set(request.resourceARN(), Optional.empty())
        .thenApply(done -> DeleteResourcePolicyResponse.builder().build());
  }
}
