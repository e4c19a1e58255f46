package io.millrace.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ingest.IngestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamControlTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path data;
  private IngestServer server;

  @BeforeEach
  void open() throws Exception {
    server = IngestServer.open(data);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  /** Posts JSON written with single quotes and expects success. */
  private JsonNode call(String operation, String json) throws Exception {
    HttpResponse<String> answer = server.post("/" + operation, json.replace('\'', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** Status, error type and message of a refusal. */
  private String refusal(String operation, String json) throws Exception {
    HttpResponse<String> answer = server.post("/" + operation, json.replace('\'', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
    return answer.statusCode()
        + " "
        + answer.headers().firstValue("x-amzn-ErrorType").orElseThrow()
        + ": "
        + JSON.readTree(answer.body()).get("Message").asText();
  }

  private JsonNode describe(String name) throws Exception {
    return call("describeStream", "{'StreamName':'" + name + "'}").get("StreamInfo");
  }

  @Test
  void describesWhatItCreated() throws Exception {
    JsonNode made =
        call(
            "createStream",
            """
            {'StreamName':'cam','DataRetentionInHours':2,'DeviceName':'d1',
             'MediaType':'video/h264','Tags':{'site':'north'}}""");
    String arn = made.get("StreamARN").asText();
    assertThat(arn).matches("arn:aws:kinesisvideo:us-east-1:000000000000:stream/cam/\\d{13}");
    JsonNode info = describe("cam");
    assertThat(info.get("StreamARN").asText()).isEqualTo(arn);
    assertThat(info.get("Status").asText()).isEqualTo("ACTIVE");
    assertThat(info.get("Version").asText()).matches("[a-zA-Z0-9]{20}");
    assertThat(info.get("DataRetentionInHours").asInt()).isEqualTo(2);
    assertThat(info.get("DeviceName").asText()).isEqualTo("d1");
    assertThat(info.get("MediaType").asText()).isEqualTo("video/h264");
    assertThat(info.get("KmsKeyId").asText())
        .isEqualTo("arn:aws:kms:us-east-1:000000000000:alias/aws/kinesisvideo");
    assertThat(info.get("CreationTime").decimalValue().movePointRight(3).longValueExact())
        .isEqualTo(Long.parseLong(arn.substring(arn.lastIndexOf('/') + 1)));
    assertThat(call("describeStream", "{'StreamARN':'" + arn + "'}").get("StreamInfo"))
        .isEqualTo(info);
    assertThat(call("listTagsForStream", "{'StreamName':'cam'}").get("Tags").get("site").asText())
        .isEqualTo("north");
  }

  @Test
  void createsWithDefaults() throws Exception {
    call("createStream", "{'StreamName':'bare'}");
    JsonNode info = describe("bare");
    assertThat(info.get("DataRetentionInHours").asInt()).isZero();
    assertThat(info.has("DeviceName")).isFalse();
    assertThat(info.has("MediaType")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "createStream|{'StreamName':'cam'}|400 ResourceInUseException",
        "createStream|{'StreamName':'x','DataRetentionInHours':87601}|400 InvalidArgumentException",
        "createStream|{'StreamName':'x','DataRetentionInHours':-1}|400 InvalidArgumentException",
        "createStream|{'StreamName':'x','MediaType':'video'}|400 InvalidArgumentException",
        "describeStream|{'StreamName':'none'}|404 ResourceNotFoundException",
        "describeStream|{}|400 InvalidArgumentException",
        "describeStream|{'StreamARN':'arn:aws:kinesisvideo:r:1:channel/c/5'}"
            + "|400 InvalidArgumentException",
        "describeStream|{'StreamARN':'arn:aws:kinesisvideo:r:1:stream/cam/5'}"
            + "|404 ResourceNotFoundException",
        "describeStream|{'StreamName':'x','StreamARN':'arn:aws:kinesisvideo:r:1:stream/cam/5'}"
            + "|400 InvalidArgumentException",
        "updateStream|{'StreamName':'cam','CurrentVersion':'OLD'}|400 VersionMismatchException",
        "updateStream|{'StreamName':'cam'}|400 InvalidArgumentException",
        "updateStream|{'StreamName':'none','CurrentVersion':'A'}|404 ResourceNotFoundException",
        "deleteStream|{'StreamName':'cam'}|400 InvalidArgumentException",
        "deleteStream|{'StreamARN':'arn:aws:kinesisvideo:r:1:stream/cam/5'}"
            + "|404 ResourceNotFoundException",
        "getDataEndpoint|{'StreamName':'none','APIName':'PUT_MEDIA'}|404 ResourceNotFoundException",
        "getDataEndpoint|{'StreamName':'cam','APIName':'OTHER'}|400 InvalidArgumentException",
        "getDataEndpoint|{'StreamName':'cam'}|400 InvalidArgumentException",
        "tagStream|{'StreamARN':'arn:aws:kinesisvideo:r:1:channel/c/5','Tags':{'a':'b'}}"
            + "|400 InvalidResourceFormatException",
        "tagStream|{'StreamName':'none','Tags':{'a':'b'}}|404 ResourceNotFoundException",
        "untagStream|{'StreamName':'cam'}|400 InvalidArgumentException",
        "listTagsForStream|{'StreamName':'cam','NextToken':'AAAA'}|400 InvalidArgumentException",
        "listStreams|{'MaxResults':0}|400 InvalidArgumentException",
        "listStreams|{'NextToken':'AAAA'}|400 InvalidArgumentException",
      })
  void refuses(String operation, String json, String expected) throws Exception {
    call("createStream", "{'StreamName':'cam'}");
    assertThat(refusal(operation, json)).startsWith(expected);
  }

  @Test
  void changesAreGuardedByTheVersion() throws Exception {
    call("createStream", "{'StreamName':'cam','DeviceName':'d1'}");
    String version = describe("cam").get("Version").asText();
    String change =
        "{'StreamName':'cam','CurrentVersion':'%s','MediaType':'video/h265'}".formatted(version);
    assertThat(call("updateStream", change)).isEmpty();
    JsonNode info = describe("cam");
    assertThat(info.get("MediaType").asText()).isEqualTo("video/h265");
    assertThat(info.get("DeviceName").asText()).isEqualTo("d1");
    assertThat(info.get("Version").asText()).isNotEqualTo(version);
    assertThat(refusal("updateStream", change)).startsWith("400 VersionMismatchException");
  }

  private void changeRetention(String operation, int hours) throws Exception {
    call("updateDataRetention", retentionChange(operation, hours));
  }

  private String retentionChange(String operation, int hours) throws Exception {
    return "{'StreamName':'cam','CurrentVersion':'%s','Operation':'%s_DATA_RETENTION',"
            .formatted(describe("cam").get("Version").asText(), operation)
        + "'DataRetentionChangeInHours':%d}".formatted(hours);
  }

  @Test
  void retentionStaysWithinItsBounds() throws Exception {
    call("createStream", "{'StreamName':'cam','DataRetentionInHours':10}");
    changeRetention("INCREASE", 87_590);
    assertThat(describe("cam").get("DataRetentionInHours").asInt()).isEqualTo(87_600);
    assertThat(refusal("updateDataRetention", retentionChange("INCREASE", 1)))
        .startsWith("400 InvalidArgumentException: A retention of 87601 hours");
    changeRetention("DECREASE", 87_600);
    assertThat(describe("cam").get("DataRetentionInHours").asInt()).isZero();
    assertThat(refusal("updateDataRetention", retentionChange("DECREASE", 1)))
        .startsWith("400 InvalidArgumentException");
  }

  @Test
  void anArnNamesOneLifeOfAStream() throws Exception {
    String first = call("createStream", "{'StreamName':'cam'}").get("StreamARN").asText();
    assertThat(refusal("deleteStream", "{'StreamARN':'" + first + "','CurrentVersion':'WRONG'}"))
        .startsWith("400 VersionMismatchException");
    assertThat(call("deleteStream", "{'StreamARN':'" + first + "'}")).isEmpty();
    assertThat(refusal("describeStream", "{'StreamName':'cam'}")).startsWith("404");
    String second = call("createStream", "{'StreamName':'cam'}").get("StreamARN").asText();
    assertThat(second).isNotEqualTo(first);
    assertThat(refusal("describeStream", "{'StreamARN':'" + first + "'}")).startsWith("404");
  }

  @Test
  void listsByPage() throws Exception {
    for (String name : List.of("b2", "a1", "b1", "b3", "c1")) {
      call("createStream", "{'StreamName':'" + name + "'}");
    }
    String condition =
        "'StreamNameCondition':{'ComparisonOperator':'BEGINS_WITH','ComparisonValue':'b'}";
    JsonNode first = call("listStreams", "{'MaxResults':2," + condition + "}");
    assertThat(names(first)).containsExactly("b1", "b2");
    String token = first.get("NextToken").asText();
    JsonNode rest = call("listStreams", "{'NextToken':'" + token + "'}");
    assertThat(names(rest)).containsExactly("b3");
    assertThat(rest.has("NextToken")).isFalse();
    assertThat(
            refusal(
                "listStreams",
                "{'NextToken':'" + token + "'," + condition.replace("'b'", "'a'") + "}"))
        .startsWith("400 InvalidArgumentException");
    assertThat(names(call("listStreams", "{'MaxResults':5}")))
        .containsExactly("a1", "b1", "b2", "b3", "c1");
    assertThat(call("listStreams", "{'MaxResults':5}").has("NextToken")).isFalse();
    assertThat(names(call("listStreams", ""))).hasSize(5);
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.get("StreamInfoList").forEach(info -> names.add(info.get("StreamName").asText()));
    return names;
  }

  @Test
  void tagsAreReplacedRemovedAndBounded() throws Exception {
    call("createStream", "{'StreamName':'cam'}");
    StringBuilder fifty = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      fifty.append(i == 0 ? "" : ",").append("'k%d':'v'".formatted(i));
    }
    call("tagStream", "{'StreamName':'cam','Tags':{" + fifty + "}}");
    call("tagStream", "{'StreamName':'cam','Tags':{'k7':'new'}}");
    assertThat(refusal("tagStream", "{'StreamName':'cam','Tags':{'one':'more'}}"))
        .startsWith("400 TagsPerResourceExceededLimitException");
    call("untagStream", "{'StreamName':'cam','TagKeyList':['k0','none']}");
    JsonNode tags = call("listTagsForStream", "{'StreamName':'cam'}").get("Tags");
    assertThat(tags).hasSize(49);
    assertThat(tags.get("k7").asText()).isEqualTo("new");
  }

  @Test
  void endpointsComeFromTheSettingAndNotFromTheHost() throws Exception {
    call("createStream", "{'StreamName':'cam'}");
    assertThat(
            call("getDataEndpoint", "{'StreamName':'cam','APIName':'PUT_MEDIA'}")
                .get("DataEndpoint")
                .asText())
        .isEqualTo("http://media.example:8080");
  }

  @Test
  void survivesARestart() throws Exception {
    call("createStream", "{'StreamName':'cam','Tags':{'a':'b'}}");
    JsonNode before = describe("cam");
    server.close();
    open();
    assertThat(describe("cam")).isEqualTo(before);
  }
}
