package io.millrace.ingest.signaling.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingest.signaling.SignalingServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelControlTest {
  @TempDir Path data;
  private SignalingServer server;

  @BeforeEach
  void open() throws Exception {
    server = SignalingServer.open(data, settings -> settings);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private JsonNode describe(String name) throws Exception {
    return server
        .call("describeSignalingChannel", "{'ChannelName':'" + name + "'}")
        .get("ChannelInfo");
  }

  @Test
  void describesWhatItCreated() throws Exception {
    String arn =
        server
            .call(
                "createSignalingChannel",
                "{'ChannelName':'door','ChannelType':'SINGLE_MASTER',"
                    + "'SingleMasterConfiguration':{'MessageTtlSeconds':5},"
                    + "'Tags':[{'Key':'site','Value':'north'}]}")
            .get("ChannelARN")
            .asText();
    assertThat(arn).matches("arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/[0-9]+");
    JsonNode info = describe("door");
    assertThat(info.get("ChannelName").asText()).isEqualTo("door");
    assertThat(info.get("ChannelARN").asText()).isEqualTo(arn);
    assertThat(info.get("ChannelType").asText()).isEqualTo("SINGLE_MASTER");
    assertThat(info.get("ChannelStatus").asText()).isEqualTo("ACTIVE");
    assertThat(info.get("SingleMasterConfiguration").get("MessageTtlSeconds").asInt()).isEqualTo(5);
    assertThat(info.get("Version").asText()).matches("[a-zA-Z0-9]{20}");
    assertThat(info.get("CreationTime").isNumber()).isTrue();
    assertThat(
            server
                .call("describeSignalingChannel", "{'ChannelARN':'" + arn + "'}")
                .get("ChannelInfo"))
        .isEqualTo(info);
    assertThat(tags(arn).get("site").asText()).isEqualTo("north");
  }

  private JsonNode tags(String arn) throws Exception {
    return server.call("ListTagsForResource", "{'ResourceARN':'" + arn + "'}").get("Tags");
  }

  @Test
  void messagesAreKeptForAMinuteUnlessAskedOtherwise() throws Exception {
    server.channel("door");
    assertThat(describe("door").get("SingleMasterConfiguration").get("MessageTtlSeconds").asInt())
        .isEqualTo(60);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "createSignalingChannel|{'ChannelName':'door'}|400 ResourceInUseException",
        "createSignalingChannel|{'ChannelName':'a b'}|400 InvalidArgumentException",
        "createSignalingChannel|{'ChannelName':'x','ChannelType':'FULL_MESH'}"
            + "|400 InvalidArgumentException",
        "createSignalingChannel|{'ChannelName':'x',"
            + "'SingleMasterConfiguration':{'MessageTtlSeconds':4}}|400 InvalidArgumentException",
        "createSignalingChannel|{'ChannelName':'x',"
            + "'SingleMasterConfiguration':{'MessageTtlSeconds':121}}|400 InvalidArgumentException",
        "createSignalingChannel|{'ChannelName':'x',"
            + "'Tags':[{'Key':'a','Value':'1'},{'Key':'a','Value':'2'}]}"
            + "|400 InvalidArgumentException",
        "describeSignalingChannel|{'ChannelName':'none'}|404 ResourceNotFoundException",
        "describeSignalingChannel|{}|400 InvalidArgumentException",
        "describeSignalingChannel|{'ChannelARN':'arn:aws:kinesisvideo:r:1:stream/c/5'}"
            + "|400 InvalidArgumentException",
        "describeSignalingChannel|{'ChannelARN':'arn:aws:kinesisvideo:r:1:channel/door/5'}"
            + "|404 ResourceNotFoundException",
        "describeSignalingChannel|{'ChannelName':'x',"
            + "'ChannelARN':'arn:aws:kinesisvideo:r:1:channel/door/5'}"
            + "|400 InvalidArgumentException",
        "updateSignalingChannel|{'ChannelARN':'arn:aws:kinesisvideo:r:1:channel/door/5',"
            + "'CurrentVersion':'A','SingleMasterConfiguration':{'MessageTtlSeconds':6}}"
            + "|404 ResourceNotFoundException",
        "deleteSignalingChannel|{'ChannelName':'door'}|400 InvalidArgumentException",
        "listSignalingChannels|{'MaxResults':0}|400 InvalidArgumentException",
        "listSignalingChannels|{'MaxResults':10001}|400 InvalidArgumentException",
        "listSignalingChannels|{'NextToken':'AAAA'}|400 InvalidArgumentException",
        "TagResource|{'ResourceARN':'arn:aws:kinesisvideo:r:1:channel/none/5',"
            + "'Tags':[{'Key':'a','Value':'b'}]}|404 ResourceNotFoundException",
        "UntagResource|{'ResourceARN':'arn:aws:kinesisvideo:r:1:channel/none/5',"
            + "'TagKeyList':['a']}|404 ResourceNotFoundException",
        "ListTagsForResource|{'ResourceARN':'arn:aws:kinesisvideo:r:1:channel/none/5'}"
            + "|404 ResourceNotFoundException",
        "ListTagsForResource|{'NextToken':'AAAA',"
            + "'ResourceARN':'arn:aws:kinesisvideo:r:1:channel/none/5'}"
            + "|400 InvalidArgumentException",
      })
  void refuses(String operation, String json, String expected) throws Exception {
    server.channel("door");
    assertThat(server.refusal(operation, json)).startsWith(expected);
  }

  @Test
  void changesAreGuardedByTheVersion() throws Exception {
    String arn = server.channel("door");
    String version = describe("door").get("Version").asText();
    String change =
        "{'ChannelARN':'%s','CurrentVersion':'%s','SingleMasterConfiguration':{'MessageTtlSeconds':120}}"
            .formatted(arn, version);
    assertThat(server.call("updateSignalingChannel", change)).isEmpty();
    JsonNode info = describe("door");
    assertThat(info.get("SingleMasterConfiguration").get("MessageTtlSeconds").asInt())
        .isEqualTo(120);
    assertThat(info.get("Version").asText()).isNotEqualTo(version);
    assertThat(server.refusal("updateSignalingChannel", change))
        .startsWith("400 VersionMismatchException");
    assertThat(
            server.refusal(
                "updateSignalingChannel",
                "{'ChannelARN':'%s','CurrentVersion':'%s'}".formatted(arn, version)))
        .startsWith("400 InvalidArgumentException");
    assertThat(
            server.refusal(
                "deleteSignalingChannel",
                "{'ChannelARN':'%s','CurrentVersion':'%s'}".formatted(arn, version)))
        .startsWith("400 VersionMismatchException");
    assertThat(
            server.call(
                "deleteSignalingChannel",
                "{'ChannelARN':'%s','CurrentVersion':'%s'}"
                    .formatted(arn, info.get("Version").asText())))
        .isEmpty();
    assertThat(server.refusal("describeSignalingChannel", "{'ChannelName':'door'}"))
        .startsWith("404");
  }

  @Test
  void aChannelMadeAgainIsAnotherOne() throws Exception {
    String first = server.channel("door");
    server.call("deleteSignalingChannel", "{'ChannelARN':'" + first + "'}");
    assertThat(server.channel("door")).isNotEqualTo(first);
    assertThat(server.refusal("describeSignalingChannel", "{'ChannelARN':'" + first + "'}"))
        .startsWith("404");
  }

  @Test
  void listsByPage() throws Exception {
    for (String name : List.of("b2", "a1", "b1", "b3", "c1")) {
      server.channel(name);
    }
    String condition =
        "'ChannelNameCondition':{'ComparisonOperator':'BEGINS_WITH','ComparisonValue':'b'}";
    JsonNode first = server.call("listSignalingChannels", "{'MaxResults':2," + condition + "}");
    assertThat(names(first)).containsExactly("b1", "b2");
    String token = first.get("NextToken").asText();
    JsonNode rest = server.call("listSignalingChannels", "{'NextToken':'" + token + "'}");
    assertThat(names(rest)).containsExactly("b3");
    assertThat(rest.has("NextToken")).isFalse();
    assertThat(
            server.refusal(
                "listSignalingChannels",
                "{'NextToken':'" + token + "'," + condition.replace("'b'", "'a'") + "}"))
        .startsWith("400 InvalidArgumentException");
    assertThat(names(server.call("listSignalingChannels", "{'MaxResults':5}")))
        .containsExactly("a1", "b1", "b2", "b3", "c1");
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.get("ChannelInfoList").forEach(info -> names.add(info.get("ChannelName").asText()));
    return names;
  }

  @Test
  void tagsAreReplacedRemovedAndBounded() throws Exception {
    String arn = server.channel("door");
    StringBuilder fifty = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      fifty.append(i == 0 ? "" : ",").append("{'Key':'k%d','Value':'v'}".formatted(i));
    }
    String resource = "{'ResourceARN':'" + arn + "',";
    server.call("TagResource", resource + "'Tags':[" + fifty + "]}");
    server.call("TagResource", resource + "'Tags':[{'Key':'k7','Value':'new'}]}");
    assertThat(server.refusal("TagResource", resource + "'Tags':[{'Key':'one','Value':'more'}]}"))
        .startsWith("400 TagsPerResourceExceededLimitException");
    server.call("UntagResource", resource + "'TagKeyList':['k0','none']}");
    assertThat(tags(arn)).hasSize(49);
    assertThat(tags(arn).get("k7").asText()).isEqualTo("new");
  }

  @Test
  void theServerHasAMostOfChannels() throws Exception {
    server.close();
    server = SignalingServer.open(data, settings -> settings.withMaxChannels(2));
    server.channel("one");
    server.channel("two");
    assertThat(server.refusal("createSignalingChannel", "{'ChannelName':'three'}"))
        .startsWith("400 AccountChannelLimitExceededException");
  }

  @Test
  void survivesARestart() throws Exception {
    server.channel("door");
    JsonNode before = describe("door");
    server.close();
    server = SignalingServer.open(data, settings -> settings);
    assertThat(describe("door")).isEqualTo(before);
  }
}
