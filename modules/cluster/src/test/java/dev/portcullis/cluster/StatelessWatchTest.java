package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatelessWatchTest {
  private static final WatchPace QUICK =
      new WatchPace(
          new Backoff(Duration.ofMillis(20), Duration.ofMillis(100)),
          new Backoff(Duration.ofMillis(50), Duration.ofMillis(100)));

  @TempDir private Path directory;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final WatchLog log = new WatchLog();
  private TestApi api;
  private ClusterConnection connection;

  @BeforeEach
  void serve() throws IOException {
    api = new TestApi(NodeProfiles.API_VERSION, NodeProfiles.KIND);
    connection = ClusterConnection.open(api.kubeconfig(directory));
  }

  @AfterEach
  void end() {
    log.close();
    connection.close();
    api.close();
  }

  private StatelessWatch watch() {
    return watch(told);
  }

  private StatelessWatch watch(List<String> told) {
    return StatelessWatch.start(
        connection,
        NodeProfiles.ALL,
        new WatchTarget("NodeProfiles", WatchTarget.Need.NEEDED),
        QUICK,
        new StatelessWatch.Listener() {
          @Override
          public void begun() {
            told.add("begun");
          }

          @Override
          public void removed(StoredObject object) {
            told.add(object.name());
          }
        });
  }

  @Test
  void onlyWhatGoesIsTold() throws Exception {
    api.have("one", "two");
    try (StatelessWatch _ = watch()) {
      Wait.until("a beginning", () -> told.contains("begun"));
      api.add("three");
      api.remove("two");
      Wait.until("a removal", () -> told.contains("two"));
      assertThat(told).containsExactly("begun", "two");
      assertThat(api.lists()).isZero();
      assertThat(log.said()).isEmpty();
    }
  }

  @Test
  void whoWantsIsToldOfWhatIsThere() throws Exception {
    api.have("one");
    List<String> there = new CopyOnWriteArrayList<>();
    try (StatelessWatch _ =
        StatelessWatch.start(
            connection,
            NodeProfiles.ALL,
            new WatchTarget("NodeProfiles", WatchTarget.Need.NEEDED),
            QUICK,
            new StatelessWatch.Listener() {
              @Override
              public void begun() {
                told.add("begun");
              }

              @Override
              public void is(StoredObject object) {
                there.add(object.name());
              }

              @Override
              public void removed(StoredObject object) {
                there.remove(object.name());
              }
            })) {
      Wait.until("a beginning", () -> told.contains("begun"));
      api.add("two");
      api.add("three");
      api.remove("two");
      Wait.until("what is there", () -> there.equals(List.of("one", "three")));
    }
  }

  @Test
  void eachBeginningIsTold() throws Exception {
    api.have("one");
    try (StatelessWatch _ = watch()) {
      Wait.until("a beginning", () -> told.equals(List.of("begun")));
      Wait.until(
          "another",
          () -> {
            api.end();
            return told.size() > 1;
          });
      assertThat(told).containsOnly("begun");
    }
  }

  @Test
  void aRightThatIsMissingIsSaidOnce() throws Exception {
    api.refuse(403, "may not watch");
    try (StatelessWatch _ = watch()) {
      Wait.until("three questions", () -> api.watches() >= 3);
      assertThat(told).isEmpty();
      assertThat(log.said())
          .singleElement()
          .asString()
          .startsWith("WARNING cannot watch NodeProfiles, trying again every 0 s: ");
      api.have("one");
      Wait.until("a beginning", () -> told.contains("begun"));
      assertThat(log.said()).hasSize(2).last().isEqualTo("INFO watching NodeProfiles");
    }
  }

  @Test
  void nothingIsToldOnceItIsClosed() throws Exception {
    api.have("one");
    List<String> toldLater = new CopyOnWriteArrayList<>();
    StatelessWatch closed = watch();
    Wait.until("a beginning", () -> told.contains("begun"));
    closed.close();
    try (StatelessWatch _ = watch(toldLater)) {
      Wait.until("another beginning", () -> toldLater.contains("begun"));
      api.remove("one");
      Wait.until("a removal", () -> toldLater.contains("one"));
    }
    assertThat(told).containsExactly("begun");
  }
}
