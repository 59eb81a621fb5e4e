package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is followed, refused and followed again, as it goes over the wire.
class ObjectWatchTest {
  private static final ObjectWatch.Subject OPTIONAL =
      new ObjectWatch.Subject("NodeProfiles", 50, ObjectWatch.Need.OPTIONAL);
  private static final ObjectWatch.Subject NEEDED =
      new ObjectWatch.Subject("NodeProfiles", 50, ObjectWatch.Need.NEEDED);
  private static final ObjectWatch.Pace QUICK =
      new ObjectWatch.Pace(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(100));
  private static final ObjectWatch.Pace SLOW =
      new ObjectWatch.Pace(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofMillis(100));

  private static final String FORBIDDEN =
      "nodeprofiles.portcullis.dev is forbidden: User x cannot list resource";

  @TempDir private Path directory;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<LogRecord> log = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger(ObjectWatch.class.getName());
  private final Handler collecting =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          log.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private TestApi api;
  private ClusterConnection connection;

  @BeforeEach
  void serve() throws IOException {
    api = new TestApi(NodeProfiles.API_VERSION, NodeProfiles.KIND);
    connection = ClusterConnection.open(api.kubeconfig(directory));
    logger.addHandler(collecting);
  }

  @AfterEach
  void end() {
    logger.removeHandler(collecting);
    connection.close();
    api.close();
  }

  private ObjectWatch follow(ObjectWatch.Subject subject, ObjectWatch.Pace pace) {
    return ObjectWatch.start(
        connection.client().genericKubernetesResources(NodeProfiles.CONTEXT),
        subject,
        pace,
        GenericKubernetesResource::new,
        object -> told.add("+" + object.getMetadata().getName()),
        name -> told.add("-" + name));
  }

  private List<String> said() {
    return log.stream().map(record -> record.getLevel() + " " + record.getMessage()).toList();
  }

  private static void await(String what, BooleanSupplier condition) {
    for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }

  @Test
  void aKindThatIsNotThereIsSaidOnceAndFollowedOnceItIs() {
    api.refuse(404, "404 page not found");
    try (ObjectWatch watch = follow(OPTIONAL, QUICK)) {
      await("three questions", () -> api.lists() >= 3);
      assertThat(watch.isMissing()).isTrue();
      assertThat(watch.synced()).isFalse();
      assertThat(said())
          .containsExactly(
              "INFO the API server has no NodeProfiles; they are followed as soon as it has, which"
                  + " may take 0 s");
      api.have("one", "two");
      await("two objects", () -> told.size() == 2);
      await("a word", () -> log.size() == 2);
      assertThat(told).containsExactlyInAnyOrder("+one", "+two");
      assertThat(watch.synced()).isTrue();
      assertThat(watch.isMissing()).isFalse();
      assertThat(said()).last().isEqualTo("INFO following NodeProfiles");
      api.add("three");
      await("an event of the watch", () -> told.contains("+three"));
    }
  }

  @Test
  void aKindThatIsNeededIsMissed() {
    api.refuse(404, "404 page not found");
    try (ObjectWatch _ = follow(NEEDED, QUICK)) {
      await("a word", () -> !log.isEmpty());
      assertThat(log.getFirst().getLevel()).isEqualTo(Level.WARNING);
    }
  }

  @Test
  void aRefusalIsNotAskedForAgainAtOnce() {
    api.refuse(404, "404 page not found");
    try (ObjectWatch _ = follow(OPTIONAL, SLOW)) {
      await("a word", () -> !log.isEmpty());
      // The client by itself would ask after one to three seconds, and again.
      LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
      assertThat(api.lists()).as("after 0, 1 and 3 seconds").isLessThanOrEqualTo(3);
      assertThat(log).hasSize(1);
    }
  }

  @Test
  void aRightThatIsMissingIsNamed() {
    api.refuse(403, FORBIDDEN);
    try (ObjectWatch _ = follow(OPTIONAL, QUICK)) {
      await("three questions", () -> api.lists() >= 3);
      assertThat(said())
          .containsExactly("INFO cannot follow NodeProfiles, trying again every 0 s: " + FORBIDDEN);
    }
  }

  @Test
  void whatWasLastSeenStandsWhereTheRightIsTakenAway() {
    api.have("one", "two");
    try (ObjectWatch watch = follow(OPTIONAL, QUICK)) {
      await("two objects", () -> told.size() == 2 && watch.synced());
      api.refuse(403, FORBIDDEN);
      await("a word", () -> !log.isEmpty());
      int lists = api.lists();
      await("three more questions", () -> api.lists() >= lists + 3);
      assertThat(said())
          .singleElement()
          .asString()
          .startsWith("INFO cannot follow NodeProfiles, trying again every 0 s: ");
      assertThat(watch.names()).isEqualTo(Set.of("one", "two"));
      assertThat(watch.synced()).isTrue();
      assertThat(watch.isMissing()).isFalse();
      told.clear();
      api.have("two", "three");
      await("the changes", () -> told.containsAll(List.of("-one", "+three")));
      assertThat(watch.names()).isEqualTo(Set.of("two", "three"));
      await("a word", () -> said().contains("INFO following NodeProfiles"));
    }
  }

  @Test
  void aKindMayGoAndComeBack() {
    api.have("one");
    try (ObjectWatch watch = follow(OPTIONAL, QUICK)) {
      await("an object", () -> told.size() == 1);
      api.refuse(404, "404 page not found");
      await("gone", watch::isMissing);
      api.have("one");
      await("there again", () -> !watch.isMissing());
      assertThat(said()).hasSize(2);
    }
  }

  @Test
  void anApiServerThatFailsIsNoRefusal() {
    api.refuse(500, "etcd is asleep");
    try (ObjectWatch _ = follow(OPTIONAL, QUICK)) {
      await("a word", () -> !log.isEmpty());
      assertThat(said())
          .containsExactly(
              "WARNING cannot follow NodeProfiles, trying again until it works: etcd is asleep");
      api.have("one");
      await("an object", () -> told.size() == 1);
    }
  }
}
