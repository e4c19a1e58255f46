package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.store.StoreException;
import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.file.SegmentHeader;
import io.millrace.store.segment.file.SegmentIndexFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Any bytes in the place of a file: read as what they are, or refused with a clear error. */
class SegmentFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void readsAnyIndex(byte[] bytes) {
    try {
      SegmentIndexFile header = SegmentIndexFile.decodeHeader(bytes);
      byte[] body = new byte[Math.max(0, bytes.length - SegmentIndexFile.HEADER_BYTES)];
      System.arraycopy(bytes, SegmentIndexFile.HEADER_BYTES, body, 0, body.length);
      assertThat(header.decodeBody(body).size()).isEqualTo(header.heads());
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @FuzzTest(maxDuration = "30s")
  void readsAnyHeaderAndState(byte[] bytes) {
    try {
      assertThat(SegmentHeader.decode(ByteBuffer.wrap(bytes)).stream()).isNotNull();
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    try {
      LaneState state = LaneState.decode(ByteBuffer.wrap(bytes));
      assertThat(LaneState.decode(state.encode())).isEqualTo(state);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** Overwrites a stretch of a sound segment or index; it opens with a prefix, or stops. */
  @FuzzTest(maxDuration = "30s")
  void recoversFromAnyDamage(FuzzedDataProvider data) throws IOException {
    SimulatedStorage storage = new SimulatedStorage(new SplittableRandom(9));
    InlineLog log = new InlineLog(storage);
    for (int id = 1; id <= 6; id++) {
      log.append(id, 20_000);
    }
    log.engine.close();
    var paths = storage.paths().stream().filter(path -> path.startsWith("streams/yard")).toList();
    String path = paths.get(data.consumeInt(0, paths.size() - 1));
    long offset = data.consumeLong(0, storage.bytes(path) - 1);
    storage.overwrite(path, offset, data.consumeRemainingAsBytes());
    try {
      log.open();
      assertThat(log.ids()).isSorted().doesNotHaveDuplicates().allMatch(id -> id <= 6);
      log.append(7, 100);
    } catch (StoreException e) {
      assertThat(e.kind()).isEqualTo(StoreException.Kind.IO);
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
