package io.millrace.ingest.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A session description. Lines that mean nothing to us are left out; those that cameras get wrong
 * are read as meant: bare line feeds, blanks, missing or misplaced session lines.
 *
 * @param name {@code s=}
 * @param attributes of the session, before the first media section
 * @param media its sections, in order
 */
public record SessionDescription(
    String name, List<SdpAttribute> attributes, List<MediaDescription> media) {
  private static final String END = "\r\n";
  private static final Pattern PORT = Pattern.compile("([0-9]{1,5})(/[0-9]{1,5})?");
  private static final int MAX_PORT = 65_535;

  public SessionDescription {
    attributes = List.copyOf(attributes);
    media = List.copyOf(media);
  }

  /** The first value of an attribute of the session. */
  public Optional<String> value(String attribute) {
    return values(attribute).findFirst();
  }

  /** All values of an attribute of the session, in order. */
  public Stream<String> values(String attribute) {
    return attributes.stream()
        .filter(each -> each.name().equals(attribute))
        .map(SdpAttribute::value);
  }

  /**
   * Reads a description.
   *
   * @throws MalformedDescription if it has no media section, one that cannot be read, or more of
   *     something than the settings allow
   */
  public static SessionDescription parse(String text, SdpSettings settings)
      throws MalformedDescription {
    if (text.length() > settings.maxChars()) {
      throw new MalformedDescription(
          "a session description of more than " + settings.maxChars() + " characters");
    }
    Reader reader = new Reader(settings);
    for (String line : text.split("[\r\n]+")) {
      reader.line(line.strip());
    }
    reader.endSection();
    if (reader.media.isEmpty()) {
      throw new MalformedDescription("a session description without a media section");
    }
    return new SessionDescription(reader.name, reader.attributes, reader.media);
  }

  /** What was read of a description so far. */
  private static final class Reader {
    private final SdpSettings settings;
    private final List<SdpAttribute> attributes = new ArrayList<>();
    private final List<MediaDescription> media = new ArrayList<>();
    private String name = "";
    private String sectionLine = "";
    private int sectionBandwidth;
    private List<SdpAttribute> sectionAttributes = new ArrayList<>();
    private int count;

    Reader(SdpSettings settings) {
      this.settings = settings;
    }

    void line(String line) throws MalformedDescription {
      if (line.startsWith("m=")) {
        endSection();
        if (media.size() == settings.maxMedia()) {
          throw new MalformedDescription("more than " + settings.maxMedia() + " media sections");
        }
        sectionLine = line.substring(2).strip();
        if (sectionLine.isEmpty()) {
          throw new MalformedDescription("an empty m= line");
        }
      } else if (line.startsWith("a=")) {
        if (++count > settings.maxAttributes()) {
          throw new MalformedDescription("more than " + settings.maxAttributes() + " attributes");
        }
        (sectionLine.isEmpty() ? attributes : sectionAttributes)
            .add(SdpAttribute.parse(line.substring(2)));
      } else if (line.startsWith("s=")) {
        name = line.substring(2).strip();
      } else if (line.matches("b=AS: *[0-9]{1,7}")) {
        sectionBandwidth = Integer.parseInt(line.substring(5).strip());
      }
    }

    void endSection() throws MalformedDescription {
      if (!sectionLine.isEmpty()) {
        String[] words = sectionLine.split("[ \t]+");
        var port = PORT.matcher(words.length > 1 ? words[1] : "");
        if (words.length < 4 || !port.matches() || Integer.parseInt(port.group(1)) > MAX_PORT) {
          throw new MalformedDescription("an m= line that cannot be read: " + sectionLine);
        }
        media.add(
            new MediaDescription(
                words[0],
                Integer.parseInt(port.group(1)),
                words[2],
                List.of(words).subList(3, words.length),
                sectionBandwidth,
                sectionAttributes));
        sectionAttributes = new ArrayList<>();
        sectionBandwidth = 0;
        sectionLine = "";
      }
    }
  }

  /**
   * Writes the description.
   *
   * @param sessionId number for the {@code o=} line, not negative
   * @param address IPv4 or IPv6 address of who writes
   */
  public String write(long sessionId, String address) {
    String family = address.indexOf(':') >= 0 ? "IP6" : "IP4";
    StringBuilder text = new StringBuilder(512);
    line(text, "v=0");
    line(text, "o=- %d 1 IN %s %s".formatted(sessionId, family, address));
    line(text, "s=" + (name.isEmpty() ? "-" : name));
    line(text, "c=IN %s %s".formatted(family, family.equals("IP6") ? "::" : "0.0.0.0"));
    line(text, "t=0 0");
    attributes.forEach(each -> line(text, each.toString()));
    for (MediaDescription each : media) {
      line(
          text,
          "m=%s %d %s %s"
              .formatted(
                  each.kind(), each.port(), each.protocol(), String.join(" ", each.formats())));
      if (each.bandwidth() > 0) {
        line(text, "b=AS:" + each.bandwidth());
      }
      each.attributes().forEach(attribute -> line(text, attribute.toString()));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append(END);
  }
}
