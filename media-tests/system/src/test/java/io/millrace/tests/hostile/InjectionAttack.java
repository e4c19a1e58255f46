package io.millrace.tests.hostile;

import java.util.function.Supplier;

/** Packets with a camera's own address as sender. */
final class InjectionAttack implements Attack {
  private final String kind;
  private final OnPath path;
  private final Supplier<byte[]> packets;

  InjectionAttack(String kind, OnPath path, Supplier<byte[]> packets) {
    this.kind = kind;
    this.path = path;
    this.packets = packets;
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public long run(long wanted, Pace pace) {
    for (long i = 0; i < wanted; i++) {
      path.inject(packets.get());
      pace.sent();
    }
    return wanted;
  }
}
