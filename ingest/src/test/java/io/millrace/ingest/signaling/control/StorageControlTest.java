package io.millrace.ingest.signaling.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingest.signaling.SignalingServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageControlTest {
  @TempDir Path data;
  private SignalingServer server;
  private String channel;
  private String stream;

  @BeforeEach
  void open() throws Exception {
    server = SignalingServer.open(data, settings -> settings);
    channel = server.channel("door");
    stream = server.stream("archive", 2);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static String configuration(String channel, String status, String stream) {
    return "{'ChannelARN':'%s','MediaStorageConfiguration':{'Status':'%s'%s}}"
        .formatted(channel, status, stream.isEmpty() ? "" : ",'StreamARN':'" + stream + "'");
  }

  private void store(String channel, String status, String stream) throws Exception {
    assertThat(
            server.call("updateMediaStorageConfiguration", configuration(channel, status, stream)))
        .isEmpty();
  }

  private String refusal(String channel, String status, String stream) throws Exception {
    return server.refusal(
        "updateMediaStorageConfiguration", configuration(channel, status, stream));
  }

  private JsonNode storage() throws Exception {
    return server
        .call("describeMediaStorageConfiguration", "{'ChannelName':'door'}")
        .get("MediaStorageConfiguration");
  }

  private JsonNode mapped() throws Exception {
    return server
        .call("describeMappedResourceConfiguration", "{'StreamName':'archive'}")
        .get("MappedResourceConfigurationList");
  }

  @Test
  void aChannelAndAStreamAreTiedBothWays() throws Exception {
    assertThat(storage().get("Status").asText()).isEqualTo("DISABLED");
    assertThat(storage().has("StreamARN")).isFalse();
    assertThat(mapped()).isEmpty();
    store(channel, "ENABLED", stream);
    store(channel, "ENABLED", stream);
    assertThat(storage().get("Status").asText()).isEqualTo("ENABLED");
    assertThat(storage().get("StreamARN").asText()).isEqualTo(stream);
    assertThat(mapped().get(0).get("ARN").asText()).isEqualTo(channel);
    assertThat(mapped().get(0).get("Type").asText()).isEqualTo("SIGNALING_CHANNEL");
    store(channel, "DISABLED", "");
    assertThat(storage().get("Status").asText()).isEqualTo("DISABLED");
    assertThat(mapped()).isEmpty();
  }

  @Test
  void oneChannelHasOneStreamAndOneStreamOneChannel() throws Exception {
    String other = server.stream("other", 1);
    String second = server.channel("yard");
    store(channel, "ENABLED", stream);
    assertThat(refusal(channel, "ENABLED", other)).startsWith("400 ResourceInUseException");
    assertThat(refusal(second, "ENABLED", stream)).startsWith("400 ResourceInUseException");
    store(second, "ENABLED", other);
    store(channel, "DISABLED", "");
    store(second, "DISABLED", "");
    store(second, "ENABLED", stream);
  }

  @Test
  void refusesStreamsThatCannotStore() throws Exception {
    assertThat(refusal(channel, "ENABLED", "")).startsWith("400 InvalidArgumentException");
    assertThat(refusal(channel, "ENABLED", server.stream("live", 0)))
        .startsWith("400 NoDataRetentionException");
    assertThat(refusal(channel, "ENABLED", "arn:aws:kinesisvideo:r:1:stream/none/5"))
        .startsWith("404 ResourceNotFoundException");
    assertThat(refusal("arn:aws:kinesisvideo:r:1:channel/none/5", "DISABLED", ""))
        .startsWith("404 ResourceNotFoundException");
    assertThat(refusal(channel, "OTHER", "")).startsWith("400 InvalidArgumentException");
  }

  @Test
  void aDeletedChannelSetsItsStreamFree() throws Exception {
    store(channel, "ENABLED", stream);
    server.call("deleteSignalingChannel", "{'ChannelARN':'" + channel + "'}");
    assertThat(mapped()).isEmpty();
    store(server.channel("door"), "ENABLED", stream);
  }

  @Test
  void aDeletedStreamSetsItsChannelFree() throws Exception {
    store(channel, "ENABLED", stream);
    server.call("deleteStream", "{'StreamARN':'" + stream + "'}");
    assertThat(storage().get("Status").asText()).isEqualTo("DISABLED");
    store(channel, "ENABLED", server.stream("archive", 2));
  }

  private String endpoints(String protocols, String role) throws Exception {
    StringBuilder found = new StringBuilder();
    server
        .call(
            "getSignalingChannelEndpoint",
            "{'ChannelARN':'%s','SingleMasterChannelEndpointConfiguration':{'Protocols':[%s],'Role':'%s'}}"
                .formatted(channel, protocols, role))
        .get("ResourceEndpointList")
        .forEach(
            item ->
                found.append(
                    item.get("Protocol").asText()
                        + "="
                        + item.get("ResourceEndpoint").asText()
                        + " "));
    return found.toString().strip();
  }

  @Test
  void endpointsAreForARole() throws Exception {
    assertThat(endpoints("'WSS','HTTPS'", "MASTER"))
        .isEqualTo("WSS=wss://media.example/signaling/master HTTPS=https://media.example");
    assertThat(endpoints("'WSS'", "VIEWER")).isEqualTo("WSS=wss://media.example/signaling/viewer");
    assertThat(
            server.refusal(
                "getSignalingChannelEndpoint",
                "{'ChannelARN':'%s','SingleMasterChannelEndpointConfiguration':{'Protocols':['WEBRTC']}}"
                    .formatted(channel)))
        .startsWith("400 InvalidArgumentException");
    store(channel, "ENABLED", stream);
    assertThat(endpoints("'WEBRTC'", "MASTER")).isEqualTo("WEBRTC=https://media.example");
    assertThat(
            server.refusal(
                "getSignalingChannelEndpoint",
                "{'ChannelARN':'arn:aws:kinesisvideo:r:1:channel/none/5'}"))
        .startsWith("404");
  }
}
