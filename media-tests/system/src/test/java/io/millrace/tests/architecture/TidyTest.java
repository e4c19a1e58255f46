package io.millrace.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.LineNumber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house style with numbers, executed: see docs/STYLE.md for the reasons. */
class TidyTest {
  private static final Path ROOT = projectRoot();
  private static final int CLASS_LINES = 500;
  private static final int METHOD_LINES = 70;
  private static final int PACKAGE_CLASSES = 20;

  /** Word to what to do instead. */
  private static final Map<String, String> BANNED =
      Map.of(
          "TODO", "do it, or open an issue",
          "FIXME", "fix it",
          "XXX", "say what is meant",
          "@Disabled", "delete or repair the test",
          "System.out.print", "write to the log; only Main and the launcher's tools print",
          "printStackTrace", "log it, or let it rise",
          "org.mockito", "drive the real part, or write a named fake");

  private static final List<String> PRINTING = List.of("System.out.print", "printStackTrace");

  /** The program's front, and tests, which print their seeds. */
  private static final List<String> MAY_PRINT =
      List.of("Main.java", "ServerLife.java", "DemoCommand.java", "/src/test/");

  private static Path projectRoot() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("millrace"))) {
      path = path.getParent();
    }
    return path;
  }

  private static List<Path> files(String... suffixes) {
    try (Stream<Path> tree = Files.walk(ROOT)) {
      return tree.filter(Files::isRegularFile)
          .filter(path -> Stream.of(suffixes).anyMatch(path.toString()::endsWith))
          .filter(
              path -> !path.toString().contains("/target/") && !path.toString().contains("/.git/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path path) {
    try {
      return Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path path) {
    return ROOT.relativize(path).toString();
  }

  @Test
  void classesAreShort() {
    assertThat(files(".java"))
        .isNotEmpty()
        .allSatisfy(
            path -> assertThat(lines(path).size()).as(name(path)).isLessThanOrEqualTo(CLASS_LINES));
  }

  @Test
  void methodsFitAScreen() throws IOException {
    List<String> tooLong = new ArrayList<>();
    List<Path> classFiles = classFiles();
    assertThat(classFiles).hasSizeGreaterThan(50);
    for (Path path : classFiles) {
      for (MethodModel method : ClassFile.of().parse(path).methods()) {
        int length = bodyLines(method);
        if (length > METHOD_LINES) {
          tooLong.add(name(path) + " " + method.methodName() + " has " + length + " lines");
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  private static List<Path> classFiles() throws IOException {
    try (Stream<Path> tree = Files.walk(ROOT)) {
      return tree.filter(path -> path.toString().contains("/target/classes/io/millrace/"))
          .filter(path -> path.toString().endsWith(".class"))
          .toList();
    }
  }

  /** From the first to the last line with code; initializers are scattered and do not count. */
  private static int bodyLines(MethodModel method) {
    if (method.methodName().stringValue().startsWith("<")) {
      return 0;
    }
    IntSummaryStatistics lines =
        method.code().stream()
            .flatMap(CodeModel::elementStream)
            .filter(LineNumber.class::isInstance)
            .mapToInt(element -> ((LineNumber) element).line())
            .summaryStatistics();
    return lines.getCount() == 0 ? 0 : lines.getMax() - lines.getMin() + 1;
  }

  @Test
  void bannedWordsStayOut() {
    List<String> found = new ArrayList<>();
    for (Path path : files(".java")) {
      if (path.endsWith("TidyTest.java")) {
        continue;
      }
      List<String> lines = lines(path);
      for (int i = 0; i < lines.size(); i++) {
        for (Map.Entry<String, String> word : BANNED.entrySet()) {
          boolean printer =
              PRINTING.contains(word.getKey())
                  && MAY_PRINT.stream().anyMatch(path.toString()::contains);
          if (lines.get(i).contains(word.getKey()) && !printer) {
            found.add(name(path) + ":" + (i + 1) + " " + word.getKey() + " -> " + word.getValue());
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIs() {
    assertThat(files(".java"))
        .filteredOn(path -> path.toString().contains("/src/main/java/"))
        .allSatisfy(
            path -> {
              Path info = path.resolveSibling("package-info.java");
              assertThat(info).exists();
              assertThat(lines(info).getFirst()).as(name(info)).startsWith("/**");
            });
  }

  @Test
  void packagesStaySmall() throws IOException {
    for (Path info : files("package-info.java")) {
      try (Stream<Path> siblings = Files.list(info.getParent())) {
        long count = siblings.filter(path -> path.toString().endsWith(".java")).count() - 1;
        assertThat(count).as(name(info.getParent())).isLessThanOrEqualTo(PACKAGE_CLASSES);
      }
    }
  }

  @Test
  void linksInDocsResolve() {
    Pattern link = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
    List<String> broken = new ArrayList<>();
    for (Path path : files(".md")) {
      for (String line : lines(path)) {
        Matcher matcher = link.matcher(line);
        while (matcher.find()) {
          String target = matcher.group(1);
          if (!target.contains("://") && !Files.exists(path.resolveSibling(target))) {
            broken.add(name(path) + " -> " + target);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void decisionsAreListedInOrder() {
    List<String> numbers =
        files(".md").stream()
            .filter(path -> path.toString().contains("/docs/adr/"))
            .map(path -> path.getFileName().toString().substring(0, 4))
            .toList();
    assertThat(numbers).doesNotHaveDuplicates().allMatch(number -> number.matches("\\d{4}"));
  }
}
