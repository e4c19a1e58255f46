package io.millrace.api.operation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The AWS operations this server knows, read from {@code operations.tsv}. Immutable. */
public final class OperationTable {
  private static final String RESOURCE = "operations.tsv";

  /** What names an operation: services share operation names. */
  private record Key(AwsService service, String name) {}

  private final Map<Key, Operation> byName;

  private OperationTable(Map<Key, Operation> byName) {
    this.byName = byName;
  }

  /** The table this build ships. */
  public static OperationTable load() {
    Map<Key, Operation> rows = new LinkedHashMap<>();
    try (InputStream in = OperationTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the build");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          Operation row = parse(line);
          if (rows.put(new Key(row.service(), row.name()), row) != null) {
            throw new IllegalStateException("operation listed twice: " + row.name());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new OperationTable(rows);
  }

  private static Operation parse(String line) {
    String[] cells = line.split("\t", -1);
    if (cells.length != 6) {
      throw new IllegalStateException("operation row needs 6 cells: " + line);
    }
    return new Operation(
        AwsService.of(cells[0]),
        cells[1],
        cells[2],
        cells[3],
        Operation.Status.valueOf(cells[4].toUpperCase(Locale.ROOT)),
        cells[5]);
  }

  /** Every row, in table order. */
  public List<Operation> all() {
    return List.copyOf(byName.values());
  }

  /** The row of an operation. */
  public Optional<Operation> find(AwsService service, String name) {
    return Optional.ofNullable(byName.get(new Key(service, name)));
  }

  /** The page {@code docs/wire-compatibility.md}, generated from the rows. */
  public String toMarkdown() {
    StringBuilder page = new StringBuilder(4096);
    page.append("# Wire compatibility\n\n");
    page.append("Generated from the operation table of `api` (`operations.tsv`); do not edit.\n");
    page.append("Run the tests of `api` with `-Dgolden.rewrite=true` to write it anew.\n\n");
    page.append("*served*: answered as the AWS service does, with its errors. ");
    page.append("*planned*: answered with an unknown-operation error that says so.\n");
    AwsService service = null;
    List<String> counts = new ArrayList<>();
    for (Operation row : byName.values()) {
      if (row.service() != service) {
        service = row.service();
        counts.add(service.model() + " " + served(service));
        page.append("\n## ").append(service.model()).append("\n\n");
        page.append("| operation | request | status |\n|---|---|---|\n");
      }
      page.append("| ").append(row.name()).append(" | `");
      if (row.isTargeted()) {
        page.append("X-Amz-Target: ").append(row.target());
      } else {
        page.append(row.method()).append(' ').append(row.path());
      }
      page.append("` | ");
      page.append(row.status().name().toLowerCase(Locale.ROOT)).append(" |\n");
    }
    page.append("\nServed: ").append(String.join(", ", counts)).append(".\n");
    return page.toString();
  }

  private String served(AwsService service) {
    long all = byName.values().stream().filter(o -> o.service() == service).count();
    long served =
        byName.values().stream()
            .filter(o -> o.service() == service)
            .filter(o -> o.status() == Operation.Status.SERVED)
            .count();
    return served + " of " + all;
  }
}
