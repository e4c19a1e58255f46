package io.millrace.ingest.signaling.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingest.signaling.SignalingServer;
import io.millrace.ingest.signaling.TestPeer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayTest {
  @TempDir Path data;
  private SignalingServer server;
  private String channel;

  @BeforeEach
  void open() throws Exception {
    open(limits -> limits.withRates(0, 0, 0, 0));
  }

  private void open(UnaryOperator<RelaySettings> change) throws Exception {
    if (server != null) {
      server.close();
    }
    server =
        SignalingServer.open(
            data, settings -> settings.withRelay(change.apply(RelaySettings.defaults())));
    channel =
        server
            .call("listSignalingChannels", "{}")
            .get("ChannelInfoList")
            .path(0)
            .path("ChannelARN")
            .asText();
    if (channel.isEmpty()) {
      channel = server.channel("door");
    }
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private SignalingMetrics metrics() {
    return server.signaling.metrics();
  }

  @Test
  void messagesGoBetweenMasterAndViewers() throws Exception {
    TestPeer master = TestPeer.master(server, channel);
    TestPeer first = TestPeer.viewer(server, channel, "v1");
    TestPeer second = TestPeer.viewer(server, channel, "v2");
    first.send("{'action':'SDP_OFFER','messagePayload':'b2ZmZXI='}");
    assertThat(master.message()).isEqualTo("SDP_OFFER v1 b2ZmZXI=");
    second.send("{'action':'ICE_CANDIDATE','messagePayload':'Y2FuZA=='}");
    assertThat(master.message()).isEqualTo("ICE_CANDIDATE v2 Y2FuZA==");
    master.send(
        "{'action':'SDP_ANSWER','recipientClientId':'v1','messagePayload':'YW5zd2Vy',"
            + "'correlationId':'c1'}");
    assertThat(first.message()).isEqualTo("SDP_ANSWER - YW5zd2Vy");
    master.send("{'action':'ICE_CANDIDATE','recipientClientId':'v2','messagePayload':'bTI='}");
    assertThat(second.message()).isEqualTo("ICE_CANDIDATE - bTI=");
    assertThat(master.rest()).isEmpty();
    assertThat(first.rest()).isEmpty();
    assertThat(metrics().relayedMessages.sum()).isEqualTo(4);
    assertThat(master.socket.subProtocol()).isEqualTo("wss");
  }

  @Test
  void namesOfMembersAreTakenInAnyCaseAndOthersAreNotLookedAt() throws Exception {
    TestPeer master = TestPeer.master(server, channel);
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    viewer.send(
        "{'action':'SDP_OFFER','RecipientClientId':'','MessagePayload':'eA==','CorrelationId':'',"
            + "'IceServerList':[{'Password':'p','Ttl':3,'Uris':['turn:x'],'Username':'u'}]}");
    assertThat(master.message()).isEqualTo("SDP_OFFER v1 eA==");
    master.send("{'action':'SDP_ANSWER','RecipientClientId':'v1','MessagePayload':'eQ=='}");
    assertThat(viewer.message()).isEqualTo("SDP_ANSWER - eQ==");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'action':'DANCE','messagePayload':'eA==','correlationId':'c'}",
        "{'messagePayload':'eA==','correlationId':'c'}",
        "{'action':'SDP_OFFER','correlationId':'c'}",
        "{'action':'SDP_OFFER','messagePayload':'','correlationId':'c'}",
        "{'action':'SDP_OFFER','messagePayload':'{}','correlationId':'c'}",
        "{'action':'SDP_OFFER','recipientClientId':'a b','messagePayload':'eA==','correlationId':'c'}",
      })
  void whatCannotBeTakenIsToldToThoseWhoAsk(String message) throws Exception {
    TestPeer master = TestPeer.master(server, channel);
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    viewer.send(message);
    assertThat(viewer.status()).isEqualTo("c InvalidArgumentException 400");
    viewer.send(message.replace(",'correlationId':'c'", ""));
    viewer.send("{'action':'SDP_OFFER','messagePayload':'eA=='}");
    assertThat(master.message()).isEqualTo("SDP_OFFER v1 eA==");
    assertThat(viewer.rest()).isEmpty();
    assertThat(metrics().refusedMessages.sum()).isEqualTo(2);
  }

  @Test
  void aMasterMustNameAViewerThatIsThere() throws Exception {
    TestPeer master = TestPeer.master(server, channel);
    master.send("SDP_ANSWER", "", "eA==", "c1");
    assertThat(master.status()).isEqualTo("c1 InvalidArgumentException 400");
    master.send("SDP_ANSWER", "nobody", "eA==", "c2");
    assertThat(master.status()).isEqualTo("c2 ResourceNotFoundException 404");
  }

  @Test
  void payloadsAreBounded() throws Exception {
    TestPeer master = TestPeer.master(server, channel);
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    viewer.send("SDP_OFFER", "", "a".repeat(10_000), "most");
    assertThat(master.message()).endsWith("a".repeat(10_000));
    viewer.send("SDP_OFFER", "", "a".repeat(10_001), "more");
    assertThat(viewer.status()).isEqualTo("more InvalidArgumentException 400");
  }

  @Test
  void aMessageBeyondTheListenersLimitEndsTheConnection() throws Exception {
    TestPeer master = TestPeer.master(server, channel);
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    viewer.send(" ".repeat((64 << 10) - 2) + "{}");
    viewer.send("{'action':'SDP_OFFER','messagePayload':'eA=='}");
    assertThat(master.message()).isEqualTo("SDP_OFFER v1 eA==");
    viewer.send(" ".repeat((64 << 10) - 1) + "{}");
    viewer.closeCode();
    TestPeer.viewer(server, channel, "v1").send("{'action':'SDP_OFFER','messagePayload':'eQ=='}");
    assertThat(master.message()).isEqualTo("SDP_OFFER v1 eQ==");
  }

  @Test
  void messagesToAnAbsentMasterWait() throws Exception {
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    viewer.send("{'action':'SDP_OFFER','messagePayload':'b2xk'}");
    viewer.send("{'action':'ICE_CANDIDATE','messagePayload':'aTE='}");
    viewer.send("{'action':'SDP_OFFER','messagePayload':'bmV3'}");
    viewer.send("{'action':'ICE_CANDIDATE','messagePayload':'aTI='}");
    await().until(() -> metrics().keptMessages.sum() == 4);
    TestPeer master = TestPeer.master(server, channel);
    assertThat(master.message()).isEqualTo("ICE_CANDIDATE v1 aTE=");
    assertThat(master.message()).isEqualTo("SDP_OFFER v1 bmV3");
    assertThat(master.message()).isEqualTo("ICE_CANDIDATE v1 aTI=");
    master.close();
    await().until(() -> metrics().masters.sum() == 0);
    TestPeer next = TestPeer.master(server, channel);
    viewer.send("{'action':'ICE_CANDIDATE','messagePayload':'aTM='}");
    assertThat(next.message()).isEqualTo("ICE_CANDIDATE v1 aTM=");
    assertThat(next.rest()).isEmpty();
  }

  @Test
  void whatWaitsIsBounded() throws Exception {
    open(limits -> limits.withRates(0, 0, 0, 0).withMemory(100, 3, 1 << 20, 1 << 20));
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    for (int i = 0; i < 4; i++) {
      viewer.send("ICE_CANDIDATE", "", "eA==", "c" + i);
    }
    assertThat(viewer.status()).isEqualTo("c3 ClientLimitExceededException 400");
    assertThat(metrics().keptMessages.sum()).isEqualTo(3);

    open(limits -> limits.withRates(0, 0, 0, 0).withMemory(100, 100, 4000, 1 << 20));
    viewer = TestPeer.viewer(server, channel, "v1");
    viewer.send("SDP_OFFER", "", "a".repeat(3870), "fits");
    viewer.send("ICE_CANDIDATE", "", "a", "more");
    assertThat(viewer.status()).isEqualTo("more ClientLimitExceededException 400");
    TestPeer master = TestPeer.master(server, channel);
    assertThat(master.message()).startsWith("SDP_OFFER v1 aaa");
  }

  @Test
  void aNewMasterReplacesTheFormer() throws Exception {
    TestPeer former = TestPeer.master(server, channel);
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    TestPeer master = TestPeer.master(server, channel);
    assertThat(former.closeCode()).isEqualTo(1000);
    viewer.send("{'action':'SDP_OFFER','messagePayload':'eA=='}");
    assertThat(master.message()).isEqualTo("SDP_OFFER v1 eA==");
    assertThat(metrics().replacedMasters.sum()).isEqualTo(1);
    await().until(() -> metrics().masters.sum() == 1);
  }

  @Test
  void viewersAreCountedByName() throws Exception {
    open(limits -> limits.withRates(0, 0, 0, 0).withConnections(100, 10));
    List<TestPeer> viewers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      viewers.add(TestPeer.viewer(server, channel, "v" + i));
    }
    assertThatThrownBy(() -> TestPeer.viewer(server, channel, "one-more"))
        .satisfies(RelayTest::isRefusedWith400);
    TestPeer again = TestPeer.viewer(server, channel, "v3");
    assertThat(viewers.get(3).closeCode()).isEqualTo(1000);
    viewers.get(4).close();
    await().until(() -> metrics().viewers.sum() == 9);
    TestPeer.viewer(server, channel, "one-more");
    TestPeer master = TestPeer.master(server, channel);
    master.send("{'action':'SDP_OFFER','recipientClientId':'v3','messagePayload':'eA=='}");
    assertThat(again.message()).isEqualTo("SDP_OFFER - eA==");
  }

  private static void isRefusedWith400(Throwable thrown) {
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    assertThat(thrown.getCause())
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> {
              assertThat(refused.getStatus()).isEqualTo(400);
              assertThat(refused.getHeaders().get("x-amzn-ErrorType"))
                  .isEqualTo("ClientLimitExceededException");
            });
  }

  @Test
  void theServerHasAMostOfConnections() throws Exception {
    open(limits -> limits.withRates(0, 0, 0, 0).withConnections(2, 10));
    TestPeer.master(server, channel);
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    assertThatThrownBy(() -> TestPeer.viewer(server, channel, "v2"))
        .satisfies(RelayTest::isRefusedWith400);
    viewer.close();
    await().until(() -> metrics().viewers.sum() == 0);
    TestPeer.viewer(server, channel, "v2");
    assertThat(metrics().refusedConnections.sum()).isEqualTo(1);
  }

  @Test
  void connectionsAndMessagesHaveRates() throws Exception {
    open(limits -> limits.withRates(3, 5, 20, 5));
    TestPeer.viewer(server, channel, "v1");
    TestPeer.viewer(server, channel, "v2");
    TestPeer viewer = TestPeer.viewer(server, channel, "v3");
    assertThatThrownBy(() -> TestPeer.viewer(server, channel, "v4"))
        .satisfies(RelayTest::isRefusedWith400);
    TestPeer master = TestPeer.master(server, channel);
    for (int i = 0; i < 30; i++) {
      viewer.send("ICE_CANDIDATE", "", "eA==", "i" + i);
      if (i < 8) {
        viewer.send("SDP_OFFER", "", "eA==", "s" + i);
      }
    }
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      refused.add(viewer.status());
    }
    assertThat(refused)
        .allMatch(status -> status.matches("[si]\\d+ ClientLimitExceededException 400"));
    await().until(() -> metrics().refusedMessages.sum() + metrics().relayedMessages.sum() == 38);
    // A slow machine gives a bucket time to fill again.
    assertThat(metrics().relayedMessages.sum()).isBetween(25L, 32L);
    assertThat(master.rest()).hasSizeBetween(25, 32);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/signaling/master|400",
        "/signaling/master?X-Amz-ChannelARN=door|400",
        "/signaling/master?X-Amz-ChannelARN=arn:aws:kinesisvideo:r:1:channel/none/5|404",
        "/signaling/viewer?X-Amz-ChannelARN=ARN|400",
        "/signaling/viewer?X-Amz-ChannelARN=ARN&X-Amz-ClientId=a%20b|400",
        "/signaling/master?X-Amz-ChannelARN=ARN&X-Amz-ClientId=v1|400",
        "/signaling/other?X-Amz-ChannelARN=ARN|404",
      })
  void refusesToConnect(String uri, int status) {
    assertThatThrownBy(() -> TestPeer.connect(server, uri.replace("ARN=ARN", "ARN=" + channel)))
        .cause()
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> assertThat(refused.getStatus()).isEqualTo(status));
  }

  @Test
  void clientsAreSentAwayBeforeTheirTime() throws Exception {
    open(
        limits ->
            limits.withTimes(
                Duration.ofSeconds(60),
                Duration.ofMillis(700),
                Duration.ofMillis(400),
                Duration.ofSeconds(30)));
    TestPeer master = TestPeer.master(server, channel);
    assertThat(master.next().toString()).isEqualTo("{\"messageType\":\"GO_AWAY\"}");
    assertThat(master.closed).isNotDone();
    assertThat(master.closeCode()).isEqualTo(1001);
    await().until(() -> metrics().masters.sum() == 0);
  }

  @Test
  void silenceEndsAConnectionAndPingsKeepIt() throws Exception {
    open(
        limits ->
            limits.withTimes(
                Duration.ofMillis(400),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofMillis(50)));
    TestPeer silent = TestPeer.master(server, channel);
    TestPeer pinging = TestPeer.viewer(server, channel, "v1");
    long timer =
        server.vertx.setPeriodic(
            100,
            tick -> {
              var unused = pinging.socket.writePing(Buffer.buffer());
            });
    assertThat(silent.closeCode()).isEqualTo(1001);
    await().during(Duration.ofMillis(500)).until(() -> !pinging.closed.isDone());
    server.vertx.cancelTimer(timer);
    assertThat(pinging.closeCode()).isEqualTo(1001);
    assertThat(metrics().silentConnections.sum()).isEqualTo(2);
  }

  @Test
  void nonsenseEndsAConnectionInTheEnd() throws Exception {
    open(limits -> limits.withRates(0, 0, 0, 0).withMemory(3, 100, 1 << 20, 1 << 20));
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    viewer.send("nonsense").send("[]").send("{");
    await().until(() -> metrics().refusedMessages.sum() == 3);
    assertThat(viewer.closed).isNotDone();
    viewer.send("{} {}");
    assertThat(viewer.closeCode()).isEqualTo(1008);
    TestPeer bytes = TestPeer.viewer(server, channel, "v2");
    var unused = bytes.socket.writeBinaryMessage(Buffer.buffer("x"));
    assertThat(bytes.closeCode()).isEqualTo(1003);
  }

  @Test
  void aClientThatTakesNothingIsClosed() throws Exception {
    open(limits -> limits.withRates(0, 0, 0, 0).withMemory(100, 100, 1 << 20, 100_000));
    TestPeer master = TestPeer.master(server, channel);
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    master.socket.pause();
    String message =
        "{'action':'ICE_CANDIDATE','messagePayload':'%s'}".formatted("a".repeat(10_000));
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              for (int i = 0; i < 50; i++) {
                viewer.send(message);
              }
              return metrics().slowConnections.sum() > 0;
            });
    assertThat(viewer.closed).isNotDone();
    master.socket.resume();
    master.closeCode();
  }

  @Test
  void whoDoesNotAnswerPingsIsGone() throws Exception {
    open(
        limits ->
            limits.withTimes(
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofMillis(150)));
    TestPeer answering = TestPeer.viewer(server, channel, "v1");
    try (Socket mute = new Socket("127.0.0.1", server.door.port())) {
      mute.setSoTimeout(10_000);
      mute.getOutputStream()
          .write(
              ("GET /signaling/master?X-Amz-ChannelARN=%s HTTP/1.1\r\nHost: x\r\n"
                          .formatted(channel)
                      + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      await().until(() -> metrics().masters.sum() == 1);
      await().until(() -> metrics().silentConnections.sum() == 1);
      StringBuilder got = new StringBuilder();
      while (got.indexOf("pings are not answered") < 0) {
        int next = mute.getInputStream().read();
        assertThat(next).as("after " + got).isNotNegative();
        got.append((char) next);
      }
    }
    assertThat(answering.closed).isNotDone();
  }

  @Test
  void aRequestThatIsNoHandshakeIsRefused() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:%d/signaling/master?X-Amz-ChannelARN=%s"
                            .formatted(server.door.port(), channel)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-amzn-ErrorType")).hasValue("BadRequestException");
  }

  @Test
  void aDeletedChannelHasNoClients() throws Exception {
    TestPeer master = TestPeer.master(server, channel);
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    server.call("deleteSignalingChannel", "{'ChannelARN':'" + channel + "'}");
    assertThat(master.closeCode()).isEqualTo(1000);
    assertThat(viewer.closeCode()).isEqualTo(1000);
    assertThatThrownBy(() -> TestPeer.master(server, channel)).hasMessageContaining("404");
  }

  @Test
  void everybodyIsSentAwayAtTheEnd() throws Exception {
    TestPeer master = TestPeer.master(server, channel);
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    SignalingServer.await(server.signaling.drain());
    for (TestPeer peer : List.of(master, viewer)) {
      JsonNode last = peer.next();
      assertThat(last.get("messageType").asText()).isEqualTo("GO_AWAY");
      assertThat(peer.closeCode()).isEqualTo(1001);
    }
    assertThatThrownBy(() -> TestPeer.master(server, channel)).hasMessageContaining("503");
  }

  @Test
  void anOperatorCanMakeClientsFetchIceServersAgain() throws Exception {
    TestPeer master = TestPeer.master(server, channel);
    assertThat(server.call("v1/signaling/reconnect-ice-servers", "").get("clientsTold").asInt())
        .isEqualTo(1);
    assertThat(master.next().get("messageType").asText()).isEqualTo("RECONNECT_ICE_SERVER");
  }
}
