package io.millrace.tests.client;

import com.amazonaws.kinesisvideo.parser.ebml.InputStreamParserByteSource;
import com.amazonaws.kinesisvideo.parser.mkv.Frame;
import com.amazonaws.kinesisvideo.parser.mkv.MkvElementVisitException;
import com.amazonaws.kinesisvideo.parser.mkv.StreamingMkvReader;
import com.amazonaws.kinesisvideo.parser.utilities.FragmentMetadata;
import com.amazonaws.kinesisvideo.parser.utilities.FrameVisitor;
import com.amazonaws.kinesisvideo.parser.utilities.MkvTrackMetadata;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What the AWS parser library, which nobody here wrote, sees in Matroska bytes. */
public final class ParserLibrary {
  /**
   * A frame as the library saw it.
   *
   * @param track its number
   * @param timecode block offset in ticks
   * @param keyframe as flagged
   * @param md5 of its payload
   * @param fragmentNumber of the fragment's tags; empty for a producer's file
   * @param producerMillis producer timestamp of the fragment's tags; 0 for a producer's file
   */
  public record SeenFrame(
      long track,
      int timecode,
      boolean keyframe,
      String md5,
      String fragmentNumber,
      long producerMillis) {
    /** Track, time, flag and payload: what must survive storage. */
    public String content() {
      return track + " " + timecode + " " + keyframe + " " + md5;
    }
  }

  private ParserLibrary() {}

  /** All frames until the input ends or {@code enough} says so. */
  public static List<SeenFrame> frames(InputStream in, Predicate<List<SeenFrame>> enough) {
    List<SeenFrame> frames = new ArrayList<>();
    FrameVisitor visitor =
        FrameVisitor.create(
            new FrameVisitor.FrameProcessor() {
              @Override
              public void process(
                  Frame frame, MkvTrackMetadata track, Optional<FragmentMetadata> fragment) {
                frames.add(
                    new SeenFrame(
                        frame.getTrackNumber(),
                        frame.getTimeCode(),
                        frame.isKeyFrame(),
                        md5(frame.getFrameData()),
                        fragment.map(FragmentMetadata::getFragmentNumberString).orElse(""),
                        fragment.map(FragmentMetadata::getProducerSideTimestampMillis).orElse(0L)));
              }
            });
    StreamingMkvReader reader =
        StreamingMkvReader.createDefault(new InputStreamParserByteSource(in));
    try {
      while (reader.mightHaveNext() && !enough.test(frames)) {
        var element = reader.nextIfAvailable();
        if (element.isPresent()) {
          element.get().accept(visitor);
        }
      }
    } catch (MkvElementVisitException e) {
      throw new IllegalStateException(e);
    }
    return frames;
  }

  /** All frames of an input that ends. */
  public static List<SeenFrame> frames(InputStream in) {
    return frames(in, seen -> false);
  }

  private static String md5(ByteBuffer data) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(data.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
