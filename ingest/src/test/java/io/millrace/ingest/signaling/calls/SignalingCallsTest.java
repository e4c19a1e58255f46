package io.millrace.ingest.signaling.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingest.signaling.SignalingServer;
import io.millrace.ingest.signaling.TestPeer;
import io.millrace.ingest.webrtc.ice.TurnSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalingCallsTest {
  @TempDir Path data;
  private SignalingServer server;
  private String channel;

  @BeforeEach
  void open() throws Exception {
    List<String> urls = IntStream.range(0, 5).mapToObj(i -> "turn:turn.example:" + i).toList();
    server =
        SignalingServer.open(
            data,
            settings -> settings.withTurn(new TurnSettings(urls, "key", Duration.ofMinutes(5))));
    channel = server.channel("door");
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private JsonNode servers(String more) throws Exception {
    return server
        .call("v1/get-ice-server-config", "{'ChannelARN':'" + channel + "'" + more + "}")
        .get("IceServerList");
  }

  @Test
  void credentialsAreThoseThatTheTurnServerComputes() throws Exception {
    JsonNode servers = servers(",'ClientId':'v1','Service':'TURN'");
    assertThat(servers).hasSize(2);
    JsonNode first = servers.get(0);
    assertThat(first.get("Uris")).hasSize(4);
    assertThat(servers.get(1).get("Uris").get(0).asText()).isEqualTo("turn:turn.example:4");
    assertThat(first.get("Ttl").asInt()).isEqualTo(300);
    String username = first.get("Username").asText();
    assertThat(username).endsWith(":v1");
    assertThat(Long.parseLong(username.substring(0, username.indexOf(':'))))
        .isBetween(Instant.now().getEpochSecond() + 290, Instant.now().getEpochSecond() + 300);
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec("key".getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    assertThat(first.get("Password").asText())
        .isEqualTo(
            Base64.getEncoder()
                .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8))));
    assertThat(servers("").get(0).get("Username").asText()).endsWith(":master");
    assertThat(servers(",'Username':'me'").get(0).get("Username").asText()).endsWith(":me");
  }

  @Test
  void withoutATurnServerTheListIsEmpty() throws Exception {
    server.close();
    server = SignalingServer.open(data, settings -> settings);
    assertThat(servers("")).isEmpty();
  }

  @Test
  void callsHaveARate() throws Exception {
    String call = "{'ChannelARN':'" + channel + "'}";
    for (int i = 0; i < 5; i++) {
      server.call("v1/get-ice-server-config", call);
    }
    // On a slow machine the rate may have allowed some more meanwhile; not ten times as many.
    List<CompletableFuture<String>> more =
        IntStream.range(0, 50)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> iceServers(call)))
            .toList();
    assertThat(more.stream().map(CompletableFuture::join))
        .anySatisfy(refused -> assertThat(refused).startsWith("400 ClientLimitExceededException"));
    assertThat(
            server.refusal(
                "v1/get-ice-server-config",
                "{'ChannelARN':'arn:aws:kinesisvideo:r:1:channel/none/5'}"))
        .startsWith("404 ResourceNotFoundException");
  }

  /** The refusal, or that there was none. */
  private String iceServers(String call) {
    try {
      return server.refusal("v1/get-ice-server-config", call);
    } catch (AssertionError allowed) {
      return "allowed";
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private CompletableFuture<String> offer(String sender) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return server
                .call(
                    "v1/send-alexa-offer-to-master",
                    "{'ChannelARN':'%s','SenderClientId':'%s','MessagePayload':'b2ZmZXI='}"
                        .formatted(channel, sender))
                .get("Answer")
                .asText();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void anOfferWithoutASocketIsAnsweredByTheMaster() throws Exception {
    CompletableFuture<String> early = offer("alexa-1");
    TestPeer.viewer(server, channel, "v1")
        .send("{'action':'ICE_CANDIDATE','messagePayload':'eA=='}");
    TestPeer master = TestPeer.master(server, channel);
    for (String message = master.message();
        !message.equals("SDP_OFFER alexa-1 b2ZmZXI=");
        message = master.message()) {
      assertThat(message).startsWith("ICE_CANDIDATE v1");
    }
    master.send("{'action':'ICE_CANDIDATE','recipientClientId':'alexa-1','messagePayload':'eA=='}");
    master.send("{'action':'SDP_ANSWER','recipientClientId':'alexa-1','messagePayload':'YW5z'}");
    assertThat(early.get()).isEqualTo("YW5z");
    master.send("SDP_ANSWER", "alexa-1", "YW5z", "late");
    for (JsonNode next = master.next(); ; next = master.next()) {
      if (next.get("messageType").asText().equals("STATUS_RESPONSE")) {
        assertThat(next.at("/statusResponse/errorType").asText())
            .isEqualTo("ResourceNotFoundException");
        break;
      }
    }
  }

  @Test
  void anOfferThatNobodyAnswersFailsInTime() throws Exception {
    String brief =
        server
            .call(
                "createSignalingChannel",
                "{'ChannelName':'brief','SingleMasterConfiguration':{'MessageTtlSeconds':5}}")
            .get("ChannelARN")
            .asText();
    assertThat(
            server.refusal(
                "v1/send-alexa-offer-to-master",
                "{'ChannelARN':'%s','SenderClientId':'a','MessagePayload':'eA=='}"
                    .formatted(brief)))
        .startsWith("404 ResourceNotFoundException: No master answered within 5 s");
    assertThat(
            server.refusal(
                "v1/send-alexa-offer-to-master",
                "{'ChannelARN':'%s','SenderClientId':'a','MessagePayload':'%s'}"
                    .formatted(channel, "a".repeat(10_001))))
        .startsWith("400 InvalidArgumentException");
  }
}
