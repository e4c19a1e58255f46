package io.millrace.ingest.rtp.packet;

/** Numbers of RTCP packets, and of the formats of feedback (IANA, RFC 4585, RFC 5104). */
final class RtcpTypes {
  static final int SENDER_REPORT = 200;
  static final int RECEIVER_REPORT = 201;
  static final int SOURCE_DESCRIPTION = 202;
  static final int BYE = 203;
  static final int TRANSPORT_FEEDBACK = 205;
  static final int PAYLOAD_FEEDBACK = 206;

  static final int GENERIC_NACK = 1;
  static final int TRANSPORT_WIDE = 15;

  static final int PICTURE_LOSS = 1;
  static final int FULL_INTRA = 4;
  static final int APPLICATION = 15;

  /** "REMB". */
  static final int REMB = 0x52454d42;

  private RtcpTypes() {}
}
