package io.millrace.ingest.putmedia;

import io.millrace.api.logging.LogLine;
import io.millrace.ingest.fragmenter.Fragment;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.media.codec.CodecSetup;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once per decoder setup of a session whether a player could be set up from it, so that the
 * owner of a camera learns of a problem when it is recorded and not when it is watched. Fragments
 * are kept as they came in any case; readers repair what can be repaired.
 */
final class CodecCheck {
  private static final Logger LOG = LoggerFactory.getLogger(CodecCheck.class);

  private final String requestId;
  private final String streamName;
  private final IngestMetrics.Stream metrics;
  private boolean looked;
  private int lookedAtFormat;

  CodecCheck(String requestId, String streamName, IngestMetrics.Stream metrics) {
    this.requestId = requestId;
    this.streamName = streamName;
    this.metrics = metrics;
  }

  void look(Fragment fragment) {
    if (looked && lookedAtFormat == fragment.formatId()) {
      return;
    }
    looked = true;
    lookedAtFormat = fragment.formatId();
    try {
      MkvFragment parsed = MkvFragment.parse(fragment.payload());
      for (Track track : parsed.header().tracks()) {
        for (Frame frame : parsed.frames()) {
          if (frame.trackNumber() == track.number()) {
            look(track, frame);
            break;
          }
        }
      }
    } catch (MediaException e) {
      report(String.valueOf(e.getMessage()));
    }
  }

  private void look(Track track, Frame first) {
    try {
      CodecSetup setup = CodecSetup.find(track, first.data());
      if (setup.repaired()) {
        LOG.info(
            "{}",
            line("codec_setup_repaired")
                .with("track", track.number())
                .with("codec", track.codecId())
                .with("framing", setup.framing()));
      }
    } catch (CodecSetup.Unrepairable e) {
      report(String.valueOf(e.getMessage()));
    }
  }

  private void report(String problem) {
    metrics.codecProblems().increment();
    LOG.warn("{}", line("codec_setup_unusable").with("message", problem));
  }

  private LogLine line(String event) {
    return LogLine.of(event).with("request_id", requestId).with("stream", streamName);
  }
}
