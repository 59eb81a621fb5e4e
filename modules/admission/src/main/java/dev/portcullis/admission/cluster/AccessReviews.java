package dev.portcullis.admission.cluster;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portcullis.admission.ruling.RecordingGrants;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;

/// Grants, asked of the API server by SubjectAccessReview: whatever authorizes there (RBAC, a
/// webhook) decides. An answer is kept for a short time, so a change of RBAC takes effect within
/// it. One that is still in use near the end of that time is asked for again meanwhile, so that
/// pods which come all the time do not wait for the API server.
///
/// What is kept is bounded in bytes: an answer takes some 300 of them, no matter who asked.
public final class AccessReviews implements Grants, RecordingGrants, AutoCloseable {
  /// Answers that are kept: 8 MB of them. Anyone who reaches the webhook can fill it.
  private static final int KEPT = 25_000;

  /// Questions under way at once, of all requests together.
  private static final int AT_ONCE = 32;

  /// What all questions of one pod may take; the API server waits for us not much longer.
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final String PATH = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  private static final String USE = "use";
  private static final String RECORD = "record";
  private static final String PODS = "pods";

  private final ClusterConnection connection;
  private final ObjLongConsumer<Answer> observer;
  private final LongSupplier nanoTime;
  private final AsyncCache<Key, Told> answers;
  private final long renewedAfter;
  private final Set<Key> renewing = ConcurrentHashMap.newKeySet();
  private final Semaphore atOnce = new Semaphore(AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// How one question to the API server ended, for metrics.
  public enum Answer {
    GRANTED,
    DENIED,
    FAILED
  }

  private record Question(
      User user, String namespace, String verb, String group, String resource, String name) {}

  /// A question as it is remembered: without what a client may have made large.
  ///
  /// @param asker by [AskerDigest]
  private record Key(String asker, String verb, String group, String resource, String name) {}

  /// @param at by the clock by which answers grow old
  private record Told(boolean granted, long at) {}

  /// @param kept how long an answer counts
  /// @param observer called for every question that was asked, with its nanoseconds
  public AccessReviews(
      ClusterConnection connection, Duration kept, ObjLongConsumer<Answer> observer) {
    this(connection, kept, observer, System::nanoTime);
  }

  /// @param nanoTime by which answers grow old, as [System#nanoTime]
  AccessReviews(
      ClusterConnection connection,
      Duration kept,
      ObjLongConsumer<Answer> observer,
      LongSupplier nanoTime) {
    this.connection = connection;
    this.observer = observer;
    this.nanoTime = nanoTime;
    this.renewedAfter = kept.multipliedBy(3).dividedBy(4).toNanos();
    this.answers =
        Caffeine.newBuilder()
            .expireAfterWrite(kept)
            .ticker(nanoTime::getAsLong)
            .maximumSize(KEPT)
            .executor(threads)
            .recordStats()
            .buildAsync();
  }

  @Override
  public Answers ask(List<User> users, List<Policy> policies, String namespace) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<String> askers = users.stream().map(user -> AskerDigest.of(user, namespace)).toList();
    Map<Policy, List<CompletableFuture<Told>>> asked = new LinkedHashMap<>();
    for (Policy policy : policies) {
      List<CompletableFuture<Told>> questions = new ArrayList<>();
      String resource = policy.kind().resource();
      for (int i = 0; i < users.size(); i++) {
        for (String group : policy.kind().groups()) {
          questions.add(
              told(
                  new Key(askers.get(i), USE, group, resource, policy.name()),
                  new Question(users.get(i), namespace, USE, group, resource, policy.name())));
        }
      }
      asked.put(policy, questions);
    }
    Set<Policy> usable = new HashSet<>();
    Set<Policy> unknown = new HashSet<>();
    String failure = null;
    for (Map.Entry<Policy, List<CompletableFuture<Told>>> entry : asked.entrySet()) {
      String why = null;
      for (CompletableFuture<Told> question : entry.getValue()) {
        try {
          if (isGranted(question, deadline, "which policies may be used")) {
            usable.add(entry.getKey());
            break;
          }
        } catch (IOException unanswered) {
          why = unanswered.getMessage();
        }
      }
      if (why != null && !usable.contains(entry.getKey())) {
        unknown.add(entry.getKey());
        failure = why;
      }
    }
    return new Answers(usable, unknown, failure);
  }

