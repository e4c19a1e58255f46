package io.millrace.server.demo;

/**
 * Text in a 5 by 7 dot face, drawn without any font on the machine. Digits, capital letters and the
 * signs of a time; other characters are blank.
 */
final class BitmapText {
  private static final int COLUMNS = 5;
  private static final int ROWS = 7;
  private static final byte WHITE = (byte) 235;
  private static final byte BLACK = 16;
  private static final String CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-:. ";

  /** Five columns of a character, two hex digits each, top row in the lowest bit. */
  private static final String[] FACE = {
    "3E5149453E", "00427F4000", "4261514946", "2141454B31", "1814127F10", "2745454539",
    "3C4A494930", "0171090503", "3649494936", "064949291E", "7E1111117E", "7F49494936",
    "3E41414122", "7F4141221C", "7F49494941", "7F09090901", "3E4149497A", "7F0808087F",
    "00417F4100", "2040413F01", "7F08142241", "7F40404040", "7F020C027F", "7F0408107F",
    "3E4141413E", "7F09090906", "3E4151215E", "7F09192946", "4649494931", "01017F0101",
    "3F4040403F", "1F2040201F", "3F4038403F", "6314081463", "0708700807", "6151494543",
    "0808080808", "0036360000", "0060600000", "0000000000",
  };

  private BitmapText() {}

  /** Draws on a black band; {@code scale} is pixels per dot, x and y its top left corner. */
  static void draw(byte[] luma, int width, int x, int y, int scale, String text) {
    for (int i = 0; i < text.length(); i++) {
      drawCharacter(luma, width, x + i * (COLUMNS + 1) * scale, y, scale, text.charAt(i));
    }
  }

  private static void drawCharacter(
      byte[] luma, int width, int left, int top, int scale, char character) {
    int index = CHARACTERS.indexOf(character);
    String face = FACE[index < 0 ? FACE.length - 1 : index];
    for (int column = 0; column <= COLUMNS; column++) {
      int dots = column == COLUMNS ? 0 : Integer.parseInt(face, column * 2, column * 2 + 2, 16);
      for (int row = -1; row <= ROWS; row++) {
        byte value = row >= 0 && (dots >> row & 1) == 1 ? WHITE : BLACK;
        for (int dy = 0; dy < scale; dy++) {
          int at = (top + row * scale + dy) * width + left + column * scale;
          java.util.Arrays.fill(luma, at, at + scale, value);
        }
      }
    }
  }
}
