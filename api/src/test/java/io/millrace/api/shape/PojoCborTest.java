package io.millrace.api.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsException;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.Record;

class PojoCborTest {
  private static final HexFormat HEX = HexFormat.of();

  private final PojoReader reader = new PojoReader(new ReadLimits(8, 10_000, 1000));

  private Map<String, Object> read(String hex, SdkPojo builder) {
    return reader.read(BodyFormat.CBOR, HEX.parseHex(hex.replaceAll("[ \n]", "")), builder);
  }

  private static String written(SdkPojo shape) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PojoWriter.write(BodyFormat.CBOR, shape, out);
    return HEX.formatHex(out.toByteArray());
  }

  @ParameterizedTest
  @CsvSource({
    // An indefinite map with definite strings, as the SDKs for Java write it.
    "bf6a53747265616d4e616d656173 6444617461 4568656c6c6f 6c506172746974696f6e4b6579 6161 ff",
    // A definite map.
    "a3 6a53747265616d4e616d656173 6444617461 4568656c6c6f 6c506172746974696f6e4b6579 6161",
    // Everything indefinite: name, text and bytes in pieces.
    "bf 7f6653747265616d644e616d65ff 7f617360ff 6444617461 5f426865436c6c6fff"
        + " 6c506172746974696f6e4b6579 7f6161ff ff",
    // Lengths in more bytes than needed.
    "b803 780a53747265616d4e616d65 79000173 6444617461 5a0000000568656c6c6f"
        + " 6c506172746974696f6e4b6579 7b0000000000000001"
        + "61"
  })
  void readsDefiniteAndIndefinite(String hex) {
    PutRecordRequest.Builder builder = PutRecordRequest.builder();
    read(hex, builder);
    assertThat(builder.build())
        .isEqualTo(
            PutRecordRequest.builder()
                .streamName("s")
                .data(SdkBytes.fromUtf8String("hello"))
                .partitionKey("a")
                .build());
  }

  @ParameterizedTest
  @CsvSource({
    "c1 1b000001a1d5e6f80a, 1794590046218",
    "1b000001a1d5e6f80a, 1794590046218",
    "c1 00, 0",
    "fb 41d954fc40000000, 1700000000",
  })
  void readsTimestampsInMilliseconds(String hex, long millis) {
    GetShardIteratorRequest.Builder builder = GetShardIteratorRequest.builder();
    read("a1 6954696d657374616d70" + hex, builder);
    assertThat(builder.build().timestamp()).isEqualTo(Instant.ofEpochMilli(millis));
  }

  @Test
  void readsListsOfStructures() {
    PutRecordsRequest.Builder builder = PutRecordsRequest.builder();
    read("bf 675265636f726473 9f bf 6444617461 4101 ff a1 6444617461 4102 ff ff", builder);
    assertThat(builder.build().records())
        .extracting(entry -> entry.data().asByteArray()[0])
        .containsExactly((byte) 1, (byte) 2);
  }

  @Test
  void givesBackMembersItDoesNotKnow() {
    Map<String, Object> further =
        read(
            "a7 6161 01 6162 3903e7 6163 f5 6164 9f6178a1617900ff 6165 f9 3e00 6166 f6"
                + " 6167 c2490100000000000000 00",
            OpenRequest.builder());
    assertThat(further)
        .isEqualTo(
            Map.of(
                "a",
                1L,
                "b",
                -1000L,
                "c",
                true,
                "d",
                List.of("x", Map.of("y", 0L)),
                "e",
                new BigDecimal("1.5"),
                "g",
                new BigDecimal("18446744073709551616")));
    assertThat((byte[]) read("a1 6161 42 0102", OpenRequest.builder()).get("a"))
        .containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "80|'the body' must be an object, not a list (byte",
        "a1 6a53747265616d4e616d65 05|'StreamName' must be a string, not a number (byte",
        "a1 6444617461 6161|'Data' must be a byte string, not a string",
        "a1 6444617461 1a|The body is not valid CBOR",
        "a1 6444617461 5a7fffffff 00|The body is not valid CBOR",
        "a1 6a53747265616d4e616d65 62ff00|The body is not valid CBOR",
        "a1 ff|The body is not valid CBOR",
        "bf|The body is not valid CBOR",
        "a0 a0|Something follows the object",
      })
  void saysWhatIsWrongAndWhere(String hex, String message) {
    assertThatThrownBy(() -> read(hex, PutRecordRequest.builder()))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesTheMemberInAList() {
    assertThatThrownBy(
            () ->
                read(
                    "a1 675265636f726473 82 a1 6444617461 40 a1 6444617461 60",
                    PutRecordsRequest.builder()))
        .hasMessageContaining("'Records.2.Data' must be a byte string, not a string");
  }

  @Test
  void boundsDepthStringsAndTokens() {
    assertThatCode(() -> read("a1 6161" + "81".repeat(6) + "80", OpenRequest.builder()))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> read("a1 6161" + "81".repeat(7) + "80", OpenRequest.builder()))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("nesting depth");
    String longest = "a1 6161 792710" + "61".repeat(10_000);
    assertThatCode(() -> read(longest, OpenRequest.builder())).doesNotThrowAnyException();
    assertThatThrownBy(() -> read(longest.replace("2710", "2711") + "61", OpenRequest.builder()))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("String value length");
    // Start, name, start of list, 995 values, end of list, end.
    String most = "a1 6161 9903e3" + "00".repeat(995);
    assertThatCode(() -> read(most, OpenRequest.builder())).doesNotThrowAnyException();
    assertThatThrownBy(() -> read(most.replace("03e3", "03e4") + "00", OpenRequest.builder()))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("Token count");
  }

  @Test
  void writesWhatTheSdksRead() {
    Record record =
        Record.builder()
            .sequenceNumber("1")
            .approximateArrivalTimestamp(Instant.ofEpochMilli(1_700_000_000_123L))
            .data(SdkBytes.fromUtf8String("hi"))
            .build();
    assertThat(written(GetRecordsResponse.builder().records(record).millisBehindLatest(5L).build()))
        .isEqualTo(
            "bf"
                + "675265636f726473"
                + "81"
                + "bf"
                + "6e53657175656e63654e756d626572"
                + "6131"
                + "781b417070726f78696d6174654172726976616c54696d657374616d70"
                + "c11b0000018bcfe5687b"
                + "6444617461"
                + "426869"
                + "ff"
                + "724d696c6c6973426568696e644c6174657374"
                + "05"
                + "ff");
  }

  @Test
  void readsBackWhatItWrites() {
    GetShardIteratorRequest request =
        GetShardIteratorRequest.builder()
            .shardId("shardId-000000000000")
            .timestamp(Instant.ofEpochMilli(1_700_000_000_123L))
            .build();
    GetShardIteratorRequest.Builder again = GetShardIteratorRequest.builder();
    read(written(request), again);
    assertThat(again.build()).isEqualTo(request);
  }
}
