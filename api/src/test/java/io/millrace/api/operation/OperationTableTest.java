package io.millrace.api.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperationTableTest {
  private static final Path PAGE = Path.of("..", "docs", "wire-compatibility.md");

  private final OperationTable table = OperationTable.load();

  @Test
  void pageIsWhatTheTableSays() throws Exception {
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(PAGE, table.toMarkdown());
    }
    assertThat(PAGE).content().isEqualTo(table.toMarkdown());
  }

  @Test
  void pathsDoNotCollide() {
    Set<String> seen = new HashSet<>();
    for (Operation operation : table.all()) {
      assertThat(seen.add(operation.method() + operation.path())).as(operation.path()).isTrue();
    }
  }

  @Test
  void knowsThePathsThatStartWithACapital() {
    assertThat(table.find("TagResource").orElseThrow().path()).isEqualTo("/TagResource");
    assertThat(table.find("TagStream").orElseThrow().path()).isEqualTo("/tagStream");
    assertThat(table.find("PutMedia").orElseThrow().status()).isEqualTo(Operation.Status.SERVED);
    assertThat(table.find("Nothing")).isEmpty();
  }
}
