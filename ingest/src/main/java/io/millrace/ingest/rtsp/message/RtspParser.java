package io.millrace.ingest.rtsp.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Cuts what comes on a connection into messages and interleaved packets. Takes bytes as they come,
 * wherever they are cut; bounded by its settings. Not thread-safe.
 */
public final class RtspParser {
  /** Takes what was found. */
  public interface Sink {
    /** A whole message. */
    void message(RtspMessage message) throws MalformedMessage;

    /**
     * A whole interleaved packet (RFC 2326 section 10.12).
     *
     * @param channel 0 to 255
     * @param packet valid and unchanged for as long as the bytes fed are
     */
    void packet(int channel, ByteBuffer packet);
  }

  private enum State {
    FIRST_LINE,
    HEADERS,
    BODY,
    PACKET_HEAD,
    PACKET
  }

  private static final byte DOLLAR = '$';
  private static final int PACKET_HEAD_BYTES = 4;
  private static final byte[] NOTHING = new byte[0];

  private final MessageSettings settings;
  private State state = State.FIRST_LINE;
  private byte[] line = NOTHING;
  private int lineFilled;
  private String firstLine = "";
  private List<RtspHeaders.Line> headers = new ArrayList<>();
  private int channel;
  private byte[] rest = NOTHING;
  private int restFilled;

  public RtspParser(MessageSettings settings) {
    this.settings = settings;
  }

  /**
   * Takes the next bytes. After it has thrown, the parser is of no more use.
   *
   * @param bytes all are consumed; packets given out may be views of them
   */
  public void feed(ByteBuffer bytes, Sink sink) throws MalformedMessage {
    while (bytes.hasRemaining()) {
      switch (state) {
        case FIRST_LINE -> start(bytes, sink);
        case HEADERS -> {
          if (takeLine(bytes)) {
            header(text(), sink);
          }
        }
        case PACKET_HEAD -> packetHead(bytes, sink);
        case BODY, PACKET -> fillRest(bytes, sink);
      }
    }
  }

  private void start(ByteBuffer bytes, Sink sink) throws MalformedMessage {
    if (lineFilled == 0 && bytes.get(bytes.position()) == DOLLAR) {
      wholePackets(bytes, sink);
      return;
    }
    if (takeLine(bytes)) {
      String text = text();
      // Some clients end a body with one line end more than they say.
      if (!text.isEmpty()) {
        firstLine = text;
        state = State.HEADERS;
      }
    }
  }

  /** The common case: packets that lie whole in what came need no copy. */
  private void wholePackets(ByteBuffer bytes, Sink sink) {
    int at = bytes.position();
    int end = bytes.limit();
    while (end - at >= PACKET_HEAD_BYTES && bytes.get(at) == DOLLAR) {
      int length = bytes.getShort(at + 2) & 0xffff;
      if (end - at - PACKET_HEAD_BYTES < length) {
        break;
      }
      sink.packet(bytes.get(at + 1) & 0xff, bytes.slice(at + PACKET_HEAD_BYTES, length));
      at += PACKET_HEAD_BYTES + length;
    }
    bytes.position(at);
    if (at < end && bytes.get(at) == DOLLAR) {
      state = State.PACKET_HEAD;
      rest = new byte[PACKET_HEAD_BYTES];
      restFilled = 0;
    }
  }

  private void packetHead(ByteBuffer bytes, Sink sink) {
    fill(bytes);
    if (restFilled == rest.length) {
      channel = rest[1] & 0xff;
      int length = ((rest[2] & 0xff) << 8) | (rest[3] & 0xff);
      expect(State.PACKET, length);
      if (length == 0) {
        state = State.FIRST_LINE;
        sink.packet(channel, ByteBuffer.wrap(rest));
      }
    }
  }

