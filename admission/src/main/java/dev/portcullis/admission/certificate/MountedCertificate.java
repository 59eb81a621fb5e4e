package dev.portcullis.admission.certificate;

import dev.portcullis.admission.http.ServingCertificate;
import dev.portcullis.admission.http.ServingCertificates;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// A serving certificate from two files, read again when they change.
public final class MountedCertificate implements ServingCertificates, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MountedCertificate.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Path certificateFile;
  private final Path keyFile;
  private final InstantSource clock;
  private final Thread loop;
  private volatile ServingCertificate current;
  private final SettledFiles files;
  private String said = "";

  private MountedCertificate(
      Path certificateFile, Path keyFile, InstantSource clock, Duration pause) throws IOException {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.clock = clock;
    files = new SettledFiles(certificateFile, keyFile);
    try {
      current = pair(files.used());
    } catch (UnusableException e) {
      throw new IOException(e.getMessage(), e);
    }
    loop = Thread.ofVirtual().name("certificate-files").unstarted(() -> loop(pause));
  }

  /// Reads both and watches them until closed.
  ///
  /// @throws IOException when they are of no use now
  public static MountedCertificate start(Path certificateFile, Path keyFile, InstantSource clock)
      throws IOException {
    return start(certificateFile, keyFile, clock, PAUSE);
  }

  static MountedCertificate start(
      Path certificateFile, Path keyFile, InstantSource clock, Duration pause) throws IOException {
    MountedCertificate mounted = new MountedCertificate(certificateFile, keyFile, clock, pause);
    mounted.loop.start();
    return mounted;
  }

  @Override
  public ServingCertificate current() {
    return current;
  }

  private void loop(Duration pause) {
    try {
      while (true) {
        try {
          look();
        } catch (IOException | UnusableException e) {
          say("the certificate in use stays: " + e.getMessage());
        }
        if (current.expired(clock.instant())) {
          say(
              "the serving certificate in "
                  + certificateFile
                  + " expired on "
                  + current.expiry()
                  + "; API servers refuse it. Renew it");
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws IOException, UnusableException {
    List<String> content = files.changed();
    if (content != null) {
      current = pair(content);
      files.take(content);
      said = "";
      LOG.log(
          Level.INFO,
          "the serving certificate was read again; it expires on {0}",
          current.expiry());
    }
  }

  /// Once, until there is something else to say.
  private void say(String message) {
    if (!message.equals(said)) {
      said = message;
      LOG.log(Level.ERROR, message);
    }
  }

  /// @param content of the files of the certificate and of the key
  private ServingCertificate pair(List<String> content) throws UnusableException {
    return Pem.pair(
        certificateFile.toString(), content.getFirst(), keyFile.toString(), content.getLast());
  }

  @Override
  public void close() {
    loop.interrupt();
  }
}
