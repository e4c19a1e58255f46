package io.millrace.playback.reading;

import io.millrace.media.track.Track;
import java.nio.ByteBuffer;

/**
 * A frame in decode order.
 *
 * @param track the track it belongs to, with setup that a player can use; another instance than
 *     before when the setup changed
 * @param captureNanos presentation time, epoch ns on the producer's clock
 * @param keyframe whether a decoder can start here; always for sound
 * @param afterGap whether media is missing before it
 * @param data NAL units with 4-byte lengths, raw AAC, or what else Matroska keeps; read-only
 */
public record ReadFrame(
    Track track, long captureNanos, boolean keyframe, boolean afterGap, ByteBuffer data) {}
