package io.millrace.ingest.fragmenter;

import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.MkvHeader;
import java.nio.ByteBuffer;

/**
 * A complete fragment.
 *
 * @param header what its document declared
 * @param timecode of its Cluster as the producer wrote it, in ticks
 * @param timecodeNanos the same in nanoseconds on the producer's clock
 * @param durationNanos from its timecode to the end of its last frame in presentation order
 * @param frames number of frames
 * @param formatId equal for equal decoder setup, see {@link FragmentTraits#formatId}
 * @param traits what the store keeps as flags
 * @param payload header part, tags and Cluster; whoever gets the fragment <em>takes</em> it
 */
public record Fragment(
    MkvHeader header,
    long timecode,
    long timecodeNanos,
    long durationNanos,
    int frames,
    int formatId,
    FragmentTraits traits,
    ByteBuffer payload) {}
