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
      String address =
          operation.isTargeted() ? operation.target() : operation.method() + operation.path();
      assertThat(seen.add(address)).as(address).isTrue();
    }
  }

  @Test
  void knowsThePathsThatStartWithACapital() {
    assertThat(video("TagResource").path()).isEqualTo("/TagResource");
    assertThat(video("TagStream").path()).isEqualTo("/tagStream");
    assertThat(table.find(AwsService.VIDEO, "Nothing")).isEmpty();
  }

  @Test
  void keepsOperationsOfOneNameApart() {
    assertThat(video("CreateStream").action()).isEqualTo("kinesisvideo:CreateStream");
    Operation create = table.find(AwsService.KINESIS, "CreateStream").orElseThrow();
    assertThat(create.action()).isEqualTo("kinesis:CreateStream");
    assertThat(create.target()).isEqualTo("Kinesis_20131202.CreateStream");
    assertThat(table.find(AwsService.VIDEO_MEDIA, "PutMedia").orElseThrow().action())
        .isEqualTo("kinesisvideo:PutMedia");
  }

  @Test
  void knowsEveryOperationOfTheRecordService() {
    assertThat(table.all()).filteredOn(o -> o.service() == AwsService.KINESIS).hasSize(45);
  }

  private Operation video(String name) {
    return table.find(AwsService.VIDEO, name).orElseThrow();
  }
}
