package io.millrace.ingest.signaling.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingest.feed.FeedOrigin;
import io.millrace.ingest.signaling.SignalingServer;
import io.millrace.ingest.signaling.TestPeer;
import io.millrace.ingest.signaling.TestPeers;
import io.millrace.ingest.signaling.relay.RelaySettings;
import io.millrace.ingest.webrtc.peer.PeerMedia;
import io.millrace.ingest.webrtc.talk.Conversation;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageSessionsTest {
  @TempDir Path data;
  private SignalingServer server;
  private String channel;
  private String stream;
  private TestPeer master;

  @BeforeEach
  void open() throws Exception {
    open(
        new StorageSettings(
            3, 0, Duration.ofHours(1), Duration.ofMinutes(3), Duration.ofMinutes(3), 3));
  }

  private void open(StorageSettings storage) throws Exception {
    if (server != null) {
      server.close();
    }
    server =
        SignalingServer.open(
            data.resolve("run" + System.nanoTime()),
            settings ->
                settings
                    .withRelay(RelaySettings.defaults().withRates(0, 0, 0, 0))
                    .withStorage(storage));
    channel = server.channel("door");
    stream = server.stream("archive", 2);
    store("ENABLED");
    master = TestPeer.master(server, channel);
  }

  private void store(String status) throws Exception {
    server.call(
        "updateMediaStorageConfiguration",
        "{'ChannelARN':'%s','MediaStorageConfiguration':{'Status':'%s'%s}}"
            .formatted(
                channel, status, status.equals("ENABLED") ? ",'StreamARN':'" + stream + "'" : ""));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private JsonNode join() throws Exception {
    return server.call("joinStorageSession", "{'channelArn':'" + channel + "'}");
  }

  private static String payload(String json) {
    return Base64.getEncoder()
        .encodeToString(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String offer(TestPeer client) throws Exception {
    JsonNode message = client.next();
    assertThat(message.get("messageType").asText()).isEqualTo("SDP_OFFER");
    assertThat(message.has("senderClientId")).isFalse();
    JsonObject offer =
        new JsonObject(
            new String(
                Base64.getDecoder().decode(message.get("messagePayload").asText()),
                StandardCharsets.UTF_8));
    assertThat(offer.getString("type")).isEqualTo("offer");
    return offer.getString("sdp");
  }

  private TestPeers.Made peer(int number) {
    await().until(() -> server.peers.made.size() > number);
    return server.peers.made.get(number);
  }

  private static Optional<Conversation> conversation(TestPeers.Made peer) {
    return switch (peer.media) {
      case PeerMedia.Receive receive -> receive.conversation();
      case PeerMedia.Send send -> send.conversation();
    };
  }

  @Test
  void nobodyTalksWhereTheSettingsSaySo() throws Exception {
    open(
        new StorageSettings(
            3, 0, Duration.ofHours(1), Duration.ofMinutes(3), Duration.ofMinutes(3), 0));
    join();
    assertThat(conversation(peer(0))).isEmpty();
  }

  @Test
  void viewersStayForAWhileWithoutAMaster() throws Exception {
    Duration limit = Duration.ofMillis(400);
    open(new StorageSettings(3, 0, Duration.ofHours(1), Duration.ofMinutes(3), limit, 3));
    TestPeer.viewer(server, channel, "v1");
    join();
    server.call("joinStorageSession", "{'channelArn':'" + channel + "','clientId':'v1'}");
    // Another master takes over, and goes.
    join();
    await().untilAsserted(() -> assertThat(peer(0).told).hasSize(1));
    long began = System.nanoTime();
    peer(2).lose();
    await().untilAsserted(() -> assertThat(peer(1).told).hasSize(1));
    assertThat(peer(1).told.getFirst()).startsWith("close the channel was without a master for");
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(limit.toNanos());
  }

  @Test
  void aMasterThatComesInTimeKeepsItsViewers() throws Exception {
    Duration limit = Duration.ofMillis(400);
    open(new StorageSettings(3, 0, Duration.ofHours(1), Duration.ofMinutes(3), limit, 3));
    TestPeer.viewer(server, channel, "v1");
    server.call("joinStorageSession", "{'channelArn':'" + channel + "','clientId':'v1'}");
    join();
    // The viewer of another channel, who came later, has none.
    String other = server.channel("gate");
    server.call(
        "updateMediaStorageConfiguration",
        "{'ChannelARN':'%s','MediaStorageConfiguration':{'Status':'ENABLED','StreamARN':'%s'}}"
            .formatted(other, server.stream("gate", 2)));
    TestPeer.viewer(server, other, "v1");
    server.call("joinStorageSession", "{'channelArn':'" + other + "','clientId':'v1'}");
    await().untilAsserted(() -> assertThat(peer(2).told).hasSize(1));
    assertThat(peer(0).told).isEmpty();
  }

  @Test
  void theServerOffersAndTheMasterAnswers() throws Exception {
    assertThat(join()).isEmpty();
    assertThat(offer(master)).isEqualTo("offer-0");
    master.send(
        "{'action':'ICE_CANDIDATE','messagePayload':'%s'}"
            .formatted(payload("{'candidate':'candidate:1','sdpMid':'0','sdpMLineIndex':0}")));
    master.send(
        "{'action':'SDP_ANSWER','MessagePayload':'%s','RecipientClientId':''}"
            .formatted(payload("{'type':'answer','sdp':'v=0'}")));
    TestPeers.Made peer = peer(0);
    await()
        .untilAsserted(
            () -> assertThat(peer.told).containsExactly("candidate candidate:1", "answer v=0"));
    assertThat(peer.media)
        .isEqualTo(
            new PeerMedia.Receive("archive", FeedOrigin.STORAGE_SESSION, conversation(peer)));
    assertThat(server.signaling.metrics().storageSessions.sum()).isEqualTo(1);
    peer.lose();
    await().until(() -> server.signaling.metrics().storageSessions.sum() == 0);
  }

  @Test
  void candidatesMayComeBeforeTheOffer() throws Exception {
    server.peers.hold = Promise.promise();
    CompletableFuture<JsonNode> joining =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return join();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    TestPeers.Made peer = peer(0);
    master.send("ICE_CANDIDATE", "", payload("{'candidate':'candidate:1'}"), "early");
    master.send("SDP_ANSWER", "", "eA==", "done");
    assertThat(master.status()).isEqualTo("done InvalidArgumentException 400");
    server.peers.hold.complete();
    joining.get();
    assertThat(offer(master)).isEqualTo("offer-0");
    await().untilAsserted(() -> assertThat(peer.told).containsExactly("candidate candidate:1"));
  }

  @Test
  void viewersAreSentTheStream() throws Exception {
    TestPeer first = TestPeer.viewer(server, channel, "v1");
    TestPeer second = TestPeer.viewer(server, channel, "v2");
    server.call("joinStorageSessionAsViewer", "{'channelArn':'" + channel + "','clientId':'v1'}");
    assertThat(offer(first)).isEqualTo("offer-0");
    server.call("joinStorageSession", "{'channelArn':'" + channel + "','clientId':'v2'}");
    assertThat(offer(second)).isEqualTo("offer-1");
    assertThat(peer(0).media).isEqualTo(new PeerMedia.Send("archive", conversation(peer(0))));
    join();
    assertThat(conversation(peer(0))).isPresent();
    assertThat(List.of(peer(1), peer(2)))
        .allSatisfy(other -> assertThat(conversation(other)).isEqualTo(conversation(peer(0))));
    second.send("SDP_ANSWER", "", payload("{'type':'answer','sdp':'v=0'}"), "c");
    await().untilAsserted(() -> assertThat(peer(1).told).containsExactly("answer v=0"));
    assertThat(peer(0).told).isEmpty();
  }

  @Test
  void aViewerIsOfferedTheStreamWhenItHasMedia() throws Exception {
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    server.peers.refusals.addAll(List.of("no media now", "no media now"));
    String call = "{'channelArn':'" + channel + "','clientId':'v1'}";
    assertThat(server.call("joinStorageSessionAsViewer", call)).isEmpty();
    assertThat(offer(viewer)).isEqualTo("offer-0");
    // A master has nothing to wait for.
    server.peers.refusals.add("no such stream");
    assertThat(server.refusal("joinStorageSession", "{'channelArn':'" + channel + "'}"))
        .startsWith("404 ResourceNotFoundException");
    await().until(() -> server.signaling.metrics().storageSessions.sum() == 1);
  }

  @Test
  void aJoinIsAnsweredBeforeAnOfferThatTakesItsTime() throws Exception {
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    server.peers.hold = Promise.promise();
    String call = "{'channelArn':'" + channel + "','clientId':'v1'}";
    assertThat(server.call("joinStorageSessionAsViewer", call)).isEmpty();
    server.peers.hold.complete();
    assertThat(offer(viewer)).isEqualTo("offer-0");
  }

  @Test
  void directTrafficStopsWhileMediaAreStored() throws Exception {
    TestPeer viewer = TestPeer.viewer(server, channel, "v1");
    viewer.send("SDP_OFFER", "", "eA==", "c1");
    assertThat(viewer.status()).isEqualTo("c1 InvalidArgumentException 400");
    master.send("ICE_CANDIDATE", "v1", "eA==", "c2");
    assertThat(master.status()).isEqualTo("c2 InvalidArgumentException 400");
    store("DISABLED");
    viewer.send("SDP_OFFER", "", "eA==", "c3");
    assertThat(master.message()).isEqualTo("SDP_OFFER v1 eA==");
  }

  @Test
  void aNewJoinTakesOver() throws Exception {
    join();
    TestPeers.Made former = peer(0);
    TestPeer newer = TestPeer.master(server, channel);
    join();
    assertThat(offer(newer)).isEqualTo("offer-1");
    await()
        .untilAsserted(
            () -> assertThat(former.told).containsExactly("close a newer join took over"));
    newer.send("SDP_ANSWER", "", payload("{'type':'answer','sdp':'v=0'}"), "c");
    await().untilAsserted(() -> assertThat(peer(1).told).containsExactly("answer v=0"));
    assertThat(server.signaling.metrics().storageSessions.sum()).isEqualTo(1);
  }

  @Test
  void anAnswerIsTakenOnce() throws Exception {
    join();
    assertThat(offer(master)).isEqualTo("offer-0");
    String answer = payload("{'type':'answer','sdp':'nonsense'}");
    master.send("SDP_ANSWER", "", answer, "c");
    await()
        .untilAsserted(
            () ->
                assertThat(peer(0).told)
                    .containsExactly(
                        "answer nonsense", "close the answer cannot be taken: nonsense"));
    await().until(() -> server.signaling.metrics().storageSessions.sum() == 0);
    master.send("SDP_ANSWER", "", answer, "again");
    assertThat(master.status()).isEqualTo("again InvalidArgumentException 400");
  }

  @Test
  void sessionsEndWithTheStorage() throws Exception {
    join();
    store("DISABLED");
    await().untilAsserted(() -> assertThat(peer(0).told).hasSize(1));
    assertThat(server.refusal("joinStorageSession", "{'channelArn':'" + channel + "'}"))
        .startsWith("400 InvalidArgumentException");
    store("ENABLED");
    join();
    server.call("deleteSignalingChannel", "{'ChannelARN':'" + channel + "'}");
    await().untilAsserted(() -> assertThat(peer(1).told).hasSize(1));
    assertThat(server.refusal("joinStorageSession", "{'channelArn':'" + channel + "'}"))
        .startsWith("404 ResourceNotFoundException");
  }

  @Test
  void refusesWhoCannotJoin() throws Exception {
    assertThat(
            server.refusal(
                "joinStorageSessionAsViewer",
                "{'channelArn':'" + channel + "','clientId':'nobody'}"))
        .startsWith("400 InvalidArgumentException");
    assertThat(server.refusal("joinStorageSessionAsViewer", "{'channelArn':'" + channel + "'}"))
        .startsWith("400 InvalidArgumentException");
    server.call("deleteStream", "{'StreamARN':'" + stream + "'}");
    assertThat(server.refusal("joinStorageSession", "{'channelArn':'" + channel + "'}"))
        .startsWith("404 ResourceNotFoundException");
  }

  @Test
  void sessionsAreBounded() throws Exception {
    for (int i = 0; i < 3; i++) {
      TestPeer.viewer(server, channel, "v" + i);
      server.call(
          "joinStorageSessionAsViewer", "{'channelArn':'" + channel + "','clientId':'v" + i + "'}");
    }
    assertThat(server.refusal("joinStorageSession", "{'channelArn':'" + channel + "'}"))
        .startsWith("400 ClientLimitExceededException");
  }

  @Test
  void joinsHaveARate() throws Exception {
    open(
        new StorageSettings(
            3, 2, Duration.ofHours(1), Duration.ofMinutes(3), Duration.ofMinutes(3), 3));
    join();
    join();
    assertThat(server.refusal("joinStorageSession", "{'channelArn':'" + channel + "'}"))
        .startsWith("400 ClientLimitExceededException");
  }

  @Test
  void sessionsEndAtTheirAgeOrUnconnected() throws Exception {
    open(
        new StorageSettings(
            3, 0, Duration.ofMillis(600), Duration.ofMillis(200), Duration.ofMinutes(3), 3));
    join();
    peer(0).connect();
    TestPeer.viewer(server, channel, "v1");
    server.call("joinStorageSession", "{'channelArn':'" + channel + "','clientId':'v1'}");
    await()
        .untilAsserted(
            () ->
                assertThat(peer(1).told)
                    .singleElement()
                    .asString()
                    .startsWith("close no media connection within"));
    await()
        .untilAsserted(
            () ->
                assertThat(peer(0).told).containsExactly("close the session has its greatest age"));
  }

  @Test
  void sessionsEndWithTheServer() throws Exception {
    join();
    SignalingServer.await(server.signaling.drain());
    await()
        .untilAsserted(
            () -> assertThat(peer(0).told).containsExactly("close the server is shutting down"));
  }
}
