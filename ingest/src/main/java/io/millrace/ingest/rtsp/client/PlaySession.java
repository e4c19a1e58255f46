package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.receive.ReceiverSettings;
import io.millrace.ingest.rtp.receive.RtpReceiver;
import io.millrace.ingest.rtsp.auth.ClientAuthentication;
import io.millrace.ingest.rtsp.auth.Credentials;
import io.millrace.ingest.rtsp.datagram.DatagramPorts;
import io.millrace.ingest.rtsp.message.RtspHeaders;
import io.millrace.ingest.rtsp.message.RtspResponse;
import io.millrace.ingest.rtsp.message.TransportHeader;
import io.millrace.ingest.sdp.MalformedDescription;
import io.millrace.ingest.sdp.MediaDescription;
import io.millrace.ingest.sdp.SessionDescription;
import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.SourceUnusable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Plays what a camera offers: DESCRIBE, SETUP of each track that can be stored, PLAY, and
 * keep-alives until one side ends it (RFC 2326). Lives on one event loop.
 */
final class PlaySession {
  private static final int RTSP_PORT = 554;
  private static final int RTSPS_PORT = 322;
  private static final int UNSUPPORTED_TRANSPORT = 461;
  private static final long TICK_MILLIS = 20;

  private final Context context;
  private final Vertx vertx;
  private final DatagramPorts datagrams;
  private final Source source;
  private final RtspClientSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final PlaySink sink;
  private final Promise<String> ended = Promise.promise();
  private final List<PlayedTrack> tracks = new ArrayList<>();
  private final int reporterSsrc;
  private @Nullable RtspConnection connection;

  /** Kept as long as its connection: a client that nobody holds is closed when it is collected. */
  private @Nullable NetClient client;

  private boolean udp;
  private boolean paused;
  private boolean over;
  private boolean closing;
  private String url;
  private String baseUrl;
  private int redirects;
  private String keepAlive = "OPTIONS";
  private long keepAliveTimer = -1;
  private long reportTimer = -1;
  private long tickTimer = -1;

  PlaySession(
      Context context,
      Source source,
      RtspClientSettings settings,
      InstantSource clock,
      RandomGenerator random,
      DatagramPorts datagrams,
      PlaySink sink) {
    this.context = context;
    this.datagrams = datagrams;
    this.vertx = context.owner();
    this.source = source;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.sink = sink;
    url = source.url();
    baseUrl = url;
    udp = source.transport() == Source.Transport.UDP;
    reporterSsrc = random.nextInt();
  }

  /** Completes with why it ended; never fails. */
  Future<String> ended() {
    return ended.future();
  }

  void start() {
    connect().onFailure(this::fail);
  }

