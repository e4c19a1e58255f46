package io.millrace.ingest.webrtc.talk;

import io.millrace.media.opus.OpusConfig;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a frame of the master and what the talkers said meanwhile into what each one hears. */
final class MixingDesk {
  /** Loudest sample of what counts as silence, as muted microphones send it: -60 dB. */
  private static final int SILENCE = 32;

  private final int pauseSamples;
  private final VoiceDecoder masterDecoder = new VoiceDecoder();
  private final VoiceEncoder all;
  private final VoiceEncoder withoutMaster;
  private final Mixer mixer = new Mixer(VoiceEncoder.MAX_SAMPLES);
  private final short[] master = new short[VoiceDecoder.MAX_SAMPLES];
  private final short[] out = new short[VoiceEncoder.MAX_SAMPLES];

  /** For how long nobody said anything. */
  private long silentSamples;

  MixingDesk(TalkSettings settings) {
    pauseSamples = VoiceQueue.samples(settings.pause());
    all = new VoiceEncoder(settings);
    withoutMaster = new VoiceEncoder(settings);
  }

  /**
   * Mixes a frame, and tells the talkers what they hear instead of the mix.
   *
   * @param frame of the master; borrowed
   * @return null where the frame cannot be read, or has a length that is not encoded
   */
  synchronized @Nullable Mix mix(byte[] frame, List<Place> places) {
    int samples = OpusConfig.samples(ByteBuffer.wrap(frame));
    if (!VoiceEncoder.takes(samples)) {
      return null;
    }
    mixer.begin(samples);
    silentSamples += samples;
    for (Place place : places) {
      place.queue.read(place.voice, samples);
      mixer.add(place.voice);
      silentSamples = isSilent(place.voice, samples) ? silentSamples : 0;
    }
    if (silentSamples > pauseSamples) {
      // Microphones that are open and give nothing do not change what is stored.
      return new Mix(ByteBuffer.wrap(frame), null);
    }
    if (masterDecoder.decode(frame, master, 0) != samples) {
      return null;
    }
    mixer.add(master);
    mixer.all(out);
    byte[] mixed = all.encode(out, samples);
    for (Place place : places) {
      place.talker.hears(mixed, places.size() == 1 ? frame : without(place, samples));
    }
    mixer.allBut(master, out);
    return new Mix(ByteBuffer.wrap(mixed), ByteBuffer.wrap(withoutMaster.encode(out, samples)));
  }

  private static boolean isSilent(short[] voice, int samples) {
    for (int i = 0; i < samples; i++) {
      if (Math.abs(voice[i]) > SILENCE) {
        return false;
      }
    }
    return true;
  }

  private byte[] without(Place place, int samples) {
    mixer.allBut(place.voice, out);
    return place.encoder.encode(out, samples);
  }
}
