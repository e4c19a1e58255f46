package io.millrace.media.mp4;

import io.millrace.media.track.MediaException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Lays the five tables of a {@code stbl} side by side (ISO 14496-12 sections 8.6 and 8.7). */
final class SampleTableReader {
  private final Mp4Settings settings;
  private final long fileSize;
  private @Nullable BoxReader times;
  private @Nullable BoxReader offsets;
  private @Nullable BoxReader syncs;
  private @Nullable BoxReader chunkRuns;
  private @Nullable BoxReader sizes;
  private @Nullable BoxReader chunks;

  SampleTableReader(Mp4Settings settings, long fileSize) {
    this.settings = settings;
    this.fileSize = fileSize;
  }

  /** Reads all samples; none where the tables are empty, as in fragmented files. */
  SampleTable read(BoxReader stbl) throws MediaException {
    for (BoxReader box = stbl.next(); box != null; box = stbl.next()) {
      switch (box.type()) {
        case "stts" -> times = box;
        case "ctts" -> offsets = box;
        case "stss" -> syncs = box;
        case "stsc" -> chunkRuns = box;
        case "stsz", "stz2" -> sizes = box;
        case "stco", "co64" -> chunks = box;
        default -> {}
      }
    }
    SampleTable table = new SampleTable();
    if (times == null || chunkRuns == null || sizes == null || chunks == null) {
      return table;
    }
    fill(
        table,
        new Sizes(sizes, settings, fileSize),
        new Runs(times, 4),
        offsets == null ? null : new Runs(offsets, 4),
        syncSamples(),
        new Chunks(chunkRuns, chunks));
    return table;
  }

  private static void fill(
      SampleTable table,
      Sizes sizes,
      Runs times,
      @Nullable Runs offsets,
      @Nullable BitSet syncs,
      Chunks chunks)
      throws MediaException {
    long decode = 0;
    for (int i = 0; i < sizes.count; i++) {
      int duration = times.next();
      if (duration < 0) {
        throw times.box.malformed("a sample lasts more than 2^31 ticks");
      }
      int composition = offsets == null ? 0 : offsets.next();
      int size = sizes.next();
      boolean sync = syncs == null || syncs.get(i);
      table.add(decode, composition, duration, chunks.next(size), size, sync);
      decode += duration;
    }
  }

  private @Nullable BitSet syncSamples() throws MediaException {
    BoxReader box = syncs;
    if (box == null) {
      return null;
    }
    box.skip(4);
    int count = box.count(4);
    BitSet set = new BitSet();
    for (int i = 0; i < count; i++) {
      long number = box.unsigned32();
      if (number < 1 || number > settings.maxSamples()) {
        throw box.malformed("sync sample " + number);
      }
      set.set((int) number - 1);
    }
    return set;
  }

  /** Values of a run-length coded table, one sample at a time. */
  private static final class Runs {
    private final BoxReader box;
    private int entries;
    private long left;
    private int value;

    private Runs(BoxReader box, int valueBytes) throws MediaException {
      this.box = box;
      box.skip(4);
      entries = box.count(4 + valueBytes);
    }

    private int next() throws MediaException {
      while (left == 0) {
        if (entries-- == 0) {
          throw box.malformed("table has fewer samples than stsz");
        }
        left = box.unsigned32();
        value = box.int32();
      }
      left--;
      return value;
    }
  }

  private static final class Sizes {
    private final BoxReader box;
    private final Mp4Settings settings;
    private final int count;
    private final int constant;
    private int fieldBits = 32;
    private int halfByte = -1;

    private Sizes(BoxReader box, Mp4Settings settings, long fileSize) throws MediaException {
      this.box = box;
      this.settings = settings;
      box.skip(4);
      int first = box.int32();
      long samples = box.unsigned32();
      if (box.type().equals("stz2")) {
        fieldBits = first & 0xff;
        constant = 0;
        if (fieldBits != 4 && fieldBits != 8 && fieldBits != 16) {
          throw box.malformed("sizes of " + fieldBits + " bits");
        }
      } else {
        constant = first;
      }
      if (samples > settings.maxSamples()) {
        throw box.unsupported(
            "%d samples exceed the limit of %d".formatted(samples, settings.maxSamples()));
      }
      long needed = constant == 0 ? (samples * fieldBits + 7) / 8 : samples * constant;
      if (constant < 0 || needed > (constant == 0 ? box.left() : fileSize)) {
        throw box.malformed("%d samples do not fit".formatted(samples));
      }
      count = (int) samples;
    }

    private int next() throws MediaException {
      int size = constant != 0 ? constant : field();
      if (size < 0 || size > settings.maxSampleBytes()) {
        throw box.unsupported(
            "sample of %d bytes exceeds the limit of %d"
                .formatted(size & 0xffffffffL, settings.maxSampleBytes()));
      }
      return size;
    }

    private int field() throws MediaException {
      return switch (fieldBits) {
        case 8 -> box.int8();
        case 16 -> box.int16();
        case 32 -> box.int32();
        default -> {
          if (halfByte >= 0) {
            int low = halfByte;
            halfByte = -1;
            yield low;
          }
          int both = box.int8();
          halfByte = both & 0xf;
          yield both >> 4;
        }
      };
    }
  }

  /** File offsets of samples, chunk after chunk. */
  private static final class Chunks {
    private final BoxReader runs;
    private final BoxReader offsets;
    private final boolean wide;
    private int runsLeft;
    private final int chunkCount;
    private int chunk;
    private long nextRunStart;
    private long samplesPerChunk;
    private long nextSamplesPerChunk;
    private long samplesLeft;
    private long at;

    private Chunks(BoxReader runs, BoxReader offsets) throws MediaException {
      this.runs = runs;
      this.offsets = offsets;
      wide = offsets.type().equals("co64");
      runs.skip(4);
      runsLeft = runs.count(12);
      offsets.skip(4);
      chunkCount = offsets.count(wide ? 8 : 4);
      readRun();
    }

    private void readRun() throws MediaException {
      nextRunStart = Long.MAX_VALUE;
      if (runsLeft > 0) {
        runsLeft--;
        nextRunStart = runs.unsigned32();
        nextSamplesPerChunk = runs.unsigned32();
        runs.skip(4);
      }
    }

    private long next(int size) throws MediaException {
      while (samplesLeft == 0) {
        if (chunk == chunkCount) {
          throw offsets.malformed("chunks hold fewer samples than stsz has");
        }
        chunk++;
        while (nextRunStart <= chunk) {
          samplesPerChunk = nextSamplesPerChunk;
          readRun();
        }
        samplesLeft = samplesPerChunk;
        at = wide ? offsets.int64() : offsets.unsigned32();
      }
      samplesLeft--;
      long offset = at;
      at += size;
      return offset;
    }
  }
}
