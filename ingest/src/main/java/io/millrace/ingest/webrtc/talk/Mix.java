package io.millrace.ingest.webrtc.talk;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one frame of the master's sound, in Opus packets of the frame's length.
 *
 * @param all everybody: for the stream, and for those who only listen
 * @param withoutMaster for the master; null where nobody says anything
 */
record Mix(ByteBuffer all, @Nullable ByteBuffer withoutMaster) {}