  @Override
  public PendingAnswer ask(List<User> users, String namespace, String pod) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<CompletableFuture<Told>> questions =
        users.stream()
            .map(user ->
                told(
                    new Key(AskerDigest.of(user, namespace), RECORD, "", PODS, pod),
                    new Question(user, namespace, RECORD, "", PODS, pod)))
            .toList();
    return () -> isAnyGranted(questions, deadline);
  }

  private boolean isAnyGranted(List<CompletableFuture<Told>> questions, long deadline)
      throws IOException {
    IOException failure = null;
    for (CompletableFuture<Told> question : questions) {
      try {
        if (isGranted(question, deadline, "who may record pods")) {
          return true;
        }
      } catch (IOException unanswered) {
        failure = unanswered;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return false;
  }

  /// Waits for an answer.
  ///
  /// @param deadline by `System.nanoTime`
  /// @param what was asked, in words
  /// @throws IOException where there is none
  private boolean isGranted(CompletableFuture<Told> question, long deadline, String what)
      throws IOException {
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      return question.get(left, TimeUnit.NANOSECONDS).granted();
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      throw new IOException(
          cause instanceof UncheckedIOException io ? io.getMessage() : "" + cause, failed);
    } catch (TimeoutException late) {
      throw new IOException(
          "the API server at "
              + connection.server()
              + " did not answer within "
              + PATIENCE.toSeconds()
              + " s "
              + what,
          late);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private CompletableFuture<Told> told(Key key, Question question) {
    CompletableFuture<Told> told =
        answers.get(
            key,
            (_, executor) ->
                CompletableFuture.supplyAsync(
                    () -> {
                      await();
                      return answer(question);
                    },
                    executor));
    if (told.state() == Future.State.SUCCESS
        && nanoTime.getAsLong() - told.resultNow().at() >= renewedAfter) {
      renew(key, question);
    }
    return told;
  }

  /// Asks again, unless that is under way or all turns are taken: no request waits for it yet.
  private void renew(Key key, Question question) {
    if (!renewing.add(key)) {
      return;
    }
    if (!atOnce.tryAcquire()) {
      renewing.remove(key);
      return;
    }
    CompletableFuture<Told> renewed =
        CompletableFuture.supplyAsync(() -> answer(question), threads);
    var _ =
        renewed.whenComplete((_, failure) -> {
          if (failure == null) {
            answers.put(key, renewed);
          }
          renewing.remove(key);
        });
  }

  /// By the one that has a turn, which ends with it.
  private Told answer(Question question) {
    long begin = System.nanoTime();
    Answer answer = Answer.FAILED;
    try {
      boolean granted = review(question);
      answer = granted ? Answer.GRANTED : Answer.DENIED;
      return new Told(granted, nanoTime.getAsLong());
    } catch (IOException failed) {
      throw failed(failed);
    } finally {
      observer.accept(answer, System.nanoTime() - begin);
      atOnce.release();
    }
  }

  /// Waits for a turn, no longer than anybody waits for the answer: behind an API server that has
  /// slowed down, questions would pile up for ever.
  private void await() {
    try {
      if (!atOnce.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw failed(
            new IOException(
                "too many requests to the API server at "
                    + connection.server()
                    + " are in flight"));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw failed(new InterruptedIOException("the webhook stops"));
    }
  }

  /// With the words of the failure alone: they are shown to the user who sent the pod.
  private static UncheckedIOException failed(IOException failure) {
    return new UncheckedIOException(failure.getMessage(), failure);
  }

  private boolean review(Question question) throws IOException {
    Mapping answered =
        connection.create(PATH, questionOf(question), "create a SubjectAccessReview");
    Mapping status = StoredObject.mapping(answered, "status");
    // Only a plain yes is one: a denial by another authorizer may stand beside it.
    return isTrue(status, "allowed") && !isTrue(status, "denied");
  }

  private static boolean isTrue(Mapping status, String key) {
    return status.get(key) instanceof Value.Truth(_, boolean truth) && truth;
  }

  private static Mapping questionOf(Question question) {
    MappingBuilder extra = new MappingBuilder();
    question.user().extra().forEach(extra::putTexts);
    return new MappingBuilder()
        .put("apiVersion", "authorization.k8s.io/v1")
        .put("kind", "SubjectAccessReview")
        .put(
            "spec",
            new MappingBuilder()
                .put("user", question.user().name())
                .putTexts("groups", question.user().groups())
                .put("extra", extra.build())
                .put(
                    "resourceAttributes",
                    new MappingBuilder()
                        .put("namespace", question.namespace())
                        .put("verb", question.verb())
                        .put("group", question.group())
                        .put("version", "*")
                        .put("resource", question.resource())
                        .put("name", question.name())
                        .build())
                .build())
        .build();
  }

  /// How many answers were known already.
  public long cacheHits() {
    return answers.synchronous().stats().hitCount();
  }

  /// How many had to be asked for.
  public long cacheMisses() {
    return answers.synchronous().stats().missCount();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
