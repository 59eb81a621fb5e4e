package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.portcullis.admission.cluster.AccessReviews.Answer;
import dev.portcullis.pods.decide.Grants.Answers;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The questions as they go over the wire. The API server here answers by the policy's name alone.
class AccessReviewsTest {
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final User ALICE =
      new User("alice", Set.of("developers"), Map.of("scopes", List.of("some")));
  private static final User ACCOUNT = User.serviceAccount("ns", "default");

  @TempDir private Path directory;
  private final ConcurrentMap<String, String> answers = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> questions = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Answer> observed = new ConcurrentLinkedQueue<>();
  private LoopbackApi api;
  private AccessReviews reviews;

  @BeforeEach
  void start() throws IOException {
    api = LoopbackApi.start(directory, this::answer);
    reviews =
        new AccessReviews(
            api.connection(), Duration.ofHours(1), (answer, _) -> observed.add(answer));
  }

  @AfterEach
  void stop() {
    reviews.close();
    api.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String question = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    questions.add(question);
    String status =
        answers.entrySet().stream()
            .filter(entry -> question.contains("\"name\":\"" + entry.getKey() + "\""))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("");
    try (exchange) {
      if (status.isEmpty()) {
        exchange.sendResponseHeaders(500, -1);
        return;
      }
      byte[] body =
          ("{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"SubjectAccessReview\","
                  + "\"status\":"
                  + status
                  + "}")
              .getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(201, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Policy policy(String name) {
    return new Policy(Policy.Kind.SECCOMP_POLICY, name, List.of(), null);
  }

  private Answers ask(Policy... policies) {
    return reviews.ask(List.of(ACCOUNT, ALICE), List.of(policies), "ns");
  }

  @Test
  void onlyAPlainYesIsAGrant() {
    answers.put("granted", "{\"allowed\":true}");
    answers.put("denied", "{\"allowed\":false}");
    answers.put("both", "{\"allowed\":true,\"denied\":true}");
    answers.put("silent", "{}");
    Answers known = ask(policy("granted"), policy("denied"), policy("both"), policy("silent"));
    assertThat(known.usable()).containsExactly(policy("granted"));
    assertThat(known.unknown()).isEmpty();
    assertThat(known.failure()).isNull();
  }

  @Test
  void whatTheServerDoesNotSayIsNotKnown() {
    answers.put("granted", "{\"allowed\":true}");
    Answers known = ask(policy("granted"), policy("broken"));
    assertThat(known.usable()).containsExactly(policy("granted"));
    assertThat(known.unknown()).containsExactly(policy("broken"));
    assertThat(known.failure()).contains("create a SubjectAccessReview");
    assertThat(observed).contains(Answer.GRANTED, Answer.FAILED);
  }

  @Test
  void nothingIsUsableWhereNobodyAnswers() {
    api.server().stop(0);
    Answers known = ask(policy("granted"));
    assertThat(known.usable()).isEmpty();
    assertThat(known.unknown()).containsExactly(policy("granted"));
    assertThat(known.failure()).contains("cannot connect");
  }

  @Test
  void theQuestionSaysWhoAndWhatAndWhere() {
    answers.put("p", "{\"allowed\":false}");
    ask(policy("p"));
    assertThat(questions)
        .hasSize(2)
        .allSatisfy(question ->
            assertThat(question)
                .contains(
                    "\"verb\":\"use\"",
                    "\"resource\":\"seccomppolicies\"",
                    "\"group\":\"portcullis.dev\"",
                    "\"namespace\":\"ns\""))
        .anySatisfy(question ->
            assertThat(question)
                .contains("\"user\":\"alice\"", "developers", "\"scopes\":[\"some\"]"))
        .anySatisfy(question -> assertThat(question).contains("system:serviceaccount:ns:default"));
  }

  @Test
  void anAnswerIsKeptAndAFailureIsNot() throws Exception {
    answers.put("p", "{\"allowed\":false}");
    ask(policy("p"));
    ask(policy("p"));
    assertThat(questions).hasSize(2);
    assertThat(ask(policy("later")).unknown()).isNotEmpty();
    answers.put("later", "{\"allowed\":true}");
    // The cache lets go of a failure some moments after those who waited for it have heard.
    Wait.until("the answer", () -> !ask(policy("later")).usable().isEmpty());
    assertThat(ask(policy("later")).usable()).containsExactly(policy("later"));
  }

  /// Reviews by a clock that stands still.
  private AccessReviews brief(AtomicLong now) {
    return new AccessReviews(api.connection(), KEPT, (answer, _) -> observed.add(answer), now::get);
  }

  @Test
  void whoComesAllTheTimeDoesNotWaitAndHearsOfAChange() throws Exception {
    AtomicLong now = new AtomicLong();
    answers.put("p", "{\"allowed\":true}");
    try (AccessReviews brief = brief(now)) {
      List<User> alice = List.of(ALICE);
      assertThat(brief.ask(alice, List.of(policy("p")), "ns").usable()).isNotEmpty();
      answers.put("p", "{\"allowed\":false}");
      now.set(KEPT.toNanos() / 2);
      assertThat(brief.ask(alice, List.of(policy("p")), "ns").usable()).isNotEmpty();
      assertThat(questions).hasSize(1);
      now.set(KEPT.toNanos() - 1);
      assertThat(brief.ask(alice, List.of(policy("p")), "ns").usable()).isNotEmpty();
      Wait.until(
          "the change", () -> brief.ask(alice, List.of(policy("p")), "ns").usable().isEmpty());
      // Had it been asked for only when it was too old, somebody had waited for it.
      assertThat(brief.cacheMisses()).isEqualTo(1);
      assertThat(questions).hasSize(2);
    }
  }

  @Test
  void anAnswerIsTooOldWhereTheNextOneIsAFailure() throws Exception {
    AtomicLong now = new AtomicLong();
    answers.put("p", "{\"allowed\":true}");
    try (AccessReviews brief = brief(now)) {
      List<User> alice = List.of(ALICE);
      brief.ask(alice, List.of(policy("p")), "ns");
      answers.clear();
      now.set(KEPT.toNanos() - 1);
      assertThat(brief.ask(alice, List.of(policy("p")), "ns").usable()).isNotEmpty();
      Wait.until("the failure", () -> observed.contains(Answer.FAILED));
      // The cache may have noted the first answer some moments after anyone who waited for it had
      // it.
      now.set(2 * KEPT.toNanos());
      Answers known = brief.ask(alice, List.of(policy("p")), "ns");
      assertThat(known.usable()).isEmpty();
      assertThat(known.unknown()).containsExactly(policy("p"));
    }
  }

  /// Anyone who reaches the webhook can send as many users as it likes.
  @Test
  void whatIsKeptDoesNotHoldWhoAsked() throws Exception {
    answers.put("p", "{\"allowed\":false}");
    List<WeakReference<List<String>>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      List<String> large = new ArrayList<>(List.of("x".repeat(60_000) + i));
      asked.add(new WeakReference<>(large));
      User user = new User("u" + i, Set.of(), Map.of("k", large));
      assertThat(reviews.ask(List.of(user), List.of(policy("p")), "ns").unknown()).isEmpty();
    }
    Wait.until(
        "nobody holds who asked",
        () -> {
          System.gc();
          return asked.stream().allMatch(it -> it.get() == null);
        });
    assertThat(questions).hasSize(20);
  }

  /// A grant of one is never taken for another's.
  @Test
  void everybodyIsAskedForAlone() {
    answers.put("p", "{\"allowed\":false}");
    List<User> users =
        List.of(
            new User("a", Set.of()),
            new User("ab", Set.of()),
            new User("a", Set.of("b")),
            new User("a", Set.of("b", "c")),
            new User("a", Set.of("bc")),
            new User("a", Set.of(), Map.of("b", List.of())),
            new User("a", Set.of(), Map.of("b", List.of("c"))),
            new User("a", Set.of(), Map.of("b", List.of(), "c", List.of())),
            new User("a", Set.of(), Map.of("b", List.of("c", "d"))),
            new User("a", Set.of(), Map.of("b", List.of("d", "c"))),
            new User("a", Set.of(), Map.of("b", List.of("cd"))),
            new User("?", Set.of()),
            new User("\ud800", Set.of()));
    for (String namespace : List.of("ns", "n")) {
      reviews.ask(users, List.of(policy("p")), namespace);
      reviews.ask(users, List.of(policy("p")), namespace);
    }
    assertThat(questions).hasSize(2 * users.size());
    reviews.ask(
        List.of(new User("a", new LinkedHashSet<>(List.of("c", "b")))), List.of(policy("p")), "ns");
    assertThat(questions).hasSize(2 * users.size());
  }
}
