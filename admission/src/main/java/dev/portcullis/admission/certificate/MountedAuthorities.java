package dev.portcullis.admission.certificate;

import dev.portcullis.admission.http.TrustedClients;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The authorities of clients' certificates from a file, read again when it changes.
public final class MountedAuthorities implements TrustedClients, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MountedAuthorities.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Path file;
  private final Set<String> names;
  private final SettledFiles files;
  private final Thread loop;
  private volatile List<X509Certificate> authorities;
  private String said = "";

  private MountedAuthorities(Path file, Set<String> names, Duration pause) throws IOException {
    this.file = file;
    this.names = Set.copyOf(names);
    files = new SettledFiles(file);
    try {
      authorities = certificates(files.used());
    } catch (UnusableException e) {
      throw new IOException(e.getMessage(), e);
    }
    loop = Thread.ofVirtual().name("client-ca-file").unstarted(() -> loop(pause));
  }

  /// Reads it and watches it until closed.
  ///
  /// @param names of which a client's certificate must have one; empty where any will do
  /// @throws IOException when the file is of no use now
  public static MountedAuthorities start(Path file, Set<String> names) throws IOException {
    return start(file, names, PAUSE);
  }

  static MountedAuthorities start(Path file, Set<String> names, Duration pause) throws IOException {
    MountedAuthorities mounted = new MountedAuthorities(file, names, pause);
    mounted.loop.start();
    return mounted;
  }

  @Override
  public List<X509Certificate> authorities() {
    return authorities;
  }

  @Override
  public Set<String> names() {
    return names;
  }

  private void loop(Duration pause) {
    try {
      while (true) {
        try {
          look();
        } catch (IOException | UnusableException e) {
          // Once, until there is something else to say.
          if (!said.equals(e.getMessage())) {
            said = "" + e.getMessage();
            LOG.log(Level.ERROR, "the client authorities in use stay: {0}", said);
          }
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
      authorities = certificates(content);
      files.take(content);
      said = "";
      LOG.log(Level.INFO, "{0} was read again; authorities: {1}", file, authorities.size());
    }
  }

  private List<X509Certificate> certificates(List<String> content) throws UnusableException {
    return Pem.certificates(file.toString(), content.getFirst());
  }

  @Override
  public void close() {
    loop.interrupt();
  }
}
