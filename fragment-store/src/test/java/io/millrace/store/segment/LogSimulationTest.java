package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.StoreException;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs {@link LogSimulation} by seed. Replay a failure with {@code -Dsimulation.seed=N}, more steps
 * with {@code -Dsimulation.steps=N}.
 */
class LogSimulationTest {
  private static final int STEPS = Integer.getInteger("simulation.steps", 3000);

  private static LogSimulation run(long seed, int steps) throws IOException {
    LogSimulation simulation = new LogSimulation(seed);
    for (int step = 0; step < steps; step++) {
      try {
        simulation.step();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "simulation.seed=%d fails at step %d: %s%n%s"
                .formatted(seed, step, e.getMessage(), simulation.history()),
            e);
      }
    }
    simulation.check();
    return simulation;
  }

  @ParameterizedTest
  @ValueSource(longs = {33077635968614L, 1000096, 1000133})
  void livesThatOnceFailed(long seed) throws IOException {
    assertThat(run(seed, STEPS).checks()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void keepsWhatItAcknowledged(long seed) throws IOException {
    LogSimulation simulation = run(seed, STEPS);
    assertThat(simulation.crashes()).isGreaterThan(STEPS / 100);
    assertThat(simulation.checks()).isGreaterThan(STEPS / 100);
    assertThat(simulation.metrics().segmentsRolled.sum()).isPositive();
    assertThat(simulation.metrics().segmentsDropped.sum()).isPositive();
    assertThat(simulation.metrics().segmentsRecycled.sum()).isPositive();
    assertThat(simulation.metrics().segmentsDead.sum()).isPositive();
    assertThat(simulation.metrics().tornBytesCut.sum()).isPositive();
    assertThat(simulation.metrics().indexesRebuilt.sum()).isPositive();
    assertThat(simulation.metrics().readsFromDisk.sum()).isPositive();
    assertThat(simulation.metrics().readsFromMemory.sum()).isPositive();
    assertThat(simulation.metrics().windowsRead.sum()).isPositive();
    assertThat(simulation.metrics().windowsFromMemory.sum()).isPositive();
    assertThat(simulation.readers().awaited()).isPositive();
    assertThat(simulation.metrics().streamsStopped.sum()).isZero();
  }

  @Test
  void keepsWhatItAcknowledgedWithANewSeed() throws IOException {
    long seed = Long.getLong("simulation.seed", System.nanoTime());
    System.out.println("simulation.seed=" + seed);
    LogSimulation simulation = run(seed, STEPS);
    assertThat(simulation.metrics().streamsStopped.sum()).isZero();
  }

  @Test
  void catchesADiskThatAcknowledgesBeforeItSyncs() throws IOException {
    LogSimulation broken = new LogSimulation(5);
    broken.storage().lie();
    int caughtAt = stepCaught(broken);
    System.out.println("a lying disk is caught at step " + caughtAt);
    assertThat(run(5, caughtAt + 1).checks()).as("the same life without the bug").isPositive();
  }

  @Test
  void catchesSegmentsThatAllHaveTheSameEpoch() throws IOException {
    RandomGenerator constant = () -> 42;
    int caughtAt = stepCaught(new LogSimulation(6, constant));
    System.out.println("a shared epoch is caught at step " + caughtAt);
    assertThat(run(6, caughtAt + 1).checks()).as("the same life without the bug").isPositive();
  }

  private static int stepCaught(LogSimulation broken) throws IOException {
    for (int step = 0; step < 10 * STEPS; step++) {
      try {
        broken.step();
      } catch (AssertionError | StoreException e) {
        return step;
      }
    }
    throw new AssertionError("the bug was not caught");
  }
}
