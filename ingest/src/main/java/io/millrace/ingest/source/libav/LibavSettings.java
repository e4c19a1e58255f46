package io.millrace.ingest.source.libav;

import java.time.Duration;

/**
 * How sources are read through libav.
 *
 * @param maxWorkers most processes at one time, probes included; default 32
 * @param workerHeapBytes heap of each; default 96 MiB
 * @param maxFrameBytes largest frame; default 16 MiB
 * @param queuedBytes of frames that wait for the store before a worker is held back; default 8 MiB
 * @param startLimit for a worker to start; default 60 s
 * @param listenLimit after which a listener that nobody sends to begins anew, which frees one that
 *     a silent client holds; default 5 min
 * @param probeTime how long a probe looks at media; default 6 s
 * @param trustAll whether certificates of https are taken unseen
 * @param listenHost where URLs without a host listen
 * @param openListeners whether listeners without a passphrase may be open to the network
 */
public record LibavSettings(
    int maxWorkers,
    long workerHeapBytes,
    int maxFrameBytes,
    int queuedBytes,
    Duration startLimit,
    Duration listenLimit,
    Duration probeTime,
    boolean trustAll,
    String listenHost,
    boolean openListeners) {}
