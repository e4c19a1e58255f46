package io.millrace.ingest.webrtc.stun;

/** The messages of the Binding method, the only one of ICE; the value is the first 16 bits. */
public enum StunType {
  BINDING_REQUEST(0x0001),
  BINDING_INDICATION(0x0011),
  BINDING_SUCCESS(0x0101),
  BINDING_ERROR(0x0111);

  private final int code;

  StunType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static StunType of(int code) throws MalformedStun {
    for (StunType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new MalformedStun("STUN message type 0x%04x".formatted(code));
  }
}
