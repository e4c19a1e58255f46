package io.millrace.ingest.webrtc.talk;

import java.nio.ByteBuffer;

/**
 * What becomes of one frame of the master's sound, in Opus packets of the frame's length.
 *
 * @param all everybody: for the stream, and for those who only listen
 * @param withoutMaster for the master
 */
record Mix(ByteBuffer all, ByteBuffer withoutMaster) {}
