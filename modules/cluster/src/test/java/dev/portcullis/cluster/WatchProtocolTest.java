package dev.portcullis.cluster;

import static dev.portcullis.cluster.ScriptedApi.answer;
import static dev.portcullis.cluster.ScriptedApi.tell;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a watch has to know of API servers, each as they do it.
@Timeout(60)
class WatchProtocolTest {
  private static final WatchPace QUICK =
      new WatchPace(
          new Backoff(Duration.ofMillis(20), Duration.ofMillis(100)),
          new Backoff(Duration.ofMillis(20), Duration.ofMillis(50)));
  private static final WatchLife LONG =
      new WatchLife(Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofMinutes(3));
  private static final WatchTarget THINGS = new WatchTarget("things", WatchTarget.Need.NEEDED);
  private static final ApiCollection ALL = ApiCollection.of("/apis/x/v1/things");

  @TempDir private Path directory;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final WatchLog log = new WatchLog();
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicInteger watches = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void end() {
    over.countDown();
    log.close();
  }

  private ObjectWatch follow(ClusterConnection connection, WatchLife life) {
    return ObjectWatch.start(
        connection, ALL, THINGS, QUICK, life, this::take, name -> told.add("-" + name));
  }

  private void take(StoredObject object) {
    told.add(object.name() + "@" + object.version());
  }

  /// @param things each as `name@version`
  private static String list(String version, String next, String... things) {
    return "{\"metadata\": {\"resourceVersion\": \"%s\", \"continue\": \"%s\"}, \"items\": [%s]}"
        .formatted(
            version,
            next,
            Arrays.stream(things).map(WatchProtocolTest::thing).collect(Collectors.joining(",")));
  }

  private static String thing(String thing) {
    String[] parts = thing.split("@");
    return "{\"metadata\": {\"name\": \"%s\", \"resourceVersion\": \"%s\"}}"
        .formatted(parts[0], parts[1]);
  }

  private static String event(String type, String thing) {
    return "{\"type\": \"" + type + "\", \"object\": " + thing(thing) + "}\n";
  }

  private static String error(int code, String reason) {
    return "{\"type\": \"ERROR\", \"object\": " + status(code, reason) + "}\n";
  }

  private static String status(int code, String reason) {
    return """
    {"kind": "Status", "code": %d, "message": "said", "reason": "Timeout",
     "details": {"causes": [{"reason": "%s"}]}}\
    """
        .replace("\n", "")
        .formatted(code, reason);
  }

  private static void answerStatus(HttpExchange exchange, int code, String reason)
      throws IOException {
    answer(exchange, code, status(code, reason));
  }

