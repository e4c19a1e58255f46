package io.millrace.playback.hls;

import io.millrace.media.codec.Framing;
import io.millrace.media.track.Track;
import io.millrace.playback.sound.SoundSource;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A track that a player can be given.
 *
 * @param track with setup bytes that are valid, repaired where the producer's were not
 * @param framing how its frames are packed
 * @param codec RFC 6381 codec string
 * @param init its init segment
 * @param source the stored sound that the track is made from, empty where its frames are stored
 */
record PlayableTrack(
    Track track, Framing framing, String codec, Buffer init, Optional<SoundSource> source) {}
