package io.millrace.server.demo;

import java.nio.ByteBuffer;

/**
 * One encoded access unit or audio frame.
 *
 * @param ptsMillis presentation time, epoch milliseconds
 * @param keyframe whether decoding can start here
 * @param data its bytes
 */
record EncodedUnit(long ptsMillis, boolean keyframe, ByteBuffer data) {}
