package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalWatchTest {
  private static final WatchPace QUICK =
      new WatchPace(
          new Backoff(Duration.ofMillis(20), Duration.ofMillis(100)), Duration.ofMillis(100));

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

  private RemovalWatch watch() {
    return watch(told);
  }

  private RemovalWatch watch(List<String> told) {
    return RemovalWatch.start(
        connection,
        client -> client.genericKubernetesResources(NodeProfiles.CONTEXT),
        new WatchTarget("NodeProfiles", WatchTarget.Need.NEEDED),
        QUICK,
        new RemovalWatch.Listener<GenericKubernetesResource>() {
          @Override
          public void begun() {
            told.add("begun");
          }

          @Override
          public void removed(GenericKubernetesResource object) {
            told.add(object.getMetadata().getName());
          }
        });
  }

  @Test
  void onlyWhatGoesIsTold() {
    api.have("one", "two");
    try (RemovalWatch _ = watch()) {
      Awaited.that("a beginning", () -> told.contains("begun"));
      api.add("three");
      api.remove("two");
      Awaited.that("a removal", () -> told.contains("two"));
      assertThat(told).containsExactly("begun", "two");
      assertThat(api.lists()).isZero();
      assertThat(log.said()).isEmpty();
    }
  }

  @Test
  void eachBeginningIsTold() {
    api.have("one");
    try (RemovalWatch _ = watch()) {
      Awaited.that("a beginning", () -> told.equals(List.of("begun")));
      // Until the watch that the client falls back to, after a web socket, has reached the server.
      Awaited.that(
          "another",
          () -> {
            api.end();
            return told.size() > 1;
          });
      assertThat(told).containsOnly("begun");
    }
  }

  @Test
  void aRightThatIsMissingIsSaidOnce() {
    api.refuse(403, "may not watch");
    try (RemovalWatch _ = watch()) {
      Awaited.that("three questions", () -> api.watches() >= 3);
      assertThat(told).isEmpty();
      assertThat(log.said())
          .singleElement()
          .asString()
          .startsWith("WARNING cannot watch NodeProfiles, trying again every 0 s: ");
      api.have("one");
      Awaited.that("a beginning", () -> told.contains("begun"));
      assertThat(log.said()).hasSize(2).last().isEqualTo("INFO watching NodeProfiles");
    }
  }

  @Test
  void nothingIsToldOnceItIsClosed() {
    api.have("one");
    List<String> toldLater = new CopyOnWriteArrayList<>();
    RemovalWatch closed = watch();
    Awaited.that("a beginning", () -> told.contains("begun"));
    closed.close();
    try (RemovalWatch _ = watch(toldLater)) {
      Awaited.that("another beginning", () -> toldLater.contains("begun"));
      api.remove("one");
      Awaited.that("a removal", () -> toldLater.contains("one"));
    }
    assertThat(told).containsExactly("begun");
  }
}
