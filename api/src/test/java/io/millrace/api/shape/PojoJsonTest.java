package io.millrace.api.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.kinesisvideo.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeStreamResponse;
import software.amazon.awssdk.services.kinesisvideo.model.StreamInfo;
import software.amazon.awssdk.services.kinesisvideo.model.UntagStreamRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.FragmentSelector;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesResponse;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.Image;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ListFragmentsRequest;

class PojoJsonTest {
  private final PojoReader reader = new PojoReader(new ReadLimits(8, 100_000, 10_000));

  private CreateStreamRequest createStream(String json) {
    CreateStreamRequest.Builder builder = CreateStreamRequest.builder();
    reader.read(BodyFormat.JSON, json.getBytes(StandardCharsets.UTF_8), builder);
    return builder.build();
  }

  private FragmentSelector selectorFrom(String start) {
    ListFragmentsRequest.Builder builder = ListFragmentsRequest.builder();
    String json = "{\"FragmentSelector\":{\"TimestampRange\":{\"StartTimestamp\":" + start + "}}}";
    reader.read(BodyFormat.JSON, json.getBytes(StandardCharsets.UTF_8), builder);
    return builder.build().fragmentSelector();
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  @Test
  void readsEveryKindOfMember() {
    CreateStreamRequest request =
        createStream(
            """
            {"StreamName":"cam","DataRetentionInHours":24,"Unknown":{"deep":[1,{"a":2}]},
             "Tags":{"site":"north","k":null},"MediaType":null,
             "StreamStorageConfiguration":{"DefaultStorageTier":"LUKEWARM"}}""");
    assertThat(request.streamName()).isEqualTo("cam");
    assertThat(request.dataRetentionInHours()).isEqualTo(24);
    assertThat(request.tags()).isEqualTo(Map.of("site", "north"));
    assertThat(request.mediaType()).isNull();
    assertThat(request.streamStorageConfiguration().defaultStorageTierAsString())
        .isEqualTo("LUKEWARM");
  }

  @Test
  void readsAnEmptyBodyAsAnEmptyObject() {
    assertThat(createStream("")).isEqualTo(CreateStreamRequest.builder().build());
  }

  @ParameterizedTest
  @CsvSource({
    "1551924009.774, 2019-03-07T02:00:09.774Z",
    "1.551924009774E9, 2019-03-07T02:00:09.774Z",
    "1700000000, 2023-11-14T22:13:20Z",
    "0, 1970-01-01T00:00:00Z",
    "1700000000.123456789, 2023-11-14T22:13:20.123456789Z",
    "9000000000, 2255-03-14T16:00:00Z",
    "'\"2023-11-14T22:13:20.5Z\"', 2023-11-14T22:13:20.500Z"
  })
  void readsTimestamps(String json, Instant expected) {
    assertThat(selectorFrom(json).timestampRange().startTimestamp()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "9000000000.1, must be in epoch seconds",
    "-1, must be in epoch seconds",
    "1E999999999, out of range",
    "1E-999999999, out of range",
    "true, must be a number",
    "'\"soon\"', must be a timestamp"
  })
  void refusesNonsenseTimes(String json, String message) {
    assertThatThrownBy(() -> selectorFrom(json))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("'FragmentSelector.TimestampRange.StartTimestamp'")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|'the body' must be an object, not a list (line 1, column 1)",
        "{\"StreamName\":5}|'StreamName' must be a string, not a number (line 1, column 15)",
        "{\"DataRetentionInHours\":\"5\"}|'DataRetentionInHours' must be a number, not a string",
        "{\"DataRetentionInHours\":2.5}|'DataRetentionInHours' must be a whole number",
        "{\"DataRetentionInHours\":2147483648}|must be between -2147483648 and 2147483647",
        "{\"Tags\":[]}|'Tags' must be an object, not a list",
        "{\"Tags\":{\"a\":{}}}|'Tags.a' must be a string, not an object",
        "{\"StreamStorageConfiguration\":1}|'StreamStorageConfiguration' must be an object",
        "{} {}|Something follows the object",
        "{\"StreamName\":\"x\"|The body is not valid JSON",
        "{\"StreamName\":\"a\\ud800\"}|'StreamName' holds half a surrogate pair",
        "{\"StreamName\":\"\\udc00a\"}|'StreamName' holds half a surrogate pair",
        "{\"Tags\":{\"\\ud800\":\"\"}}|Broken surrogate pair in field name",
        "{StreamName:1}|The body is not valid JSON",
      })
  void saysWhatIsWrongAndWhere(String json, String message) {
    assertThatThrownBy(() -> createStream(json))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesNullsInLists() {
    assertThatThrownBy(
            () ->
                reader.read(
                    BodyFormat.JSON,
                    "{\"TagKeyList\":[\"a\",null]}".getBytes(StandardCharsets.UTF_8),
                    UntagStreamRequest.builder()))
        .hasMessageContaining("'TagKeyList.2' must be a value, not null");
  }

  @Test
  void boundsDepthAndStrings() {
    String deepest = "{\"x\":" + "[".repeat(7) + "]".repeat(7) + "}";
    assertThatCode(() -> createStream(deepest)).doesNotThrowAnyException();
    assertThatThrownBy(() -> createStream("{\"x\":" + "[".repeat(8) + "]".repeat(8) + "}"))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("nesting depth");
    String longest = "{\"StreamName\":\"" + "a".repeat(100_000) + "\"}";
    assertThat(createStream(longest).streamName()).hasSize(100_000);
    assertThatThrownBy(() -> createStream(longest.replace("\":\"a", "\":\"aa")))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("String value length");
  }

  @Test
  void writesWhatTheServiceWrites() {
    DescribeStreamResponse response =
        DescribeStreamResponse.builder()
            .streamInfo(
                StreamInfo.builder()
                    .streamName("cam")
                    .creationTime(Instant.ofEpochMilli(1_551_924_009_774L))
                    .dataRetentionInHours(2)
                    .status("ACTIVE")
                    .build())
            .build();
    assertThat(text(PojoWriter.json(response)))
        .isEqualTo(
            "{\"StreamInfo\":{\"StreamName\":\"cam\",\"Status\":\"ACTIVE\","
                + "\"CreationTime\":1551924009.774,\"DataRetentionInHours\":2}}");
    assertThat(text(PojoWriter.json(DescribeStreamResponse.builder().build()))).isEqualTo("{}");
  }

  @Test
  void readsBackWhatItWrites() {
    GetImagesRequest request =
        GetImagesRequest.builder()
            .streamName("cam")
            .startTimestamp(Instant.parse("2024-02-29T12:00:00.25Z"))
            .samplingInterval(3000)
            .formatConfigWithStrings(Map.of("JPEGQuality", "70"))
            .build();
    GetImagesRequest.Builder again = GetImagesRequest.builder();
    reader.read(BodyFormat.JSON, PojoWriter.json(request), again);
    assertThat(again.build()).isEqualTo(request);
  }

  @Test
  void writesEmptyListsAndListsOfStructures() {
    GetImagesResponse none = GetImagesResponse.builder().images(List.of()).build();
    assertThat(text(PojoWriter.json(none))).isEqualTo("{\"Images\":[]}");
    GetImagesResponse one =
        GetImagesResponse.builder().images(Image.builder().imageContent("aGk=").build()).build();
    assertThat(text(PojoWriter.json(one))).isEqualTo("{\"Images\":[{\"ImageContent\":\"aGk=\"}]}");
  }
}
