package dev.portcullis.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.portcullis.kernel.denial.Denial;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.node.denial.DeniedContainer;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an API server is asked for when calls are refused.
class DenialEventsTest {
  @TempDir private Path directory;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /// Of the Events that were to be made.
  private final List<Long> times = new CopyOnWriteArrayList<>();

  /// Status codes and causes of what it answers to an Event of these namespaces.
  private final Map<String, Failure> failing = new ConcurrentHashMap<>();

  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger(DenialEvents.class.getName());
  private final Handler log =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          logged.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private record Failure(int code, String details) {}

  private HttpServer server;
  private DistributionOptions options;
  private final List<DenialEvents> open = new CopyOnWriteArrayList<>();

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            if (exchange.getRequestMethod().equals("POST")) {
              times.add(System.nanoTime());
            }
            boolean create = exchange.getRequestMethod().equals("POST");
            String namespace = exchange.getRequestURI().getPath().split("/", -1)[4];
            Failure failure =
                create
                    ? failing.getOrDefault(namespace, new Failure(201, ""))
                    : new Failure(404, "{}");
            byte[] answer =
                (failure.code() == 201
                        ? body
                        : """
                        {"kind": "Status", "apiVersion": "v1", "code": %d, "status": "Failure",
                         "message": "not in the namespace %s", "details": %s}
                        """
                            .formatted(failure.code(), namespace, failure.details()))
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(failure.code(), answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    Path kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: 'http://127.0.0.1:%d'}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            """
                .formatted(server.getAddress().getPort()));
    options = new DistributionOptions("profiles", kubeconfig, "worker", null);
    logger.addHandler(log);
  }

  private DenialEvents begin(Duration between) {
    DenialEvents events = new DenialEvents(options, between);
    open.add(events);
    return events;
  }

  @AfterEach
  void end() {
    open.forEach(DenialEvents::close);
    server.stop(0);
    logger.removeHandler(log);
  }

  private static NamedDenial<DeniedContainer> denial(String call, long count) {
    return denial("shop", "web", "app", call, count);
  }

  private static NamedDenial<DeniedContainer> denial(
      String namespace, String pod, String container, String call, long count) {
    return denial(new DeniedContainer("id", namespace, pod, "uid-" + pod, container), call, count);
  }

  private static NamedDenial<DeniedContainer> denial(
      DeniedContainer container, String call, long count) {
    Instant when = Instant.parse("2026-11-29T20:37:10.5Z");
    return new NamedDenial<>(
        new Denial<>(container, 83, Verdict.of(0x50001), -1, "", count, when, when),
        call,
        Architecture.X86_64,
        call.matches("[0-9]+") ? List.of() : List.of(call));
  }

  private static NamedDenial<DeniedContainer> logged(String call) {
    NamedDenial<DeniedContainer> denial = denial(call, 1);
    Denial<DeniedContainer> its = denial.denial();
    return new NamedDenial<>(
        new Denial<>(
            its.subject(), 83, Verdict.of(0x7ffc0000), 0, "sh", 1, its.first(), its.last()),
        call,
        denial.architecture(),
        denial.changes());
  }

  private List<String> created() {
    return asked.stream().filter(each -> each.startsWith("POST ")).toList();
  }

  @Test
  void eachCallOfAContainerIsToldOnceAtFirst() throws Exception {
    DenialEvents events = begin(Duration.ofSeconds(1));
    events.seen(denial("mkdir", 1));
    Wait.until("the pod is told", () -> !created().isEmpty());
    assertThat(created().getFirst())
        .startsWith("POST /api/v1/namespaces/shop/events")
        .contains("\"uid\":\"uid-web\"", "\"reason\":\"SyscallDenied\"", "\"type\":\"Warning\"")
        .contains("refuses mkdir (EPERM); if the program needs it, this allows it with all")
        .contains("portcullis profile derive --from PROFILE --allow mkdir")
        .contains("spec.containers{app}", "\"firstTimestamp\":\"2026-11-29T20:37:10Z\"");
    events.seen(denial("mkdir", 500));
    events.seen(denial("chmod", 1));
    Wait.until("the other call, too", () -> created().size() == 2);
    assertThat(created().getLast()).contains("chmod");
    // By then the first would have come again: there is one each second.
    events.seen(denial("chown", 1));
    Wait.until("and the third", () -> created().size() == 3);
    assertThat(created().getLast()).contains("chown");
  }

  /// The program goes on, and nothing is wrong with it.
  @Test
  void aLoggedCallIsNoDenial() throws Exception {
    DenialEvents events = begin(Duration.ofMillis(10));
    for (int i = 0; i < DenialEvents.MOST_OF_ONE + 5; i++) {
      events.seen(logged("call" + i));
    }
    // However many of those there are.
    events.seen(denial("mkdir", 1));
    Wait.until("all are told", () -> created().size() > DenialEvents.MOST_OF_ONE);
    assertThat(created())
        .filteredOn(each -> each.contains("SyscallLogged"))
        .hasSize(DenialEvents.MOST_OF_ONE)
        .allSatisfy(each ->
            assertThat(each)
                .contains("\"type\":\"Normal\"", "lets call", " go on and logs it; if the")
                .doesNotContain("refuses"));
    assertThat(created().toString()).contains("refuses mkdir (EPERM)");
  }

  /// Whatever the pods do.
  @Test
  void betweenTwoEventsThereIsThatPause() throws Exception {
    Duration between = Duration.ofMillis(300);
    DenialEvents events = begin(between);
    for (int i = 0; i < 4; i++) {
      events.seen(denial("shop", "web-" + i, "app", "mkdir", 1));
    }
    Wait.until("all are told", () -> created().size() == 4);
    for (int i = 1; i < 4; i++) {
      assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(between.toNanos());
    }
  }

  /// The account of a kubelet may create and patch Events, and not read them.
  @Test
  void noEventIsRead() throws Exception {
    begin(Duration.ofMillis(10)).seen(denial("shop", "web", "app", "mkdir", 1));
    Wait.until("it is told", () -> !created().isEmpty());
    assertThat(asked)
        .hasSize(2)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("PATCH /api/v1/namespaces/shop/events/"),
            second -> assertThat(second).startsWith("POST /api/v1/namespaces/shop/events"));
  }

  /// An Event is of a pod of that name and uid, and of no other.
  @Test
  void withoutAPodNothingIsTold() throws Exception {
    DenialEvents events = begin(Duration.ofMillis(10));
    DeniedContainer nobody = new DeniedContainer("id", "shop", "web", null, "app");
    events.seen(denial(nobody, "mkdir", 1));
    events.seen(denial(new DeniedContainer("id", "", "web", "uid", "app"), "mkdir", 1));
    events.seen(denial("9999", 1));
    events.seen(denial("shop", "last", "app", "mkdir", 1));
    Wait.until("another is told", () -> !created().isEmpty());
    assertThat(created()).hasSize(1).first().asString().contains("uid-last");
    assertThat(asked).noneMatch(each -> each.contains("/namespaces//"));
    assertThat(logged).isEmpty();
  }

  /// Who makes ever new pods fills no memory with them.
  @Test
  void moreContainersThanThatAreNotTold() throws Exception {
    failing.put("full", new Failure(403, "{}"));
    DenialEvents events = begin(Duration.ofMillis(1));
    for (int i = 0; i < DenialEvents.MOST_CONTAINERS; i++) {
      events.seen(denial("full", "web-" + i, "app", "mkdir", 1));
    }
    Wait.until("all are tried", () -> created().size() >= DenialEvents.MOST_CONTAINERS);
    // One that is being tried is not known to fail; then it is.
    fail(events, "chmod");
    events.seen(denial("shop", "last", "app", "mkdir", 1));
    // By its turn it would be before the second of these.
    fail(events, "chown");
    fail(events, "lchown");
    assertThat(created().toString()).doesNotContain("uid-last");
  }

  private void fail(DenialEvents events, String call) throws Exception {
    events.seen(denial("full", "web-0", "app", call, 1));
    Wait.until(call, () -> created().toString().contains("refuses " + call));
  }

  /// A program can make calls of ever new numbers, and of all names.
  @Test
  void onePodDoesNotKeepOthersWaiting() throws Exception {
    DenialEvents events = begin(Duration.ofMillis(200));
    for (int i = 0; i < 50; i++) {
      events.seen(denial(Integer.toString(i + 1000), 1));
      events.seen(denial("call" + i, 1));
    }
    events.seen(denial("shop", "other", "app", "mkdir", 1));
    Wait.until("both are told", () -> created().size() == 1 + DenialEvents.MOST_OF_ONE);
    assertThat(created().subList(0, 3).toString()).contains("uid-other");
    events.seen(denial("shop", "third", "app", "mkdir", 1));
    Wait.until("another is told", () -> created().toString().contains("uid-third"));
    assertThat(created()).hasSize(2 + DenialEvents.MOST_OF_ONE);
    assertThat(created().toString())
        .contains("call0 ", "call9 ")
        .doesNotContain("call10 ", "refuses 10");
  }

  @Test
  void eachMatterHasAnEventOfItsOwn() throws Exception {
    DenialEvents events = begin(Duration.ofMillis(10));
    events.seen(denial("shop", "web", "web", "lchown", 1));
    events.seen(denial("shop", "web", "webl", "chown", 1));
    Wait.until("both are told", () -> created().size() == 2);
    assertThat(
            created().stream().map(each -> each.replaceAll(".*(portcullis-[0-9a-f-]{36}).*", "$1")))
        .doesNotHaveDuplicates();
  }

  /// Pods whose Events cannot be written are as many as somebody makes.
  @Test
  void aProblemIsLoggedOnceAndNamesNoPod() throws Exception {
    failing.put("one", new Failure(403, "{}"));
    failing.put("two", new Failure(403, "{}"));
    DenialEvents events = begin(Duration.ofMillis(10));
    for (String call : List.of("mkdir", "chmod", "chown")) {
      for (String namespace : List.of("one", "shop", "two")) {
        events.seen(denial(namespace, "web" + namespace, "app", call, 1));
      }
    }
    Wait.until("all are tried", () -> created().size() == 9);
    assertThat(logged)
        .hasSize(1)
        .allSatisfy(
            line -> assertThat(line).contains("HTTP 403", "`events`").doesNotContain("one", "two"));
  }

  @Test
  void withoutAServerItSaysSo() throws Exception {
    server.stop(0);
    DenialEvents events = begin(Duration.ofMillis(10));
    events.seen(denial("mkdir", 1));
    Wait.until("it is said", () -> !logged.isEmpty());
    assertThat(logged.getFirst()).contains("cannot connect").doesNotContain("HTTP");
  }

  /// They would take the place of others.
  @Test
  void podsWhoseNamespaceIsGoneAreForgotten() throws Exception {
    failing.put("gone", new Failure(404, "{}"));
    failing.put(
        "going", new Failure(403, "{\"causes\": [{\"reason\": \"NamespaceTerminating\"}]}"));
    DenialEvents events = begin(Duration.ofMillis(1));
    for (int i = 0; i < DenialEvents.MOST_CONTAINERS; i++) {
      events.seen(denial(i % 2 == 0 ? "gone" : "going", "web-" + i, "app", "mkdir", 1));
    }
    Wait.until("all are tried", () -> created().size() == DenialEvents.MOST_CONTAINERS);
    events.seen(denial("shop", "last", "app", "mkdir", 1));
    Wait.until("another has room", () -> created().getLast().contains("uid-last"));
    assertThat(logged).isEmpty();
  }
}
