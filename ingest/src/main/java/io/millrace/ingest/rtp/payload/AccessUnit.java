package io.millrace.ingest.rtp.payload;

import java.nio.ByteBuffer;

/**
 * One frame as a depacketizer put it together.
 *
 * @param timestamp RTP timestamp of its packets, unwrapped to 64 bits: it counts up across the wrap
 * @param keyframe whether a decoder can start here (IDR or other random access point); always for
 *     sound
 * @param data in the form in which Matroska keeps the codec: NAL units with 4-byte lengths for
 *     H.264 and H.265 (all of them, parameter sets included, in the order sent), raw AAC without
 *     ADTS, a plain packet for Opus and G.711, a frame for VP8 and VP9, a temporal unit of OBUs
 *     with sizes and without temporal delimiter for AV1. Borrowed: the next frame overwrites it
 */
public record AccessUnit(long timestamp, boolean keyframe, ByteBuffer data) {}
