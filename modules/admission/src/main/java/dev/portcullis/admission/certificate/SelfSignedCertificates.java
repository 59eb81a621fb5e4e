package dev.portcullis.admission.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.portcullis.admission.http.ServingCertificate;
import dev.portcullis.admission.http.ServingCertificates;
import dev.portcullis.cluster.Backoff;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A serving certificate from an authority of our own, kept in a store that all replicas share and
/// renewed in time. Until the store has been read and written once there is none.
public final class SelfSignedCertificates implements ServingCertificates, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SelfSignedCertificates.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), PAUSE);

  // Each lost race means that another replica has written, and they all want the same.
  private static final int RACES = 10;

  private final Rotation rotation;
  private final CertificateStore store;
  private final InstantSource clock;
  private final BundleListener listener;
  private final Semaphore wake = new Semaphore(0);
  private volatile @Nullable ServingCertificate current;
  private volatile boolean open = true;
  private @Nullable Thread loop;

  SelfSignedCertificates(
      ServiceNames names, CertificateStore store, InstantSource clock, BundleListener listener) {
    rotation = new Rotation(names);
    this.store = store;
    this.clock = clock;
    this.listener = listener;
  }

  /// Begins, and goes on until it is closed.
  public static SelfSignedCertificates start(
      ServiceNames names, CertificateStore store, InstantSource clock, BundleListener listener) {
    SelfSignedCertificates made = new SelfSignedCertificates(names, store, clock, listener);
    made.loop = Thread.ofVirtual().name("certificate-rotation").start(made::loop);
    return made;
  }

  @Override
  public @Nullable ServingCertificate current() {
    return current;
  }

  /// Looks at once instead of at its next turn, as when what API servers read was seen to change;
  /// and a second after the last look at the earliest, where another program puts back what is
  /// written here.
  public void look() {
    wake.release();
  }

  private void loop() {
    Duration retry = BACKOFF.first();
    try {
      while (open) {
        Duration pause = PAUSE;
        try {
          round();
          retry = BACKOFF.first();
        } catch (IOException | RuntimeException e) {
          // The certificate that is there stays, whatever it was.
          LOG.log(Level.WARNING, problem(e, retry), e instanceof IOException ? null : e);
          pause = retry;
          retry = BACKOFF.after(retry);
        }
        ServingCertificate serving = current;
        if (serving != null && serving.expired(clock.instant())) {
          LOG.log(Level.ERROR, "the serving certificate has expired: {0}", serving.expiry());
        }
        Thread.sleep(SHORTEST_PAUSE);
        if (wake.tryAcquire(pause.minus(SHORTEST_PAUSE).toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String problem(Exception e, Duration retry) {
    return "cannot renew the serving certificate ("
        + (current == null
            ? "there is none yet, so the webhook is not ready"
            : "the old one is still in use")
        + "; next try in "
        + retry.toSeconds()
        + " s): "
        + e.getMessage();
  }

  /// Once: read, decide, write if need be, and work with the outcome.
  void round() throws IOException {
    for (int race = 0; race < RACES; race++) {
      StoredCertificates stored = store.read();
      Instant now = clock.instant();
      switch (rotation.next(stored, now)) {
        case RotationStep.Keep(ServingBundle material) -> {
          use(material);
          return;
        }
        case RotationStep.Replace(
                StoredCertificates next,
                ServingBundle material,
                String reason) -> {
          if (store.replace(stored, next)) {
            LOG.log(Level.INFO, "certificates renewed: {0}", reason);
            use(material);
            return;
          }
        }
      }
    }
    throw new IOException("another replica wrote the certificates " + RACES + " times in a row");
  }

  /// The bundle first: where it cannot be published, the certificate is still the right one to
  /// show.
  private void use(ServingBundle material) throws IOException {
    try {
      listener.caBundle(material.caBundle().getBytes(US_ASCII));
    } finally {
      current = material.serving();
    }
  }

  @Override
  public void close() {
    open = false;
    if (loop != null) {
      loop.interrupt();
    }
  }
}
