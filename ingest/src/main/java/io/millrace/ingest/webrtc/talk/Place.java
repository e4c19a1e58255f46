package io.millrace.ingest.webrtc.talk;

/**
 * What a viewer has while it is heard: its sound on the way in, and the encoder of what it hears.
 */
final class Place {
  final Talker talker;
  final VoiceQueue queue;
  final VoiceEncoder encoder;

  /** Samples of the frame that is mixed; of the mixing desk. */
  final short[] voice = new short[VoiceEncoder.MAX_SAMPLES];

  /** When it sent sound last, on the clock of {@link System#nanoTime}; of the conversation. */
  long spokeNanos;

  Place(Talker talker, TalkSettings settings) {
    this.talker = talker;
    queue = new VoiceQueue(settings);
    encoder = new VoiceEncoder(settings);
  }
}
