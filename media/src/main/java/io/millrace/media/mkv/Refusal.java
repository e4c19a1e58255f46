package io.millrace.media.mkv;

import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.UnsupportedMedia;

/** Makes errors that name the element being read and where it stands. */
interface Refusal {
  MalformedMedia malformed(String what);

  UnsupportedMedia unsupported(String what);
}