  /// All pages are asked for before it counts as synced, and one moment is watched from.
  @Test
  void aListComesInPages() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (asked.contains("watch=true")) {
                tell(exchange, "");
                over.await();
              } else if (asked.contains("continue=c%2F2")) {
                answer(exchange, 200, list("7", "", "c@3"));
              } else {
                answer(exchange, 200, list("7", "c/2", "a@1", "b@2"));
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch watch = follow(connection, LONG)) {
      Wait.until("it is synced", watch::synced);
      assertThat(told).containsExactly("a@1", "b@2", "c@3");
      Wait.until("it watches", () -> api.asked("watch=true") == 1);
      assertThat(api.asked())
          .containsExactly(
              "GET /apis/x/v1/things?limit=250",
              "GET /apis/x/v1/things?limit=250&continue=c%2F2",
              "GET /apis/x/v1/things?watch=true&allowWatchBookmarks=true&resourceVersion=7"
                  + "&timeoutSeconds=300");
    }
  }

  /// The server keeps a moment for five minutes.
  @Test
  void aListWhoseMomentIsForgottenIsBegunAgain() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (asked.contains("watch=true")) {
                tell(exchange, "");
                over.await();
              } else if (asked.contains("continue=")) {
                answerStatus(exchange, 410, "Expired");
              } else if (lists.incrementAndGet() == 1) {
                answer(exchange, 200, list("7", "next", "a@1", "gone@2"));
              } else {
                answer(exchange, 200, list("9", "", "a@1", "b@8"));
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch watch = follow(connection, LONG)) {
      Wait.until("it is synced", watch::synced);
      assertThat(told).containsExactly("a@1", "gone@2", "b@8", "-gone");
      assertThat(log.said()).isEmpty();
      Wait.until("it watches", () -> api.asked("resourceVersion=9") == 1);
    }
  }

  /// Anyone who may make namespaces can fill a webhook's memory with a page of them.
  @Test
  void aPageThatIsTooLargeIsAskedForInSmallerOnes() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (asked.contains("watch=true")) {
                tell(exchange, "");
                over.await();
              } else if (asked.contains("limit=62")) {
                answer(exchange, 200, list("7", "", "a@1"));
              } else {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(new byte[5 * 1024 * 1024]);
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch watch = follow(connection, LONG)) {
      Wait.until("it is synced", watch::synced);
      assertThat(told).containsExactly("a@1");
    }
  }

  /// What etcd takes of 1.5 MiB can have 9 MiB in JSON.
  @Test
  void anObjectMayBeAsLargeAsAServerMakesOne() throws Exception {
    String padding = "\\u003c".repeat(1_500_000);
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (asked.contains("watch=true")) {
                tell(
                    exchange,
                    event("ADDED", "b@8").replace("\"b\"", "\"b\", \"x\": \"" + padding + "\""));
                over.await();
              } else {
                String all = list("7", "", "a@1");
                answer(exchange, 200, all.replace("\"a\"", "\"a\", \"x\": \"" + padding + "\""));
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch watch = follow(connection, LONG)) {
      Wait.until("the second", () -> watch.synced() && told.contains("b@8"));
      assertThat(told).containsExactly("a@1", "b@8");
    }
  }

  /// Seven namespaces of 55,000 annotations, 4 MB in a page, took 50 MB.
  @Test
  void aPageOfTooManyValuesIsAskedForInSmallerOnes() throws Exception {
    String many = "{\"items\": [" + "0,".repeat(200_000) + "0]}";
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (asked.contains("watch=true")) {
                tell(exchange, "");
                over.await();
              } else {
                answer(exchange, 200, asked.contains("limit=62") ? list("7", "", "a@1") : many);
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch watch = follow(connection, LONG)) {
      Wait.until("it is synced", watch::synced);
      assertThat(told).containsExactly("a@1");
      assertThat(log.said()).isEmpty();
    }
  }

  @Test
  void whatEndsGoesOnFromItsLastWord() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("7", "", "a@1"));
              } else if (asked.contains("resourceVersion=7&")) {
                tell(exchange, event("ADDED", "b@8"));
              } else if (asked.contains("resourceVersion=8&")) {
                tell(exchange, event("BOOKMARK", "@90"));
              } else {
                tell(exchange, event("DELETED", "a@91"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch watch = follow(connection, LONG)) {
      Wait.until("the third", () -> told.contains("-a"));
      assertThat(told).containsExactly("a@1", "b@8", "-a");
      assertThat(api.asked("limit=")).isEqualTo(1);
      assertThat(api.asked("resourceVersion=90&")).isEqualTo(1);
      assertThat(watch.names()).containsExactly("b");
      assertThat(log.said()).isEmpty();
    }
  }

  /// As the answer, and in the middle of a watch.
  @Test
  void whatTheServerHasForgottenIsListedAgain() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                int version = 7 + lists.incrementAndGet();
                answer(exchange, 200, list("" + version, "", "same@1", "x@" + version));
              } else if (asked.contains("resourceVersion=8&")) {
                answerStatus(exchange, 410, "Expired");
              } else if (asked.contains("resourceVersion=9&")) {
                tell(exchange, event("ADDED", "b@9") + error(410, "Expired"));
              } else {
                tell(exchange, "");
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, LONG)) {
      Wait.until("the third list", () -> told.contains("x@10"));
      Wait.until("what is not in it", () -> told.contains("-b"));
      assertThat(told).containsExactly("same@1", "x@8", "x@9", "b@9", "x@10", "-b");
      assertThat(log.said()).isEmpty();
    }
  }

  /// Its storage was restored from a copy, and its versions began anew below ours.
  @Test
  void aVersionThatTheServerNeverHadIsListedAgain() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list(lists.incrementAndGet() == 1 ? "900" : "5", "", "a@4"));
              } else if (asked.contains("resourceVersion=900")) {
                answerStatus(exchange, 504, "ResourceVersionTooLarge");
              } else {
                tell(exchange, "");
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, LONG)) {
      Wait.until("it watches from there", () -> api.asked("resourceVersion=5&") == 1);
      assertThat(lists).hasValue(2);
    }
  }

  /// A server that begins, or is busy, still has what it had: thousands of nodes need no lists.
  @Test
  void anAnswerThatSaysNothingOfTheVersionMakesNoList() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("7", "", "a@1"));
              } else if (watches.incrementAndGet() <= 4) {
                answerStatus(exchange, 503, "");
              } else {
                tell(exchange, event("ADDED", "b@8"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, LONG)) {
      Wait.until("it goes on", () -> told.contains("b@8"));
      assertThat(api.asked("limit=")).isEqualTo(1);
      assertThat(log.said())
          .containsExactly(
              "WARNING cannot watch things, trying again until it works: said",
              "INFO watching things");
    }
  }

  /// The watch goes on, and the object comes again with the next list.
  @Test
  void aListenerThatFailsIsToldAgain() throws Exception {
    CountDownLatch again = new CountDownLatch(1);
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("7", "", "a@1", "bad@2"));
              } else if (watches.incrementAndGet() == 1) {
                tell(exchange, event("ADDED", "c@8"));
                again.await();
                tell(exchange, error(410, "Expired"));
              } else {
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch watch =
            ObjectWatch.start(
                connection,
                ALL,
                THINGS,
                QUICK,
                LONG,
                object -> {
                  take(object);
                  if (object.name().equals("bad") && lists.incrementAndGet() == 1) {
                    throw new IllegalStateException("a slip");
                  }
                },
                name -> told.add("-" + name))) {
      Wait.until("what comes after it", () -> told.contains("c@8"));
      assertThat(watch.synced()).isTrue();
      assertThat(watch.names()).contains("bad");
      assertThat(log.said())
          .singleElement()
          .asString()
          .startsWith("SEVERE of things, \"bad\" could not be taken in;");
      again.countDown();
      Wait.until("all of it", () -> told.contains("-c"));
      assertThat(told).containsExactly("a@1", "bad@2", "c@8", "bad@2", "-c");
    }
  }

  /// A thread that ends unseen would leave what was last seen standing for ever.
  @Test
  void aListenerThatFailsBadlyIsToldAgain() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("7", "", "a@1"));
              } else {
                tell(exchange, event("ADDED", "b@8"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ =
            ObjectWatch.start(
                connection,
                ALL,
                THINGS,
                QUICK,
                LONG,
                object -> {
                  take(object);
                  if (object.name().equals("b") && lists.incrementAndGet() == 1) {
                    throw new NoClassDefFoundError("for a test");
                  }
                },
                _ -> {})) {
      Wait.until("it is told again", () -> told.equals(List.of("a@1", "b@8", "b@8")));
    }
  }

  /// What stands before a server says yes to everything: that there is nothing it has not said.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"status\": \"ok\"}",
        "{\"metadata\": {\"resourceVersion\": \"8\"}, \"items\": {}}",
        "{\"metadata\": {\"resourceVersion\": \"8\"}, \"items\": [1]}"
      })
  void whatIsNoListTakesNothingAway(String noList) throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                int before = lists.getAndIncrement();
                answer(exchange, 200, before == 1 ? noList : list("" + (7 + before), "", "a@1"));
              } else if (asked.contains("resourceVersion=7&")) {
                answerStatus(exchange, 410, "Expired");
              } else {
                tell(exchange, event("ADDED", "b@10"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, LONG)) {
      Wait.until("it goes on", () -> told.contains("b@10"));
      assertThat(told).containsExactly("a@1", "b@10");
      assertThat(log.said())
          .first()
          .asString()
          .endsWith("until it works: the answer is not a list");
    }
  }

  @Test
  void aListMayHaveNothing() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (asked.contains("watch=true")) {
                tell(exchange, "");
                over.await();
              } else {
                answer(
                    exchange, 200, "{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": null}");
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch watch = follow(connection, LONG)) {
      Wait.until("it is synced", watch::synced);
    }
  }

  /// It would come again from there, as often as it is asked: of an object that cannot be read.
  @ParameterizedTest
  @ValueSource(strings = {"\"code\": 500", "\"reason\": \"Expired\""})
  void whatTheServerCannotTellIsListed(String status) throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("" + (7 + lists.getAndIncrement()), "", "a@1"));
              } else if (asked.contains("resourceVersion=7&")) {
                tell(exchange, "{\"type\": \"ERROR\", \"object\": {" + status + "}}\n");
              } else {
                tell(exchange, event("ADDED", "b@9"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, LONG)) {
      Wait.until("it goes on from a list", () -> told.contains("b@9"));
      assertThat(lists).hasValue(2);
    }
  }

  /// An API server whose storage was restored holds back what is older than the version that it is
  /// asked for, bookmarks too, until the cluster has come to that version again.
  @Test
  void aServerThatSaidNothingToTheEndIsAskedForAList() throws Exception {
    WatchLife second = new WatchLife(Duration.ofSeconds(1), LONG.grace(), LONG.silence());
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                boolean first = lists.getAndIncrement() == 0;
                answer(exchange, 200, first ? list("900", "", "a@899") : list("5", "", "a@4"));
              } else if (asked.contains("resourceVersion=900&")) {
                tell(exchange, "");
                Thread.sleep(1_000);
              } else {
                tell(exchange, event("ADDED", "b@6"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, second)) {
      Wait.until("what it has now", () -> told.contains("b@6"));
      assertThat(told).containsExactly("a@899", "a@4", "b@6");
    }
  }

  /// What is remade before anybody looked is another one: it has another version.
  @Test
  void whatIsRemadeDuringTheFirstListIsToldAgain() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (asked.contains("watch=true")) {
                tell(exchange, "");
                over.await();
              } else if (asked.contains("continue=")) {
                answerStatus(exchange, 403, "");
              } else {
                boolean first = lists.incrementAndGet() == 1;
                answer(exchange, 200, first ? list("7", "next", "a@1") : list("9", "", "a@8"));
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch watch = follow(connection, LONG)) {
      Wait.until("it is synced", watch::synced);
      assertThat(told).containsExactly("a@1", "a@8");
    }
  }

  /// The server ends each watch after a time, which is no reason to wait or to say anything.
  @Test
  void aWatchThatHasLastedAsLongAsItWasToGoesOnAtOnce() throws Exception {
    WatchLife second = new WatchLife(Duration.ofSeconds(1), LONG.grace(), LONG.silence());
    WatchPace slow =
        new WatchPace(QUICK.backoff(), new Backoff(Duration.ofHours(1), Duration.ofHours(1)));
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("7", "", "a@1"));
              } else if (watches.incrementAndGet() < 3) {
                tell(exchange, "");
                Thread.sleep(1_000);
              } else {
                tell(exchange, event("ADDED", "b@8"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ =
            ObjectWatch.start(connection, ALL, THINGS, slow, second, this::take, _ -> {})) {
      Wait.until("the third watch", () -> told.contains("b@8"));
      assertThat(api.asked("timeoutSeconds=1")).isEqualTo(3);
      assertThat(log.said()).isEmpty();
    }
  }

  /// A network that drops a connection tells neither side.
  @Test
  void aConnectionThatIsDeadIsLeftAfterItsTime() throws Exception {
    aDeadConnectionIsLeft(
        new WatchLife(Duration.ofMillis(500), Duration.ofMillis(300), Duration.ofMinutes(3)), "");
  }

  @Test
  void aConnectionWithoutBookmarksIsLeftWhereTheyCameBefore() throws Exception {
    aDeadConnectionIsLeft(
        new WatchLife(Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofMillis(500)),
        event("BOOKMARK", "@8"));
  }

  private void aDeadConnectionIsLeft(WatchLife life, String before) throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("7", "", "a@1"));
              } else if (watches.incrementAndGet() == 1) {
                tell(exchange, before);
                over.await();
              } else {
                tell(exchange, event("ADDED", "b@9"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, life)) {
      Wait.until("another watch", () -> told.contains("b@9"));
      assertThat(api.asked("limit=")).isEqualTo(1);
      assertThat(log.said()).isEmpty();
    }
  }

  /// One that says nothing of bookmarks may have nothing to say for long.
  @Test
  void silenceAloneIsNoDeath() throws Exception {
    WatchLife silent = new WatchLife(LONG.most(), LONG.grace(), Duration.ofMillis(100));
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("7", "", "a@1"));
              } else {
                tell(exchange, event("ADDED", "b@8"));
                Thread.sleep(1_000);
                tell(exchange, event("ADDED", "c@9"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, silent)) {
      Wait.until("both", () -> told.contains("c@9"));
      assertThat(api.asked("watch=true")).isEqualTo(1);
    }
  }

  @Test
  void aLineThatDoesNotEndIsNotTakenIn() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("7", "", "a@1"));
              } else if (watches.incrementAndGet() == 1) {
                while (true) {
                  tell(exchange, " ".repeat(65_536));
                }
              } else {
                tell(exchange, event("ADDED", "b@8"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, LONG)) {
      Wait.until("another watch", () -> told.contains("b@8"));
      // From there it would come again.
      assertThat(api.asked("limit=")).isEqualTo(2);
      assertThat(log.said())
          .containsExactly(
              "WARNING cannot watch things, trying again until it works: the answer is larger than"
                  + " 10485760 bytes",
              "INFO watching things");
    }
  }

  /// Anyone who may make pods can give one 780,000 arguments.
  @Test
  void anEventOfTooManyValuesIsNotTakenIn() throws Exception {
    String many = "{\"type\": \"ADDED\", \"object\": [" + "\"\",".repeat(600_000) + "\"\"]}\n";
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("" + (7 + lists.getAndIncrement()), "", "a@1"));
              } else if (asked.contains("resourceVersion=7&")) {
                tell(exchange, many);
              } else {
                tell(exchange, event("ADDED", "b@9"));
                over.await();
              }
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, LONG)) {
      Wait.until("it goes on from a list", () -> told.contains("b@9"));
      assertThat(log.said()).first().asString().contains("more than 500000 values");
    }
  }

  /// Lines come in pieces, several at once, and with nothing in them.
  @Test
  void linesAreReadAsTheyCome() throws Exception {
    String two = event("ADDED", "b@8") + "\n" + event("ADDED", "c@9");
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              if (!asked.contains("watch=true")) {
                answer(exchange, 200, list("7", "", "a@1"));
                return;
              }
              tell(exchange, two.substring(0, 20));
              Thread.sleep(100);
              tell(
                  exchange,
                  two.substring(20) + "{\"type\": \"HEARTBEAT\"}\n" + event("MODIFIED", "b@10"));
              over.await();
            });
        ClusterConnection connection = api.connect(directory);
        ObjectWatch _ = follow(connection, LONG)) {
      Wait.until("all", () -> told.contains("b@10"));
      assertThat(told).containsExactly("a@1", "b@8", "c@9", "b@10");
    }
  }

  /// So that thousands do not end in one moment.
  @Test
  void noTwoWatchesLastEquallyLong() {
    assertThat(WatchLife.ofResumed().most())
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10))
        .isNotEqualTo(WatchLife.ofResumed().most());
    assertThat(WatchLife.ofStateless().most())
        .isBetween(Duration.ofMinutes(30), Duration.ofMinutes(60));
  }
}
