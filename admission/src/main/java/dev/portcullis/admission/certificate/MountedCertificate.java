package dev.portcullis.admission.certificate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.portcullis.admission.http.ServingCertificate;
import dev.portcullis.admission.http.ServingCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// A serving certificate from two files, read again when they change.
///
/// A volume of a Secret changes by one rename of the symbolic link `..data` (Kubernetes,
/// AtomicWriter), about a minute after the Secret. A look may fall between, or into somebody's
/// half-written file: so new content counts when two looks in a row have seen the same.
public final class MountedCertificate implements ServingCertificates, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MountedCertificate.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int LARGEST_FILE = 1024 * 1024;

  private final Path certificateFile;
  private final Path keyFile;
  private final InstantSource clock;
  private final Thread loop;
  private volatile ServingCertificate current;
  private Content used;
  private Content seen;
  private String said = "";

  private record Content(String certificate, String key) {
    @Override
    public String toString() {
      return "Content[]";
    }
  }

  private MountedCertificate(
      Path certificateFile, Path keyFile, InstantSource clock, Duration pause) throws IOException {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.clock = clock;
    used = read();
    seen = used;
    try {
      current = pair(used);
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
    Content content = read();
    boolean settled = content.equals(seen);
    seen = content;
    if (settled && !content.equals(used)) {
      current = pair(content);
      used = content;
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

  private Content read() throws IOException {
    return new Content(text(certificateFile), text(keyFile));
  }

  private ServingCertificate pair(Content content) throws UnusableException {
    return Pem.pair(
        certificateFile.toString(), content.certificate, keyFile.toString(), content.key);
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        throw new IOException(file + " is larger than " + LARGEST_FILE + " bytes");
      }
      return new String(bytes, ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    }
  }

  @Override
  public void close() {
    loop.interrupt();
  }
}
