package io.millrace.media.mkv;

import io.millrace.media.ebml.EbmlWriter;
import java.nio.ByteBuffer;

/** Small documents that hold what recordings lack. */
final class SmallDocuments {
  private SmallDocuments() {}

  static byte[] bytes(EbmlWriter out) {
    ByteBuffer view = out.finish();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    return bytes;
  }

  static EbmlWriter head(EbmlWriter out) {
    return out.open(MatroskaId.EBML, 1)
        .integer(MatroskaId.EBML_READ_VERSION, 1)
        .text(MatroskaId.DOC_TYPE, "matroska")
        .close()
        .unknownSize(MatroskaId.SEGMENT, 8);
  }

  static EbmlWriter block(EbmlWriter out, int id, int track, int ticks, int flags, int... rest) {
    ByteBuffer content = ByteBuffer.allocate(4 + rest.length);
    content.put((byte) (0x80 | track)).putShort((short) ticks).put((byte) flags);
    for (int b : rest) {
      content.put((byte) b);
    }
    return out.binary(id, content.flip());
  }

  static byte[] withTracksAndTags(int tracks, int tags) {
    EbmlWriter out = head(new EbmlWriter(256)).open(MatroskaId.TRACKS, 4);
    for (int i = 1; i <= tracks; i++) {
      out.open(MatroskaId.TRACK_ENTRY, 1).integer(MatroskaId.TRACK_NUMBER, i).close();
    }
    out.close().open(MatroskaId.TAGS, 4).open(MatroskaId.TAG, 4);
    for (int i = 1; i <= tags; i++) {
      out.open(MatroskaId.SIMPLE_TAG, 1).text(MatroskaId.TAG_NAME, "tag" + i).close();
    }
    out.close().close();
    out.open(MatroskaId.CLUSTER, 4).integer(MatroskaId.TIMECODE, 0).close();
    return bytes(out);
  }

  /** All lacings, a block group, a scale of 100 µs, skipped elements, two documents. */
  static byte[] everyElement() {
    EbmlWriter out = head(new EbmlWriter(1024));
    out.binary(MatroskaId.SEEK_HEAD, ByteBuffer.allocate(9));
    out.binary(MatroskaId.VOID, ByteBuffer.allocate(5));
    out.open(MatroskaId.INFO, 2)
        .integer(MatroskaId.TIMECODE_SCALE, 100_000)
        .real(MatroskaId.DURATION, 1234.5)
        .close();
    out.open(MatroskaId.TRACKS, 2).binary(MatroskaId.CRC_32, ByteBuffer.allocate(4));
    out.open(MatroskaId.TRACK_ENTRY, 1)
        .integer(MatroskaId.TRACK_NUMBER, 1)
        .integer(MatroskaId.TRACK_UID, -1L)
        .integer(MatroskaId.TRACK_TYPE, 2)
        .text(MatroskaId.CODEC_ID, "A_TEST")
        .integer(MatroskaId.DEFAULT_DURATION, 20_000_000)
        .binary(MatroskaId.CODEC_PRIVATE, ByteBuffer.wrap(new byte[] {1, 2, 3}))
        .open(MatroskaId.AUDIO, 1)
        .real(MatroskaId.SAMPLING_FREQUENCY, 8000)
        .integer(MatroskaId.CHANNELS, 2)
        .close()
        .close();
    out.open(MatroskaId.TRACK_ENTRY, 1)
        .integer(MatroskaId.TRACK_NUMBER, 2)
        .integer(MatroskaId.TRACK_TYPE, 1)
        .text(MatroskaId.CODEC_ID, "V_TEST")
        .open(MatroskaId.CONTENT_ENCODINGS, 1)
        .close()
        .close();
    out.close();
    out.binary(MatroskaId.CHAPTERS, ByteBuffer.allocate(3));
    out.binary(MatroskaId.ATTACHMENTS, ByteBuffer.allocate(3));
    out.unknownSize(MatroskaId.CLUSTER, 2).integer(MatroskaId.TIMECODE, 1000);
    block(out, MatroskaId.SIMPLE_BLOCK, 1, 5, 0x80, 0xaa);
    block(out, MatroskaId.SIMPLE_BLOCK, 1, -5, 0x00, 0xbb, 0xcc);
    block(out, MatroskaId.SIMPLE_BLOCK, 1, 10, 0x82, 2, 1, 2, 0xa1, 0xb1, 0xb2, 0xc1);
    block(out, MatroskaId.SIMPLE_BLOCK, 1, 20, 0x84, 1, 0xa1, 0xa2, 0xb1, 0xb2);
    block(
        out,
        MatroskaId.SIMPLE_BLOCK,
        1,
        30,
        0x86,
        3,
        0x82,
        0xbe,
        0xc1,
        0xa1,
        0xa2,
        0xb1,
        0xc1,
        0xc2,
        0xc3,
        0xd1);
    out.open(MatroskaId.BLOCK_GROUP, 1);
    block(out, MatroskaId.BLOCK, 2, 40, 0x00, 0xdd);
    out.integer(MatroskaId.BLOCK_DURATION, 400).close();
    out.open(MatroskaId.BLOCK_GROUP, 1).integer(MatroskaId.BLOCK_DURATION, 300);
    block(out, MatroskaId.BLOCK, 2, 50, 0x02, 1, 1, 0xdd, 0xee, 0xff);
    out.integer(MatroskaId.REFERENCE_BLOCK, 40).close();
    out.open(MatroskaId.TAGS, 1).open(MatroskaId.TAG, 1).open(MatroskaId.SIMPLE_TAG, 1);
    out.text(MatroskaId.TAG_NAME, SimpleTag.END_OF_FRAGMENT).text(MatroskaId.TAG_STRING, "");
    out.close().close().close();
    out.open(MatroskaId.CLUSTER, 2).integer(MatroskaId.TIMECODE, 2000);
    block(out, MatroskaId.SIMPLE_BLOCK, 1, 0, 0x80);
    out.close();
    out.binary(MatroskaId.CUES, ByteBuffer.allocate(3));
    head(out).unknownSize(MatroskaId.CLUSTER, 1).integer(MatroskaId.TIMECODE, 0);
    return bytes(out);
  }
}
