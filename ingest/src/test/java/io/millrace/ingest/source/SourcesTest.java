package io.millrace.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sources over HTTP; the cameras behind them are scripted here, their network is tested elsewhere.
 */
class SourcesTest {
  @TempDir Path data;
  private SourceServer server;
  private ScriptedPuller puller;

  @BeforeEach
  void open() throws Exception {
    SourceSettings settings =
        new SourceSettings(
            2,
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            8);
    server = new SourceServer(data, settings, InstantSource.system()).listen();
    puller = server.puller;
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    return server.call(method, path, body);
  }

  private JsonObject get(String name) throws Exception {
    return new JsonObject(call("GET", "/v1/sources/" + name, "").body());
  }

  @Test
  void passwordsAreSealedAndNeverAnswered() throws Exception {
    HttpResponse<String> made =
        call("PUT", "/v1/sources/porch", "{\"url\":\"rtsp://admin:p%40ss+word@10.0.0.7/main\"}");
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.body()).doesNotContain("ss+word").contains("rtsp://10.0.0.7/main");
    assertThat(new JsonObject(made.body()).getString("state")).isEqualTo("connecting");
    JsonObject known = get("porch");
    assertThat(known.getString("username")).isEqualTo("admin");
    assertThat(known.containsKey("password")).isFalse();
    assertThat(known.getString("stream")).isEqualTo("porch");
    byte[] stored = server.store.table("sources").get("porch").orElseThrow();
    assertThat(new String(stored, StandardCharsets.UTF_8)).doesNotContain("ss+word");
    await().until(() -> puller.pulls.size() == 1);
    assertThat(puller.pulls.getFirst().source.password()).contains("p@ss+word");
    assertThat(puller.pulls.getFirst().source.toString()).doesNotContain("ss+word");