  private Future<Void> connect() {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return Future.failedFuture(new SourceUnusable("a URL that cannot be read"));
    }
    boolean tls = "rtsps".equalsIgnoreCase(uri.getScheme());
    NetClient connecting =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout((int) settings.connectLimit().toMillis())
                .setSsl(tls)
                .setTrustAll(tls && settings.trustAll())
                .setHostnameVerificationAlgorithm(tls && !settings.trustAll() ? "HTTPS" : "")
                .setTcpNoDelay(true));
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? RTSPS_PORT : RTSP_PORT;
    client = connecting;
    return connecting
        .connect(port, uri.getHost())
        .recover(
            failure ->
                Future.failedFuture(
                    new SourceUnusable(
                        "cannot connect to %s:%d: %s"
                            .formatted(uri.getHost(), port, failure.getMessage()))))
        .compose(this::describe);
  }

  private Future<Void> describe(NetSocket socket) {
    if (over || closing) {
      var unused = socket.close();
      return Future.failedFuture(new SourceUnusable("ended while connecting"));
    }
    Optional<ClientAuthentication> proof =
        source
            .username()
            .map(
                name ->
                    new ClientAuthentication(
                        new Credentials(name, source.password().orElse("")), random));
    RtspConnection opened = new RtspConnection(vertx, socket, proof, settings, new Incoming());
    connection = opened;
    return opened
        .ask("OPTIONS", url, RtspHeaders.NONE)
        .compose(
            options -> {
              if (options.headers().value("Public").orElse("").contains("GET_PARAMETER")) {
                keepAlive = "GET_PARAMETER";
              }
              return opened.ask(
                  "DESCRIBE", url, RtspHeaders.NONE.with("Accept", "application/sdp"));
            })
        .compose(this::described);
  }

  private Future<Void> described(RtspResponse answer) {
    Optional<String> location = answer.headers().value("Location");
    if (answer.status() / 100 == 3 && location.isPresent()) {
      return redirect(location.get());
    }
    if (answer.status() != 200) {
      return Answers.refused("DESCRIBE", answer);
    }
    SessionDescription description;
    try {
      description = SessionDescription.parse(answer.body(), settings.descriptions());
    } catch (MalformedDescription e) {
      return Future.failedFuture(new SourceUnusable(String.valueOf(e.getMessage())));
    }
    baseUrl =
        answer
            .headers()
            .value("Content-Base")
            .or(() -> answer.headers().value("Content-Location"))
            .orElse(url);
    List<RtpFormat> formats = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (MediaDescription media : description.media()) {
      Optional<RtpFormat> usable =
          media.rtpFormats().stream().filter(PayloadFormats::supports).findFirst();
      boolean wanted = media.kind().equals("video") || media.kind().equals("audio");
      if (usable.isPresent() && wanted && tracks.size() < settings.maxTracks()) {
        add(media.control(), usable.get());
        formats.add(usable.get());
      } else {
        others.add(
            media.rtpFormats().stream().findFirst().map(RtpFormat::encoding).orElse(media.kind()));
      }
    }
    if (tracks.isEmpty()) {
      return Future.failedFuture(
          new SourceUnusable("the camera offers nothing that can be stored: " + others));
    }
    return sink.began(formats, others).compose(began -> setUpAll()).compose(set -> play());
  }

  private void add(String control, RtpFormat format) {
    int number = tracks.size() + 1;
    CaptureClock capture = new CaptureClock(format.clockRate(), settings.clock());
    RtpReceiver receiver =
        new RtpReceiver(
            format,
            udp || source.transport() != Source.Transport.TCP
                ? settings.datagrams()
                : ReceiverSettings.ordered(),
            capture,
            sink.receiver(number, format));
    tracks.add(new PlayedTrack(number, control, capture, receiver));
  }

  private Future<Void> redirect(String location) {
    redirects++;
    if (redirects > settings.maxRedirects()) {
      return Future.failedFuture(
          new SourceUnusable("more than %d redirections".formatted(settings.maxRedirects())));
    }
    String lower = location.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("rtsp://") && !lower.startsWith("rtsps://")) {
      return Future.failedFuture(new SourceUnusable("a redirection to something else than RTSP"));
    }
    url = location.replaceFirst("//[^/@]*@", "//");
    baseUrl = url;
    RtspConnection former = connection;
    connection = null;
    if (former != null) {
      former.close();
    }
    return connect();
  }

  private RtspConnection open() {
    RtspConnection open = connection;
    if (open == null) {
      throw new IllegalStateException("not connected");
    }
    return open;
  }

  private Future<Void> setUpAll() {
    Future<Void> all = Future.succeededFuture();
    for (PlayedTrack track : tracks) {
      all = all.compose(before -> setUp(track));
    }
    return all;
  }

  private Future<Void> setUp(PlayedTrack track) {
    if (!udp) {
      track.channel = 2 * (track.number - 1);
      TransportHeader wanted =
          TransportHeader.interleaved(
              false, new TransportHeader.Pair(track.channel, track.channel + 1));
      return setUp(track, wanted);
    }
    return UdpPair.open(
            datagrams,
            context,
            open(),
            random,
            packet -> media(track, packet),
            packet -> control(track, packet))
        .compose(
            ports -> {
              track.ports = ports;
              return setUp(
                  track,
                  TransportHeader.udp(
                      false, new TransportHeader.Pair(ports.port(), ports.port() + 1)));
            });
  }

  private Future<Void> setUp(PlayedTrack track, TransportHeader wanted) {
    return open()
        .ask(
            "SETUP",
            Answers.controlUrl(baseUrl, track.control),
            RtspHeaders.NONE.with("Transport", wanted.toString()))
        .compose(answer -> wasSetUp(track, answer));
  }

  private Future<Void> wasSetUp(PlayedTrack track, RtspResponse answer) {
    if (answer.status() == UNSUPPORTED_TRANSPORT
        && source.transport() == Source.Transport.AUTO
        && !udp
        && track.number == 1) {
      udp = true;
      return setUp(track);
    }
    if (answer.status() != 200) {
      return Answers.refused("SETUP", answer);
    }
    Optional<TransportHeader> granted =
        answer
            .headers()
            .value("Transport")
            .flatMap(text -> TransportHeader.parse(text).stream().findFirst());
    granted.map(TransportHeader::interleaved).ifPresent(channels -> track.channel = channels.rtp());
    UdpPair ports = track.ports;
    if (ports != null && granted.isPresent()) {
      TransportHeader.Pair server = granted.get().serverPorts();
      if (server != null) {
        track.serverControlPort = server.rtcp();
        // An empty packet each opens the way back through firewalls.
        ports.sendMedia(new byte[] {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, server.rtp());
      }
    }
    answer
        .headers()
        .value("Session")
        .ifPresent(session -> keepAlive(Answers.timeoutSeconds(session)));
    return Future.succeededFuture();
  }

  private void keepAlive(long timeoutSeconds) {
    vertx.cancelTimer(keepAliveTimer);
    keepAliveTimer =
        vertx.setPeriodic(
            Math.max(1000, timeoutSeconds * 1000 / 2 - 500),
            id ->
                open()
                    .ask(keepAlive, baseUrl, RtspHeaders.NONE)
                    .onSuccess(
                        answer -> {
                          if (answer.status() == 454) {
                            fail(new SourceUnusable("the camera forgot the session"));
                          }
                        }));
  }

  private Future<Void> play() {
    return open()
        .ask("PLAY", baseUrl, RtspHeaders.NONE.with("Range", "npt=0.000-"))
        .compose(
            answer -> {
              if (answer.status() != 200) {
                return Answers.refused("PLAY", answer);
              }
              reportTimer = vertx.setPeriodic(settings.reportInterval().toMillis(), id -> report());
              if (udp) {
                tickTimer =
                    vertx.setPeriodic(
                        TICK_MILLIS,
                        id -> tracks.forEach(track -> track.receiver.tick(System.nanoTime())));
              }
              return Future.succeededFuture();
            });
  }

  private void report() {
    long now = System.nanoTime();
    for (PlayedTrack track : tracks) {
      track
          .receiver
          .receptionReport(now)
          .ifPresent(
              block -> {
                byte[] report = block.receiverReport(reporterSsrc);
                UdpPair ports = track.ports;
                if (ports == null) {
                  open().send(track.channel + 1, report);
                } else if (track.serverControlPort > 0) {
                  ports.sendControl(report, track.serverControlPort);
                }
              });
    }
  }

  private long epochNanos() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private void media(PlayedTrack track, ByteBuffer packet) {
    if (!over) {
      track.receiver.packet(packet, System.nanoTime(), epochNanos());
      holdBack();
    }
  }

  private void control(PlayedTrack track, ByteBuffer packet) {
    if (!over) {
      track.receiver.rtcp(packet, System.nanoTime(), epochNanos());
      if (track.receiver.saidGoodbye()
          && tracks.stream().map(each -> each.receiver).allMatch(PlaySession::isOver)) {
        // By UDP the last packets of media may come after the good-bye.
        vertx.setTimer(
            udp ? Math.max(1, settings.datagrams().reorderWindow().toMillis()) : 1,
            late -> end("the camera said goodbye", Feed.End.SOURCE_ENDED));
      }
    }
  }

  private static boolean isOver(RtpReceiver receiver) {
    return receiver.saidGoodbye() || receiver.ssrc().isEmpty();
  }

  private void holdBack() {
    if (!udp && !paused && sink.isBehind()) {
      paused = true;
      open().pause();
    }
  }

  /** The store has caught up. */
  void ready() {
    RtspConnection open = connection;
    if (paused && open != null) {
      paused = false;
      open.resume();
    }
  }

  private final class Incoming implements RtspConnection.Listener {
    @Override
    public void packet(int channel, ByteBuffer packet) {
      for (PlayedTrack track : tracks) {
        if (channel == track.channel) {
          media(track, packet);
          return;
        }
        if (channel == track.channel + 1) {
          control(track, packet);
          return;
        }
      }
    }

    @Override
    public void closed(String reason) {
      // A connection left for a redirection ends without meaning.
      if (connection != null) {
        end(reason, Feed.End.CONNECTION_LOST);
      }
    }
  }

  private void fail(Throwable failure) {
    String reason =
        failure instanceof SourceUnusable ? failure.getMessage() : String.valueOf(failure);
    end(reason == null ? "unknown" : reason, Feed.End.CONNECTION_LOST);
  }

  /** How far the camera's clock is ahead of the server's, by the first track that knows. */
  OptionalLong clockOffsetNanos() {
    for (PlayedTrack track : tracks) {
      if (track.clock.offsetNanos().isPresent()) {
        return track.clock.offsetNanos();
      }
    }
    return OptionalLong.empty();
  }

  /** Ends the session from our side. */
  void close(Feed.End why) {
    closing = true;
    RtspConnection open = connection;
    if (open == null || over) {
      end("closed", why);
      return;
    }
    open.ask("TEARDOWN", baseUrl, RtspHeaders.NONE).onComplete(answered -> end("closed", why));
  }

  private void end(String reason, Feed.End why) {
    if (over) {
      return;
    }
    over = true;
    vertx.cancelTimer(keepAliveTimer);
    vertx.cancelTimer(reportTimer);
    vertx.cancelTimer(tickTimer);
    for (PlayedTrack track : tracks) {
      track.receiver.end();
      UdpPair ports = track.ports;
      if (ports != null) {
        ports.close();
      }
    }
    sink.ended(why);
    RtspConnection open = connection;
    if (open != null) {
      open.close();
    }
    NetClient used = client;
    if (used != null) {
      var unused = used.close();
    }
    ended.tryComplete(reason);
  }
}
