package io.millrace.api.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesisvideo.model.ComparisonOperator;
import software.amazon.awssdk.services.kinesisvideo.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.GetDataEndpointRequest;
import software.amazon.awssdk.services.kinesisvideo.model.ListStreamsRequest;
import software.amazon.awssdk.services.kinesisvideo.model.StreamNameCondition;
import software.amazon.awssdk.services.kinesisvideo.model.TagStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.UntagStreamRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetHlsStreamingSessionUrlRequest;

class ConstraintCheckTest {
  private final ConstraintCheck check = new ConstraintCheck(ConstraintTable.load());

  private String refusal(SdkPojo request) {
    return refusal(request, AwsError.INVALID_ARGUMENT);
  }

  private String refusal(SdkPojo request, AwsError error) {
    AwsException refused = catchThrowableOfType(AwsException.class, () -> check.check(request));
    assertThat(refused).as("refused").isNotNull();
    assertThat(refused.error()).isEqualTo(error);
    return refused.clientMessage();
  }

  private void accepted(SdkPojo request) {
    assertThatCode(() -> check.check(request)).doesNotThrowAnyException();
  }

  @Test
  void asksForRequiredMembers() {
    assertThat(refusal(CreateStreamRequest.builder().build()))
        .isEqualTo(
            "1 validation error detected: Value null at 'streamName' failed to satisfy constraint:"
                + " Member must not be null");
  }

  @Test
  void boundsLengths() {
    accepted(CreateStreamRequest.builder().streamName("a".repeat(256)).build());
    assertThat(refusal(CreateStreamRequest.builder().streamName("a".repeat(257)).build()))
        .endsWith(
            "at 'streamName' failed to satisfy constraint: Member must have length less than or"
                + " equal to 256")
        .hasSizeLessThan(500);
    assertThat(refusal(CreateStreamRequest.builder().streamName("").build()))
        .isEqualTo(
            "1 validation error detected: Value '' at 'streamName' failed to satisfy constraint:"
                + " Member must have length greater than or equal to 1");
  }

  @Test
  void matchesPatternsWhole() {
    assertThat(refusal(CreateStreamRequest.builder().streamName("a b").build()))
        .isEqualTo(
            "1 validation error detected: Value 'a b' at 'streamName' failed to satisfy"
                + " constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  }

  @Test
  void boundsNumbers() {
    accepted(ListStreamsRequest.builder().maxResults(10_000).build());
    accepted(ListStreamsRequest.builder().maxResults(1).build());
    assertThat(refusal(ListStreamsRequest.builder().maxResults(10_001).build()))
        .contains("Value '10001' at 'maxResults'")
        .endsWith("Member must have value less than or equal to 10000");
    assertThat(refusal(ListStreamsRequest.builder().maxResults(0).build()))
        .endsWith("Member must have value greater than or equal to 1");
  }

  @Test
  void namesTheValuesOfEnumerations() {
    assertThat(refusal(GetDataEndpointRequest.builder().streamName("s").apiName("NONE").build()))
        .contains("Value 'NONE' at 'aPIName'")
        .contains("Member must satisfy enum value set: [PUT_MEDIA, GET_MEDIA,");
  }

  @Test
  void looksIntoListsMapsAndStructures() {
    accepted(TagStreamRequest.builder().tags(Map.of("k", "v".repeat(256))).build());
    assertThat(refusal(TagStreamRequest.builder().tags(Map.of("k", "v".repeat(257))).build()))
        .contains("at 'tags.k.member'")
        .endsWith("less than or equal to 256");
    assertThat(refusal(TagStreamRequest.builder().tags(Map.of("k".repeat(129), "v")).build()))
        .contains("at 'tags.key'");
    assertThat(refusal(UntagStreamRequest.builder().tagKeyList(List.of("ok", "")).build()))
        .contains("at 'tagKeyList.2.member'");
    assertThat(
            refusal(
                ListStreamsRequest.builder()
                    .streamNameCondition(
                        StreamNameCondition.builder()
                            .comparisonOperator(ComparisonOperator.BEGINS_WITH)
                            .comparisonValue("?")
                            .build())
                    .build()))
        .contains("Value '?' at 'streamNameCondition.comparisonValue'");
  }

  @Test
  void findsTypesWhoseNameTheSdkSpellsItsOwnWay() {
    assertThat(refusal(GetHlsStreamingSessionUrlRequest.builder().expires(299).build()))
        .contains("Value '299' at 'expires'");
  }

  @Test
  void repeatsValuesShortAndWithoutBytes() {
    PutRecordsRequestEntry entry =
        PutRecordsRequestEntry.builder()
            .data(SdkBytes.fromByteArray(new byte[1000]))
            .partitionKey("key")
            .build();
    assertThat(
            refusal(
                PutRecordsRequest.builder().records(Collections.nCopies(501, entry)).build(),
                AwsError.VALIDATION))
        .startsWith(
            "1 validation error detected: Value '[PutRecordsRequestEntry("
                + "Data=java.nio.HeapByteBuffer[pos=0 lim=1000 cap=1000], PartitionKey=key), ")
        .endsWith(
            "…' at 'records' failed to satisfy constraint: Member must have length less than or"
                + " equal to 500")
        .hasSizeLessThan(450);
  }

  @Test
  void countsSeveralAndStopsAtTen() {
    assertThat(refusal(CreateStreamRequest.builder().streamName("?").mediaType("video").build()))
        .startsWith("2 validation errors detected: ")
        .contains("; Value ");
    List<String> many = IntStream.range(0, 40).mapToObj(i -> "").toList();
    assertThat(refusal(UntagStreamRequest.builder().tagKeyList(many).build()))
        .startsWith("10 validation errors detected: ");
  }
}