  private void fillRest(ByteBuffer bytes, Sink sink) throws MalformedMessage {
    fill(bytes);
    if (restFilled < rest.length) {
      return;
    }
    State ended = state;
    byte[] whole = rest;
    rest = NOTHING;
    state = State.FIRST_LINE;
    if (ended == State.PACKET) {
      sink.packet(channel, ByteBuffer.wrap(whole));
    } else {
      finish(new String(whole, StandardCharsets.UTF_8), sink);
    }
  }

  private void expect(State next, int length) {
    state = next;
    rest = new byte[length];
    restFilled = 0;
  }

  private void fill(ByteBuffer bytes) {
    int take = Math.min(rest.length - restFilled, bytes.remaining());
    bytes.get(rest, restFilled, take);
    restFilled += take;
  }

  /** Whether a whole line has come. */
  private boolean takeLine(ByteBuffer bytes) throws MalformedMessage {
    int start = bytes.position();
    int at = start;
    int end = bytes.limit();
    while (at < end && bytes.get(at) != '\n') {
      at++;
    }
    int length = at - start;
    if (lineFilled + length > settings.maxLineBytes()) {
      throw new MalformedMessage("a line of more than " + settings.maxLineBytes() + " bytes");
    }
    if (lineFilled + length > line.length) {
      line = Arrays.copyOf(line, lineFilled + length);
    }
    bytes.get(line, lineFilled, length);
    lineFilled += length;
    if (at == end) {
      return false;
    }
    bytes.position(at + 1);
    return true;
  }

  private String text() {
    String text = new String(line, 0, lineFilled, StandardCharsets.UTF_8);
    lineFilled = 0;
    line = NOTHING;
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private void header(String text, Sink sink) throws MalformedMessage {
    if (text.isEmpty()) {
      int length = contentLength();
      if (length == 0) {
        state = State.FIRST_LINE;
        finish("", sink);
      } else {
        expect(State.BODY, length);
      }
      return;
    }
    boolean folded = text.charAt(0) == ' ' || text.charAt(0) == '\t';
    int colon = text.indexOf(':');
    if (headers.size() >= settings.maxHeaders()) {
      throw new MalformedMessage("more than " + settings.maxHeaders() + " header lines");
    }
    if (!folded && colon <= 0) {
      throw new MalformedMessage("a header line without a name");
    }
    // Folded lines are an old form that nobody needs here; they are left out.
    if (!folded) {
      headers.add(
          new RtspHeaders.Line(
              text.substring(0, colon).strip(), text.substring(colon + 1).strip()));
    }
  }

  private int contentLength() throws MalformedMessage {
    String text = new RtspHeaders(headers).value("Content-Length").orElse("0");
    if (!text.matches("[0-9]{1,9}")) {
      throw new MalformedMessage("a Content-Length that is no number");
    }
    int length = Integer.parseInt(text);
    if (length > settings.maxBodyBytes()) {
      throw new MalformedMessage("a body of more than " + settings.maxBodyBytes() + " bytes");
    }
    return length;
  }

  private void finish(String body, Sink sink) throws MalformedMessage {
    RtspHeaders all = new RtspHeaders(headers);
    String first = firstLine;
    headers = new ArrayList<>();
    firstLine = "";
    sink.message(message(first, all, body));
  }

  private static RtspMessage message(String first, RtspHeaders headers, String body)
      throws MalformedMessage {
    String[] words = first.split(" ", 3);
    if (words.length >= 2 && words[0].startsWith("RTSP/") && words[1].matches("[1-5][0-9]{2}")) {
      return new RtspResponse(
          Integer.parseInt(words[1]), words.length > 2 ? words[2] : "", headers, body);
    }
    if (words.length == 3
        && words[2].strip().startsWith("RTSP/")
        && words[0].matches("[A-Za-z_]{1,32}")) {
      return new RtspRequest(words[0].toUpperCase(Locale.ROOT), words[1], headers, body);
    }
    throw new MalformedMessage(
        "no line of RTSP: " + first.substring(0, Math.min(40, first.length())));
  }
}
