package io.millrace.playback.frame;

/**
 * How a picture is encoded.
 *
 * @param encoding file format
 * @param quality JPEG quality 1..100, ignored for PNG
 * @param width pixels; 0 keeps the aspect of the video
 * @param height pixels; 0 keeps the aspect of the video; both 0 keep its size
 */
public record PictureFormat(Encoding encoding, int quality, int width, int height) {
  /** Quality when the caller names none. */
  public static final int DEFAULT_QUALITY = 80;

  /** Widest picture. */
  public static final int MAX_WIDTH = 3840;

  /** Highest picture. */
  public static final int MAX_HEIGHT = 2160;

  /** File format of a picture. */
  public enum Encoding {
    JPEG("image/jpeg"),
    PNG("image/png");

    private final String mediaType;

    Encoding(String mediaType) {
      this.mediaType = mediaType;
    }

    /** Such as {@code image/jpeg}. */
    public String mediaType() {
      return mediaType;
    }
  }

  public PictureFormat {
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("quality must be 1 to 100: " + quality);
    }
    if (width < 0 || width > MAX_WIDTH) {
      throw new IllegalArgumentException("width must be 1 to " + MAX_WIDTH + ": " + width);
    }
    if (height < 0 || height > MAX_HEIGHT) {
      throw new IllegalArgumentException("height must be 1 to " + MAX_HEIGHT + ": " + height);
    }
  }
}
