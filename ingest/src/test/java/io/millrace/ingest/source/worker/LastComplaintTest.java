package io.millrace.ingest.source.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_WARNING;

import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

/** What of libav's log may be told. */
class LastComplaintTest {
  @Test
  void addressesAndPlacesInMemoryAreTakenOut() {
    assertThat(
            LastComplaint.clean(
                "[srt @ 0x7f2c1c0] Connection to srt://10.0.0.7:9000?passphrase=secret failed: no\n"))
        .isEqualTo("srt: Connection to the address failed: no");
    assertThat(LastComplaint.clean("[https @ 0x1] HTTP error at https://u:p@cam/x.mkv"))
        .isEqualTo("https: HTTP error at the address");
    assertThat(LastComplaint.clean("x".repeat(200))).hasSize(200);
    assertThat(LastComplaint.clean("x".repeat(201))).hasSize(200);
  }

  @Test
  void theLastErrorStays() {
    try (LastComplaint complaint = new LastComplaint();
        BytePointer first = new BytePointer("first");
        BytePointer error = new BytePointer("[tls @ 0x1] certificate verify failed");
        BytePointer empty = new BytePointer("\n")) {
      assertThat(complaint.words()).isEmpty();
      complaint.call(AV_LOG_ERROR, first);
      complaint.call(AV_LOG_ERROR, error);
      complaint.call(AV_LOG_ERROR, empty);
      complaint.call(AV_LOG_WARNING, first);
      assertThat(complaint.words()).isEqualTo("tls: certificate verify failed");
    }
  }
}