    call("PUT", "/v1/sources/porch", "{\"url\":\"rtsp://10.0.0.7/sub\",\"username\":\"admin\"}");
    await().until(() -> puller.pulls.size() == 2);
    assertThat(puller.pulls.get(1).source.password()).contains("p@ss+word");
    assertThat(puller.pulls.getFirst().ended.future().isComplete()).isTrue();
    call("PUT", "/v1/sources/porch", "{\"url\":\"rtsp://10.0.0.8/sub\",\"username\":\"admin\"}");
    await().until(() -> puller.pulls.size() == 3);
    assertThat(puller.pulls.get(2).source.password())
        .as("another host does not get this one's password")
        .isEmpty();
  }

  @Test
  void aSecretIsBoundToItsKeyAndItsSource() throws Exception {
    byte[] key = new byte[SecretBox.KEY_BYTES];
    SecretBox box = new SecretBox(key, new SecureRandom());
    byte[] sealed = box.seal("secret", "porch");
    assertThat(box.open(sealed, "porch")).isEqualTo("secret");
    byte[] otherKey = key.clone();
    otherKey[0] = 1;
    SecretBox other = new SecretBox(otherKey, new SecureRandom());
    for (var attempt :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> other.open(sealed, "porch"),
            () -> box.open(sealed, "yard"),
            () -> box.open(new byte[3], "porch"))) {
      org.assertj.core.api.Assertions.assertThatThrownBy(attempt)
          .isInstanceOf(SecretBox.WrongKey.class);
    }
  }

  @Test
  void connectionsAreMadeAgainWithGrowingPausesAndSilentOnesEnded() throws Exception {
    call("PUT", "/v1/sources/porch", "{\"url\":\"rtsp://10.0.0.7/main\"}");
    for (int i = 0; i < 4; i++) {
      int count = i + 1;
      await().until(() -> puller.pulls.size() == count);
      puller.pulls.get(i).ended.complete("refused");
    }
    await().until(() -> puller.pulls.size() == 5);
    assertThat(gap(0, 1)).isGreaterThanOrEqualTo(80);
    assertThat(gap(1, 2)).isGreaterThanOrEqualTo(160);
    assertThat(gap(3, 4)).isGreaterThanOrEqualTo(320);
    ScriptedPuller.Scripted fifth = puller.pulls.get(4);
    fifth.frames.set(5);
    await().until(() -> get("porch").getString("state").equals("receiving"));
    assertThat(get("porch").getString("lastError")).isEqualTo("refused");
    assertThat(get("porch").getLong("attempts")).isEqualTo(5);
    await().atMost(Duration.ofSeconds(5)).until(() -> fifth.ended.future().isComplete());
    await().until(() -> puller.pulls.size() == 6);
    assertThat(get("porch").getLong("frames")).isEqualTo(5);
  }

  private long gap(int a, int b) {
    return (puller.pulls.get(b).atNanos - puller.pulls.get(a).atNanos) / 1_000_000;
  }

  @Test
  void badSourcesAreRefusedInWords() throws Exception {
    assertThat(call("PUT", "/v1/sources/a", "{\"url\":\"ftp://x/y\"}").body())
        .contains("Nothing here pulls");
    assertThat(call("PUT", "/v1/sources/a", "{}").body()).contains("'url' is missing");
    assertThat(call("PUT", "/v1/sources/a", "[]").body()).contains("not a JSON object");
    assertThat(call("PUT", "/v1/sources/a", "{\"url\":\"rtsp://h/\",\"ulr\":1}").body())
        .contains("no member 'ulr'");
    assertThat(call("PUT", "/v1/sources/a%2Fb", "{\"url\":\"rtsp://h/\"}").statusCode())
        .isEqualTo(400);
    assertThat(call("PUT", "/v1/sources/a", "{\"url\":\"rtsp://h/\",\"transport\":\"tls\"}").body())
        .contains("auto, tcp or udp");
    assertThat(call("GET", "/v1/sources/none", "").statusCode()).isEqualTo(404);
    assertThat(call("DELETE", "/v1/sources/none", "").statusCode()).isEqualTo(404);
  }

  @Test
  void thereIsAMostOfSources() throws Exception {
    String off = "{\"url\":\"rtsp://h/\",\"enabled\":false}";
    assertThat(call("PUT", "/v1/sources/a", off).statusCode()).isEqualTo(201);
    assertThat(call("PUT", "/v1/sources/b", off).statusCode()).isEqualTo(201);
    assertThat(call("PUT", "/v1/sources/c", off).body()).contains("most sources: 2");
    assertThat(call("PUT", "/v1/sources/b", off).statusCode()).isEqualTo(200);
    assertThat(get("b").getString("state")).isEqualTo("disabled");
    assertThat(puller.pulls).isEmpty();
    assertThat(call("DELETE", "/v1/sources/a", "").statusCode()).isEqualTo(204);
    JsonObject all = new JsonObject(call("GET", "/v1/sources", "").body());
    assertThat(all.getJsonArray("sources")).hasSize(1);
  }

  @Test
  void aProbeSaysWhatComesOrWhyNothingDoes() throws Exception {
    JsonObject good =
        new JsonObject(call("POST", "/v1/sources/probe", "{\"url\":\"rtsp://good/\"}").body());
    assertThat(good.getBoolean("usable")).isTrue();
    assertThat(good.getLong("clockOffsetMillis")).isEqualTo(-120);
    assertThat(good.getJsonArray("tracks").getJsonObject(0).getInteger("width")).isEqualTo(640);
    JsonObject bad =
        new JsonObject(call("POST", "/v1/sources/probe", "{\"url\":\"rtsp://bad/\"}").body());
    assertThat(bad.getBoolean("usable")).isFalse();
    assertThat(bad.getString("reason")).contains("401");
  }

  @Test
  void sourcesSurviveARestart() throws Exception {
    call("PUT", "/v1/sources/porch", "{\"url\":\"rtsp://u:secret@10.0.0.7/main\"}");
    await().until(() -> puller.pulls.size() == 1);
    Sources again = server.sources(SourceSettings.defaults());
    again.start();
    await().until(() -> puller.pulls.size() == 2);
    assertThat(puller.pulls.get(1).source.password()).contains("secret");
    SourceServer.done(again.drain());
  }
}
