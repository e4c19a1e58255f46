package io.millrace.tests.conformance;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.ClientConfiguration;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.retry.PredefinedRetryPolicies;
import com.amazonaws.services.kinesis.AmazonKinesis;
import com.amazonaws.services.kinesis.AmazonKinesisClientBuilder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.Optional;

/** The SDK for Java 1, called by the names of operations. */
final class FirstSdkClient implements ConformanceClient {
  private static final String MODEL = "com.amazonaws.services.kinesis.model.";

  private final AmazonKinesis client;

  FirstSdkClient(URI endpoint) {
    client =
        AmazonKinesisClientBuilder.standard()
            .withEndpointConfiguration(new EndpointConfiguration(endpoint.toString(), "us-east-1"))
            .withCredentials(
                new AWSStaticCredentialsProvider(new BasicAWSCredentials("test", "test")))
            .withClientConfiguration(
                new ClientConfiguration().withRetryPolicy(PredefinedRetryPolicies.NO_RETRY_POLICY))
            .build();
  }

  @Override
  public Answer call(String operation, ObjectNode in, int take) throws Exception {
    Object request;
    try {
      request = Class.forName(MODEL + operation + "Request").getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      return new Answer.Unknown(operation);
    }
    Optional<String> unknown = FirstSdkShapes.fill(request, in);
    if (unknown.isPresent()) {
      return new Answer.Unknown(operation + "." + unknown.get());
    }
    try {
      Object answer =
          AmazonKinesis.class
              .getMethod(
                  Character.toLowerCase(operation.charAt(0)) + operation.substring(1),
                  request.getClass())
              .invoke(client, request);
      return new Answer.Success(FirstSdkShapes.json(answer));
    } catch (NoSuchMethodException e) {
      return new Answer.Unknown(operation);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof AmazonServiceException refusal) {
        return new Answer.Refusal(refusal.getErrorCode(), refusal.getErrorMessage());
      }
      throw e;
    }
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
