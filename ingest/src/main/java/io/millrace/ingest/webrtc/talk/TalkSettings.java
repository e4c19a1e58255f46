package io.millrace.ingest.webrtc.talk;

import java.time.Duration;

/**
 * Limits of a conversation.
 *
 * @param maxTalkers viewers whose sound is heard at one time
 * @param pause a viewer who sends no sound for so long gives its place to another
 * @param lead sound of a viewer that is kept back before it is heard, against jitter
 * @param maxDelay sound of a viewer that may wait; what is older is dropped, down to the lead
 * @param reorderWait how long a missing packet of a viewer is waited for
 * @param maxWaitingFrames frames of the master that may wait to be mixed; beyond that they go on as
 *     they came
 * @param bitrate of what is encoded, bits a second
 * @param complexity effort of encoding, 0 to 10
 */
public record TalkSettings(
    int maxTalkers,
    Duration pause,
    Duration lead,
    Duration maxDelay,
    Duration reorderWait,
    int maxWaitingFrames,
    int bitrate,
    int complexity) {
  /** 3 talkers, 1 s, 60 ms, 400 ms, 40 ms, 50 frames, 48 kbit/s, complexity 5. */
  public static TalkSettings defaults() {
    return new TalkSettings(
        3,
        Duration.ofSeconds(1),
        Duration.ofMillis(60),
        Duration.ofMillis(400),
        Duration.ofMillis(40),
        50,
        48_000,
        5);
  }

  /** The same with another number of talkers. */
  public TalkSettings withMaxTalkers(int talkers) {
    return new TalkSettings(
        talkers, pause, lead, maxDelay, reorderWait, maxWaitingFrames, bitrate, complexity);
  }
}
