package io.millrace.ingest.webrtc.negotiation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A session description cut into lines and sections (RFC 8866), what they mean left alone.
 *
 * @param session attributes before the first section
 * @param sections one for each {@code m=} line
 */
record SessionText(List<Attribute> session, List<Section> sections) {
  static final int MAX_LENGTH = 64 << 10;
  static final int MAX_SECTIONS = 16;
  private static final int MAX_ATTRIBUTES = 2000;

  /** {@code a=name:value}; the value is empty for a flag. */
  record Attribute(String name, String value) {}

  /**
   * An {@code m=} line and what follows it.
   *
   * @param kind {@code audio}, {@code video}, {@code application}
   * @param formats payload types, as text
   */
  record Section(
      String kind, int port, String protocol, List<String> formats, List<Attribute> attributes) {
    Stream<String> values(String name) {
      return attributes.stream().filter(each -> each.name.equals(name)).map(Attribute::value);
    }

    Optional<String> value(String name) {
      return values(name).findFirst();
    }

    boolean has(String name) {
      return value(name).isPresent();
    }
  }

  /** First value of an attribute of the session. */
  Optional<String> value(String name) {
    return session.stream()
        .filter(each -> each.name.equals(name))
        .map(Attribute::value)
        .findFirst();
  }

  /** A section's first value of an attribute, or else the session's. */
  Optional<String> value(Section section, String name) {
    return section.value(name).or(() -> value(name));
  }

  /**
   * Cuts a description.
   *
   * @throws DescriptionRefused if it is none, or has too much of something
   */
  static SessionText parse(String sdp) {
    if (sdp.length() > MAX_LENGTH) {
      throw new DescriptionRefused("The session description is longer than " + MAX_LENGTH);
    }
    String[] lines = sdp.split("\r?\n");
    if (!lines[0].startsWith("v=0")) {
      throw new DescriptionRefused("A session description begins with v=0");
    }
    List<Attribute> session = new ArrayList<>();
    List<Section> sections = new ArrayList<>();
    List<Attribute> into = session;
    int count = 0;
    for (String line : lines) {
      if (line.startsWith("m=")) {
        into = new ArrayList<>();
        sections.add(section(line, into));
        if (sections.size() > MAX_SECTIONS) {
          throw new DescriptionRefused("More than " + MAX_SECTIONS + " media sections");
        }
      } else if (line.startsWith("a=")) {
        if (++count > MAX_ATTRIBUTES) {
          throw new DescriptionRefused("More than " + MAX_ATTRIBUTES + " attributes");
        }
        int colon = line.indexOf(':');
        into.add(
            colon < 0
                ? new Attribute(line.substring(2).strip(), "")
                : new Attribute(line.substring(2, colon), line.substring(colon + 1).strip()));
      }
    }
    return new SessionText(session, sections);
  }

  private static Section section(String line, List<Attribute> attributes) {
    String[] words = line.substring(2).strip().split(" +");
    if (words.length < 4 || !words[1].matches("[0-9]{1,5}(/[0-9]{1,5})?")) {
      throw new DescriptionRefused("No media section: " + line);
    }
    int port = Integer.parseInt(words[1].replaceFirst("/.*", ""));
    return new Section(
        words[0], port, words[2], List.of(words).subList(3, words.length), attributes);
  }
}
