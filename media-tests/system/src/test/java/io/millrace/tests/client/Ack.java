package io.millrace.tests.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One acknowledgement line of PutMedia.
 *
 * @param type BUFFERING, RECEIVED, PERSISTED, ERROR or IDLE
 * @param timecode fragment timecode, -1 when absent
 * @param number fragment number, empty when absent
 * @param errorId 0 when absent
 * @param nanos {@link System#nanoTime} at arrival
 */
public record Ack(String type, long timecode, String number, int errorId, long nanos) {
  private static final Pattern TYPE = Pattern.compile("\"EventType\":\"(\\w+)\"");
  private static final Pattern TIMECODE = Pattern.compile("\"FragmentTimecode\":(\\d+)");
  private static final Pattern NUMBER = Pattern.compile("\"FragmentNumber\":\"(\\d+)\"");
  private static final Pattern ERROR_ID = Pattern.compile("\"ErrorId\":(\\d+)");

  static Ack parse(String line) {
    String timecode = find(TIMECODE, line);
    String errorId = find(ERROR_ID, line);
    return new Ack(
        find(TYPE, line),
        timecode.isEmpty() ? -1 : Long.parseLong(timecode),
        find(NUMBER, line),
        errorId.isEmpty() ? 0 : Integer.parseInt(errorId),
        System.nanoTime());
  }

  private static String find(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? matcher.group(1) : "";
  }
}
