package io.millrace.tests.load;

import io.millrace.tests.client.Ack;
import io.millrace.tests.client.PutMediaSocket;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One camera that sends a fragment per second in real time, in network-sized pieces, and keeps what
 * it was told. Runs on a thread of its own.
 */
public final class LoadCamera implements Runnable {
  private static final long FRAGMENT_MILLIS = 1000;
  private static final int PIECES_PER_FRAGMENT = 30;

  private final URI endpoint;
  private final String stream;
  private final CameraClip clip;
  private final AtomicBoolean stop;
  private final long startMillis = System.currentTimeMillis();
  private final Map<Long, Long> sentNanos = new ConcurrentHashMap<>();
  private final List<Long> sent = new ArrayList<>();
  private final Map<Long, Ack> persisted = new ConcurrentHashMap<>();
  private final List<Ack> errors = java.util.Collections.synchronizedList(new ArrayList<>());
  private volatile String failure = "";

  public LoadCamera(URI endpoint, String stream, CameraClip clip, AtomicBoolean stop) {
    this.endpoint = endpoint;
    this.stream = stream;
    this.clip = clip;
    this.stop = stop;
  }

  @Override
  public void run() {
    try (PutMediaSocket socket = PutMediaSocket.absolute(endpoint, stream, this::onAck)) {
      byte[] header = new byte[clip.header().remaining()];
      clip.header().duplicate().get(header);
      socket.send(header, 0, header.length);
      long startNanos = System.nanoTime();
      for (int index = 0; !stop.get(); index++) {
        sendPaced(socket, index, startNanos + index * FRAGMENT_MILLIS * 1_000_000);
      }
      socket.finish();
      socket.ended().join();
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure = e.toString();
    }
  }

  private void sendPaced(PutMediaSocket socket, int index, long dueNanos)
      throws IOException, InterruptedException {
    long timecode = startMillis + index * FRAGMENT_MILLIS;
    byte[] cluster = clip.clusterAt(index, timecode);
    int piece = cluster.length / PIECES_PER_FRAGMENT + 1;
    long pieceNanos = FRAGMENT_MILLIS * 1_000_000 / PIECES_PER_FRAGMENT;
    long at = dueNanos;
    for (int offset = 0; offset < cluster.length; offset += piece, at += pieceNanos) {
      long waitNanos = at - System.nanoTime();
      if (waitNanos > 0) {
        Thread.sleep(java.time.Duration.ofNanos(waitNanos));
      }
      if (offset + piece >= cluster.length) {
        sentNanos.put(timecode, System.nanoTime());
        sent.add(timecode);
      }
      socket.send(cluster, offset, Math.min(piece, cluster.length - offset));
    }
  }

  private void onAck(Ack ack) {
    switch (ack.type()) {
      case "PERSISTED" -> persisted.put(ack.timecode(), ack);
      case "ERROR" -> errors.add(ack);
      default -> {
        // BUFFERING, RECEIVED and IDLE say nothing about durability.
      }
    }
  }

  public String stream() {
    return stream;
  }

  /** Timecodes sent whole, in order. */
  public List<Long> sent() {
    return sent;
  }

  /** PERSISTED acks by timecode. */
  public Map<Long, Ack> persisted() {
    return persisted;
  }

  public List<Ack> errors() {
    return errors;
  }

  /** Why the connection ended early; empty when it did not. */
  public String failure() {
    return failure;
  }

  /** Milliseconds from the last byte sent to PERSISTED, per acknowledged fragment. */
  public List<Double> ackMillis() {
    List<Double> millis = new ArrayList<>();
    persisted.forEach(
        (timecode, ack) -> {
          Long at = sentNanos.get(timecode);
          if (at != null) {
            millis.add((ack.nanos() - at) / 1e6);
          }
        });
    return millis;
  }
}
