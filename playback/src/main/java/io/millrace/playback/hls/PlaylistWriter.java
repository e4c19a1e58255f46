package io.millrace.playback.hls;

import io.millrace.media.mkv.FragmentTraits;
import io.millrace.playback.session.PlaybackSession;
import io.millrace.playback.source.Nanos;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Text of playlists (RFC 8216), in the order and with the names that recorded ones have. */
final class PlaylistWriter {
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private PlaylistWriter() {}

  /**
   * The master playlist. Sound that is Opus is offered as AAC as well, in a variant behind: a
   * player takes the first one it can play, and nothing is encoded before one asks for it.
   *
   * @param bitsPerSecond peak of the fragments looked at
   */
  static String master(PlaybackSession<HlsState> session, StreamFormat format, long bitsPerSecond) {
    boolean beside = format.second().isPresent();
    StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:1\n");
    if (beside) {
      rendition(text, "audio", mediaUri(session, 2));
    }
    if (beside && format.third().isPresent()) {
      rendition(text, "aac", mediaUri(session, StreamFormat.AAC_TRACK));
    }
    variant(text, format, format.codecs(), bitsPerSecond, beside ? "audio" : "")
        .append(mediaUri(session, 1))
        .append('\n');
    format
        .codecsWithAac()
        .ifPresent(
            codecs ->
                variant(text, format, codecs, bitsPerSecond, beside ? "aac" : "")
                    .append(mediaUri(session, beside ? 1 : StreamFormat.AAC_TRACK))
                    .append('\n'));
    return text.toString();
  }

  private static void rendition(StringBuilder text, String group, String uri) {
    text.append("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"")
        .append(group)
        .append("\",NAME=\"audio\",DEFAULT=YES,AUTOSELECT=YES,URI=\"")
        .append(uri)
        .append("\"\n");
  }

  private static StringBuilder variant(
      StringBuilder text, StreamFormat format, String codecs, long bitsPerSecond, String group) {
    text.append("#EXT-X-STREAM-INF:CODECS=\"").append(codecs).append('"');
    if (format.width() > 0) {
      text.append(",RESOLUTION=").append(format.width()).append('x').append(format.height());
    }
    if (format.frameRate() > 0) {
      text.append(String.format(Locale.ROOT, ",FRAME-RATE=%.3f", format.frameRate()));
    }
    text.append(",BANDWIDTH=").append(bitsPerSecond);
    if (!group.isEmpty()) {
      text.append(",AUDIO=\"").append(group).append('"');
    }
    return text.append('\n');
  }

  private static String mediaUri(PlaybackSession<HlsState> session, int track) {
    return "getHLSMediaPlaylist.m3u8?SessionToken=" + session.token() + "&TrackNumber=" + track;
  }

  /** The media playlist of one track. */
  static String media(PlaybackSession<HlsState> session, HlsState.Listing listing, int track) {
    StringBuilder text = new StringBuilder(256 + listing.fragments().size() * 192);
    text.append("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:")
        .append(listing.targetSeconds())
        .append("\n#EXT-X-MEDIA-SEQUENCE:")
        .append(listing.mediaSequence())
        .append('\n');
    if (listing.discontinuitySequence() > 0) {
      text.append("#EXT-X-DISCONTINUITY-SEQUENCE:")
          .append(listing.discontinuitySequence())
          .append('\n');
    }
    if (listing.ended()) {
      text.append("#EXT-X-PLAYLIST-TYPE:VOD\n");
    }
    text.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
    String tail = "&SessionToken=" + session.token() + "&TrackNumber=" + track + "\n";
    int format = -1;
    for (ListedFragment fragment : listing.fragments()) {
      if (fragment.discontinuity()) {
        text.append("#EXT-X-DISCONTINUITY\n");
      }
      if (fragment.format() != format) {
        format = fragment.format();
        text.append("#EXT-X-MAP:URI=\"getMP4InitFragment.mp4?SessionToken=")
            .append(session.token())
            .append("&TrackNumber=")
            .append(track)
            .append("&SequenceNumber=")
            .append(format)
            .append("\"\n");
      }
      if (session.state().showTimes()) {
        text.append("#EXT-X-PROGRAM-DATE-TIME:");
        long startNanos = session.spec().startNanos(fragment.entry()) + leadNanos(fragment, track);
        DATE_TIME.formatTo(Nanos.toInstant(startNanos), text);
        text.append('\n');
      }
      seconds(
          text.append("#EXTINF:"),
          Math.max(0, fragment.entry().durationNanos() - leadNanos(fragment, track)));
      text.append(",\ngetMP4MediaFragment.mp4?FragmentNumber=")
          .append(fragment.entry().number())
          .append(tail);
    }
    return listing.ended() ? text.append("#EXT-X-ENDLIST\n").toString() : text.toString();
  }

  /**
   * How long after the fragment's own time the first sample of a track's segment is: the date and
   * time of a segment are those of its first sample (RFC 8216 section 4.3.2.6). Track 1 holds the
   * pictures where there are any.
   */
  private static long leadNanos(ListedFragment fragment, int track) {
    return track == 1
        ? FragmentTraits.of(fragment.entry().flags()).firstPictureMillis() * Nanos.PER_MILLI
        : 0;
  }

  private static void seconds(StringBuilder text, long nanos) {
    long millis = Math.round(nanos / (double) Nanos.PER_MILLI);
    text.append(millis / 1000).append('.');
    long rest = millis % 1000;
    text.append(rest < 100 ? rest < 10 ? "00" : "0" : "").append(rest);
  }
}
