package io.millrace.tests.rtsp;

import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a stream keeps, read back by the service's own operations. */
final class StoredMedia {
  private static final Pattern START = Pattern.compile("\"ProducerTimestamp\":([0-9.Ee+]+)");

  private final ServerProcess server;
  private final String stream;

  StoredMedia(ServerProcess server, String stream) {
    this.server = server;
    this.stream = stream;
  }

  /** Fragments that are stored; 0 while there is no such stream. */
  int fragments() {
    return starts().size();
  }

  /** When each fragment begins by producer time, in order. */
  List<Instant> starts() {
    HttpResponse<String> response =
        server.post(
            "/listFragments",
            """
            {"StreamName":"%s","MaxResults":1000,"FragmentSelector":{
             "FragmentSelectorType":"SERVER_TIMESTAMP",
             "TimestampRange":{"StartTimestamp":0,"EndTimestamp":4000000000}}}"""
                .formatted(stream));
    List<Instant> starts = new ArrayList<>();
    Matcher matcher = START.matcher(response.body());
    while (matcher.find()) {
      double seconds = Double.parseDouble(matcher.group(1));
      starts.add(Instant.ofEpochMilli(Math.round(seconds * 1000)));
    }
    starts.sort(null);
    return starts;
  }

  /** Everything as Matroska, by GetMedia, which goes on until nothing more has come for a while. */
  Path media(Path file) {
    Programs.Result got =
        Programs.run(
            "curl",
            "-sS",
            "--max-time",
            "5",
            "-o",
            file.toString(),
            "-H",
            "Content-Type: application/json",
            "-d",
            "{\"StreamName\":\"%s\",\"StartSelector\":{\"StartSelectorType\":\"EARLIEST\"}}"
                .formatted(stream),
            server.endpoint() + "/getMedia");
    // 28: the time is over; live media never end by themselves.
    if (got.status() != 0 && got.status() != 28) {
      got.orThrow();
    }
    return file;
  }

  /** MD5 of each decoded picture. */
  static List<String> pictureMd5s(Path file) {
    return md5s(file, "0:v:0", "rawvideo");
  }

  /** MD5 of each packet of sound, as it is in the container. */
  static List<String> soundMd5s(Path file) {
    return md5s(file, "0:a:0", "copy");
  }

  /**
   * ffmpeg up to version 5 complains of each document behind a Cluster of unknown size, and reads
   * it all the same.
   */
  private static List<String> md5s(Path file, String track, String codec) {
    return Programs.run(
            "ffmpeg",
            "-nostdin",
            "-v",
            "fatal",
            "-i",
            file.toString(),
            "-map",
            track,
            "-c",
            codec,
            "-f",
            "framemd5",
            "-")
        .orThrow()
        .out()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
        .toList();
  }
}
