package io.millrace.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of docs/ARCHITECTURE.md, executed. */
class ArchitectureTest {
  private static final String ROOT = "io.millrace.";

  /** Room to the rooms it may know. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.of(
          "media", Set.of(),
          "store", Set.of(),
          "api", Set.of(),
          "ingest", Set.of("media", "store", "api"),
          "playback", Set.of("media", "store", "api"),
          "datastreams", Set.of("store", "api"),
          "server", Set.of("media", "store", "api", "ingest", "playback", "datastreams"));

  /** Outside package to the rooms that may use it. */
  private static final Map<String, Set<String>> OUTSIDE =
      Map.of(
          "io.vertx..", Set.of("api", "ingest", "playback", "datastreams", "server"),
          "io.netty..", Set.of("api", "server"),
          "com.fasterxml.jackson..", Set.of("api", "ingest", "playback", "datastreams", "server"),
          "software.amazon.awssdk..", Set.of("api", "ingest", "playback", "datastreams"),
          "org.bouncycastle..", Set.of("ingest", "server"),
          "io.github.jaredmdobson..", Set.of("ingest.webrtc.talk"),
          "io.micrometer..", Set.of("server"),
          "picocli..", Set.of("server"));

  private static final List<String> LIBAV_PACKAGES =
      List.of(ROOT + "playback.frame..", ROOT + "ingest.source.worker..", ROOT + "server.demo..");

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");
    assertThat(classes.size()).as("classes found").isGreaterThan(50);
  }

  @TestFactory
  Stream<DynamicTest> roomsKnowOnlyWhatTheTableAllows() {
    return MAY_KNOW.keySet().stream()
        .sorted()
        .map(
            room -> {
              String[] forbidden =
                  MAY_KNOW.keySet().stream()
                      .filter(other -> !other.equals(room) && !MAY_KNOW.get(room).contains(other))
                      .map(other -> ROOT + other + "..")
                      .toArray(String[]::new);
              return DynamicTest.dynamicTest(
                  room,
                  () -> {
                    if (forbidden.length > 0) {
                      noClasses()
                          .that()
                          .resideInAPackage(ROOT + room + "..")
                          .should()
                          .dependOnClassesThat()
                          .resideInAnyPackage(forbidden)
                          .check(classes);
                    }
                  });
            });
  }

  @TestFactory
  Stream<DynamicTest> librariesStayInTheirRooms() {
    return OUTSIDE.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () ->
                        noClasses()
                            .that()
                            .resideOutsideOfPackages(packagesOf(entry.getValue()))
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(entry.getKey())
                            .check(classes)));
  }

  private static String[] packagesOf(Set<String> rooms) {
    return rooms.stream().map(room -> ROOT + room + "..").toArray(String[]::new);
  }

  @Test
  void libavIsUsedOnlyByWorkersAndSyntheticCameras() {
    noClasses()
        .that()
        .resideOutsideOfPackages(LIBAV_PACKAGES.toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(classes);
  }

  @Test
  void packagesFormNoCircle() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void mediaIsPure() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "media..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.nio.file..", "java.nio.channels..", "java.net..", "java.util.concurrent..")
        .check(classes);
  }

  @Test
  void filesAreTouchedOnlyWhereTheyBelong() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "api..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.nio.channels..")
        .check(classes);
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "store..")
        .and()
        .resideOutsideOfPackages(ROOT + "store", ROOT + "store.segment..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.channels..")
        .check(classes);
  }

  @Test
  void threadsAndExecutorsAreMadeInServerOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "server..")
        .should()
        .callMethodWhere(
            calls("java.util.concurrent.Executors", Set.of())
                .or(
                    calls(
                        "java.lang.Thread",
                        Set.of("ofPlatform", "ofVirtual", "startVirtualThread"))))
        .check(classes);
  }

  @Test
  void clocksAndChanceAreHandedIn() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "server..")
        .should()
        .callMethodWhere(
            calls("java.lang.System", Set.of("currentTimeMillis"))
                .or(calls("java.time.Instant", Set.of("now")))
                .or(calls("java.lang.Math", Set.of("random")))
                .or(calls("java.util.concurrent.ThreadLocalRandom", Set.of("current"))))
        .check(classes);
  }

  @Test
  void namesSayWhatThingsAre() {
    classes()
        .that()
        .resideInAPackage("io.millrace..")
        .should()
        .haveNameNotMatching(".*(Manager|Utils?|Helper|Common|Base|Impl)")
        .check(classes);
    classes()
        .that()
        .resideInAPackage("io.millrace..")
        .should()
        .haveNameNotMatching(".*\\.(util|common|misc|helper|shared|internal)\\..*")
        .check(classes);
  }

  @Test
  void theRulesCanFail() {
    // A planted violation: this very test class knows several rooms' tools at once.
    JavaClasses own = new ClassFileImporter().importClasses(ArchitectureTest.class);
    assertThat(
            noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.tngtech..")
                .evaluate(own)
                .hasViolation())
        .isTrue();
  }

  private static DescribedPredicate<JavaCall<?>> calls(String owner, Set<String> names) {
    return DescribedPredicate.describe(
        "calls " + owner + (names.isEmpty() ? "" : " " + names),
        call ->
            isNamed(call.getTargetOwner(), owner)
                && (names.isEmpty() || names.contains(call.getTarget().getName())));
  }

  private static boolean isNamed(JavaClass type, String name) {
    return type.getName().equals(name);
  }
}
