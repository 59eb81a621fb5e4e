package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is followed, refused and followed again, as it goes over the wire.
class ObjectWatchTest {
  private static final WatchTarget OPTIONAL =
      new WatchTarget("NodeProfiles", WatchTarget.Need.OPTIONAL);
  private static final WatchTarget NEEDED =
      new WatchTarget("NodeProfiles", WatchTarget.Need.NEEDED);
  private static final WatchPace QUICK =
      new WatchPace(
          new Backoff(Duration.ofMillis(20), Duration.ofMillis(100)),
          new Backoff(Duration.ofMillis(50), Duration.ofMillis(100)));
  private static final WatchPace SLOW =
      new WatchPace(
          new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5)),
          new Backoff(Duration.ofMillis(50), Duration.ofMillis(100)));

  private static final String FORBIDDEN =
      "nodeprofiles.portcullis.dev is forbidden: User x cannot list resource";

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

  private ObjectWatch follow(WatchTarget watched, WatchPace pace) {
    return ObjectWatch.start(
        connection,
        NodeProfiles.ALL,
        watched,
        pace,
        50,
        object ->
            told.add(
                ("yes".equals(object.labels().get("whole")) ? "+" : "without content: ")
                    + object.name()),
        name -> told.add("-" + name));
  }

  @Test
  void aKindThatIsNotThereIsSaidOnceAndFollowedOnceItIs() throws Exception {
    api.refuse(404, "404 page not found");
    try (ObjectWatch watch = follow(OPTIONAL, QUICK)) {
      Wait.until("three questions", () -> api.lists() >= 3);
      assertThat(watch.isMissing()).isTrue();
      assertThat(watch.synced()).isFalse();
      assertThat(log.said())
          .containsExactly(
              "INFO the API server has no NodeProfiles; Portcullis watches them as soon as it has,"
                  + " which may take 0 s");
      api.have("one", "two");
      Wait.until("two objects", () -> told.size() == 2);
      Wait.until("a word", () -> log.said().size() == 2);
      assertThat(told).containsExactlyInAnyOrder("+one", "+two");
      assertThat(watch.synced()).isTrue();
      assertThat(watch.isMissing()).isFalse();
      assertThat(log.said()).last().isEqualTo("INFO watching NodeProfiles");
      api.add("three");
      Wait.until("an event of the watch", () -> told.contains("+three"));
    }
  }

  /// Who decides by half a list refuses what is allowed, and by none what needs no grant is not
  /// refused.
  @Test
  void aListIsInWhenAllOfItWasTold() throws Exception {
    api.have("one", "two", "three");
    CountDownLatch turn = new CountDownLatch(1);
    try (ObjectWatch watch =
        ObjectWatch.start(
            connection,
            NodeProfiles.ALL,
            NEEDED,
            QUICK,
            50,
            object -> {
              if (told.size() == 2) {
                awaitUninterruptibly(turn);
              }
              told.add(object.name());
            },
            name -> {})) {
      Wait.until("it has the list", () -> watch.names().size() == 3);
      Wait.until("two are told", () -> told.size() == 2);
      Thread.sleep(300);
      assertThat(watch.synced()).isFalse();
      turn.countDown();
      Wait.until("all of it was told", watch::synced);
      assertThat(told).hasSize(3);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aKindThatIsNeededIsMissed() throws Exception {
    api.refuse(404, "404 page not found");
    try (ObjectWatch _ = follow(NEEDED, QUICK)) {
      Wait.until("a word", () -> !log.said().isEmpty());
      assertThat(log.said()).first().asString().startsWith("WARNING ");
    }
  }

  @Test
  void aRefusalIsNotAskedForAgainAtOnce() throws Exception {
    api.refuse(404, "404 page not found");
    try (ObjectWatch _ = follow(OPTIONAL, SLOW)) {
      Wait.until("a word", () -> !log.said().isEmpty());
      LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
      assertThat(api.lists()).as("after 0, 1 and 3 seconds").isLessThanOrEqualTo(3);
      assertThat(log.said()).hasSize(1);
    }
  }

  @Test
  void aRightThatIsMissingIsNamed() throws Exception {
    api.refuse(403, FORBIDDEN);
    try (ObjectWatch _ = follow(OPTIONAL, QUICK)) {
      Wait.until("three questions", () -> api.lists() >= 3);
      assertThat(log.said())
          .containsExactly("INFO cannot watch NodeProfiles, trying again every 0 s: " + FORBIDDEN);
    }
  }

  @Test
  void whatWasLastSeenStandsWhereTheRightIsTakenAway() throws Exception {
    api.have("one", "two");
    try (ObjectWatch watch = follow(OPTIONAL, QUICK)) {
      Wait.until("two objects", () -> told.size() == 2 && watch.synced());
      api.refuse(403, FORBIDDEN);
      Wait.until("a word", () -> !log.said().isEmpty());
      int lists = api.lists();
      Wait.until("three more questions", () -> api.lists() >= lists + 3);
      assertThat(log.said())
          .singleElement()
          .asString()
          .startsWith("INFO cannot watch NodeProfiles, trying again every 0 s: ");
      assertThat(watch.names()).isEqualTo(Set.of("one", "two"));
      assertThat(watch.synced()).isTrue();
      assertThat(watch.isMissing()).isFalse();
      told.clear();
      api.have("two", "three");
      Wait.until("the changes", () -> told.containsAll(List.of("-one", "+three")));
      assertThat(told).containsExactlyInAnyOrder("-one", "+two", "+three");
      assertThat(watch.names()).isEqualTo(Set.of("two", "three"));
      Wait.until("a word", () -> log.said().contains("INFO watching NodeProfiles"));
    }
  }

  @Test
  void aKindMayGoAndComeBack() throws Exception {
    api.have("one");
    try (ObjectWatch watch = follow(OPTIONAL, QUICK)) {
      Wait.until("an object", () -> told.size() == 1);
      api.refuse(404, "404 page not found");
      Wait.until("gone", watch::isMissing);
      api.have("one");
      Wait.until("there again", () -> !watch.isMissing());
      assertThat(log.said()).hasSize(2);
    }
  }

  @Test
  void anApiServerThatWasAwayIsAskedAsSoonAsItIsBack() throws Exception {
    api.have("one", "two");
    try (ObjectWatch watch = follow(NEEDED, QUICK)) {
      Wait.until("two objects", () -> told.size() == 2 && watch.synced());
      Wait.until("it watches", () -> api.watches() > 0);
      api.stop();
      Wait.until("a word", () -> !log.said().isEmpty());
      assertThat(log.said())
          .containsExactly(
              "WARNING cannot watch NodeProfiles, trying again until it works: cannot connect");
      assertThat(watch.names()).isEqualTo(Set.of("one", "two"));
      assertThat(watch.synced()).isTrue();
      told.clear();
      api.have("two", "three");
      long back = System.nanoTime();
      api.restart();
      Wait.until("the changes", () -> told.containsAll(List.of("-one", "+three")));
      Wait.until("a word", () -> log.said().contains("INFO watching NodeProfiles"));
      api.add("four");
      Wait.until("an event of the watch", () -> told.contains("+four"));
      assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(30));
    }
  }

  /// What is remembered of them is their versions: were that told, a policy would allow nothing.
  @Test
  void whatHasNotChangedMeanwhileIsNotToldAgain() throws Exception {
    api.have("one", "two");
    try (ObjectWatch watch = follow(NEEDED, QUICK)) {
      Wait.until("two objects", () -> told.size() == 2 && watch.synced());
      Wait.until("it watches", () -> api.watches() > 0);
      api.stop();
      Wait.until("a word", () -> !log.said().isEmpty());
      told.clear();
      api.restart();
      Wait.until("a word", () -> log.said().contains("INFO watching NodeProfiles"));
      api.add("three");
      Wait.until("an event of the watch", () -> told.contains("+three"));
      assertThat(told).containsExactly("+three");
      assertThat(watch.names()).isEqualTo(Set.of("one", "two", "three"));
    }
  }

  /// The first list may take longer than it takes to look whether the watch stands.
  @Test
  void aFirstListThatTakesLongIsWaitedFor() throws Exception {
    api.have("one");
    api.takeForAList(Duration.ofSeconds(2));
    try (ObjectWatch watch = follow(NEEDED, QUICK)) {
      Wait.until("an object", () -> told.size() == 1 && watch.synced());
      Wait.until("it watches", () -> api.watches() > 0);
      assertThat(log.said()).isEmpty();
    }
  }

  @Test
  void anApiServerThatFailsIsNoRefusal() throws Exception {
    api.refuse(500, "etcd is asleep");
    try (ObjectWatch _ = follow(OPTIONAL, QUICK)) {
      Wait.until("a word", () -> !log.said().isEmpty());
      assertThat(log.said())
          .containsExactly(
              "WARNING cannot watch NodeProfiles, trying again until it works: etcd is asleep");
      api.have("one");
      Wait.until("an object", () -> told.size() == 1);
    }
  }
}
