package io.millrace.playback.source;

import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.stream.StreamInfo;

/** A stream that exists and its fragments. */
public record SourceStream(StreamInfo info, FragmentLog log) {
  /** Identity that a later stream of the same name does not share. */
  public String key() {
    return info.name() + "/" + info.createdMillis();
  }
}
