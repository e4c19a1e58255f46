package io.millrace.playback.sound;

import java.nio.ByteBuffer;

/**
 * An encoded frame.
 *
 * @param sample the first of the 1,024 samples it decodes to
 * @param data raw AAC without a header
 */
public record AacFrame(long sample, ByteBuffer data) {}
