package dev.portcullis.admission.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SelfSignedCertificatesTest {
  private static final ServiceNames NAMES = new ServiceNames("portcullis-webhook", "portcullis");

  private final Shared shared = new Shared();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2027-01-01T00:00:00Z"));
  private final List<String> told = new CopyOnWriteArrayList<>();

  /// A Secret with the API server's optimistic concurrency.
  private static final class Shared implements CertificateStore {
    private StoredCertificates stored = StoredCertificates.empty("0");
    private volatile boolean broken;
    private int writes;
    private int failures;

    synchronized int failures() {
      return failures;
    }

    @Override
    public synchronized StoredCertificates read() throws IOException {
      if (broken) {
        failures++;
        throw new IOException("the API server is away");
      }
      return stored;
    }

    @Override
    public synchronized boolean replace(StoredCertificates expected, StoredCertificates next)
        throws IOException {
      if (broken) {
        throw new IOException("the API server is away");
      }
      if (!expected.version().equals(stored.version())) {
        return false;
      }
      writes++;
      stored =
          new StoredCertificates(
              Integer.toString(writes),
              next.caBundle(),
              next.caKey(),
              next.certificate(),
              next.key());
      return true;
    }
  }

  private SelfSignedCertificates replica(CertificateStore store) {
    return new SelfSignedCertificates(
        NAMES, store, now::get, pem -> told.add(new String(pem, US_ASCII)));
  }

  @Test
  void thereIsNoCertificateBeforeTheFirstSuccess() throws Exception {
    SelfSignedCertificates replica = replica(shared);
    shared.broken = true;
    assertThatThrownBy(replica::round).hasMessage("the API server is away");
    assertThat(replica.current()).isNull();
    shared.broken = false;
    replica.round();
    assertThat(replica.current()).isNotNull();
    assertThat(told).containsExactly(shared.stored.caBundle());
  }

  @Test
  void aStoreThatFailsLaterCostsNothing() throws Exception {
    SelfSignedCertificates replica = replica(shared);
    replica.round();
    var before = replica.current();
    shared.broken = true;
    assertThatThrownBy(replica::round).isInstanceOf(IOException.class);
    assertThat(replica.current()).isEqualTo(before).isNotNull();
  }

  @Test
  void replicasThatRaceEndWithTheSame() throws Exception {
    for (int day : List.of(0, 61, 2434, 2500, 5000)) {
      now.set(Instant.parse("2027-01-01T00:00:00Z").plus(Duration.ofDays(day)));
      List<SelfSignedCertificates> replicas =
          List.of(replica(shared), replica(shared), replica(shared));
      CountDownLatch go = new CountDownLatch(1);
      List<Throwable> failed = new CopyOnWriteArrayList<>();
      List<Thread> threads = new ArrayList<>();
      int before = shared.writes;
      for (SelfSignedCertificates replica : replicas) {
        threads.add(
            Thread.ofPlatform()
                .uncaughtExceptionHandler((_, e) -> failed.add(e))
                .start(() -> {
                  try {
                    go.await();
                    replica.round();
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failed).isEmpty();
      assertThat(shared.writes - before).isEqualTo(1);
      assertThat(replicas).extracting(SelfSignedCertificates::current).doesNotContainNull();
      assertThat(replicas)
          .extracting(SelfSignedCertificates::current)
          .containsOnly(replicas.getFirst().current());
    }
  }

  @Test
  void whoLosesTheRaceTakesWhatTheWinnerWrote() throws Exception {
    SelfSignedCertificates winner = replica(shared);
    // The other one writes between this one's reading and writing.
    CertificateStore late =
        new CertificateStore() {
          @Override
          public StoredCertificates read() throws IOException {
            return shared.read();
          }

          @Override
          public boolean replace(StoredCertificates expected, StoredCertificates next)
              throws IOException {
            winner.round();
            return shared.replace(expected, next);
          }
        };
    SelfSignedCertificates loser = replica(late);
    loser.round();
    assertThat(loser.current()).isNotNull().isEqualTo(winner.current());
    assertThat(shared.writes).isEqualTo(1);
  }

  @Test
  void raceAfterRaceLostIsAnError() {
    CertificateStore never =
        new CertificateStore() {
          @Override
          public StoredCertificates read() {
            return StoredCertificates.empty("1");
          }

          @Override
          public boolean replace(StoredCertificates expected, StoredCertificates next) {
            return false;
          }
        };
    assertThatThrownBy(replica(never)::round).hasMessageContaining("10 times");
  }

  @Test
  void aListenerThatFailsKeepsNoCertificateBackAndIsToldAgain() throws Exception {
    List<String> calls = new ArrayList<>();
    SelfSignedCertificates replica =
        new SelfSignedCertificates(
            NAMES,
            shared,
            now::get,
            pem -> {
              calls.add(new String(pem, US_ASCII));
              throw new IOException("no right to patch");
            });
    assertThatThrownBy(replica::round).hasMessage("no right to patch");
    assertThat(replica.current()).isNotNull();
    assertThatThrownBy(replica::round).hasMessage("no right to patch");
    assertThat(calls).hasSize(2);
  }

  @Test
  void theLoopRetriesByItselfAndLooksOnDemand() throws Exception {
    shared.broken = true;
    try (SelfSignedCertificates replica =
        SelfSignedCertificates.start(
            NAMES, shared, now::get, pem -> told.add(new String(pem, US_ASCII)))) {
      Wait.until("a failure", () -> shared.failures() > 0);
      assertThat(replica.current()).isNull();
      shared.broken = false;
      Wait.until("a certificate", () -> replica.current() != null);
      var first = requireNonNull(replica.current());
      now.set(now.get().plus(Duration.ofDays(61)));
      replica.look();
      Wait.until("another certificate", () -> !first.equals(replica.current()));
      // Each before its certificate is shown.
      assertThat(told).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  /// Such as one that applies the configurations from a repository again and again.
  @Test
  void whoPutsBackWhatIsWrittenIsNotAnsweredWithoutAPause() throws Exception {
    AtomicReference<SelfSignedCertificates> own = new AtomicReference<>();
    try (SelfSignedCertificates replica =
        SelfSignedCertificates.start(
            NAMES,
            shared,
            now::get,
            pem -> {
              told.add(new String(pem, US_ASCII));
              SelfSignedCertificates looking = own.get();
              if (looking != null) {
                looking.look();
              }
            })) {
      own.set(replica);
      replica.look();
      Wait.until("three rounds", () -> told.size() >= 3);
      int before = told.size();
      LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
      assertThat(told.size() - before).isBetween(1, 4);
    }
  }
}
