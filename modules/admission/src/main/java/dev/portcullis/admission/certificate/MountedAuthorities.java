package dev.portcullis.admission.certificate;

import dev.portcullis.admission.http.TrustedClients;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The authorities of clients' certificates from a file, read again when it changes.
public final class MountedAuthorities implements TrustedClients, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MountedAuthorities.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Set<String> names;
  private final FileWatch<List<X509Certificate>> watch;

  private MountedAuthorities(Set<String> names, FileWatch<List<X509Certificate>> watch) {
    this.names = Set.copyOf(names);
    this.watch = watch;
  }

  /// Reads it and watches it until closed.
  ///
  /// @param names of which a client's certificate must have one; empty where any will do
  /// @throws IOException when the file is of no use now
  public static MountedAuthorities start(Path file, Set<String> names) throws IOException {
    return start(file, names, PAUSE);
  }

  static MountedAuthorities start(Path file, Set<String> names, Duration pause) throws IOException {
    return new MountedAuthorities(
        names, FileWatch.start("client-ca-file", pause, new Reader(file), file));
  }

  private record Reader(Path file) implements FileWatch.Owner<List<X509Certificate>> {
    @Override
    public System.Logger log() {
      return LOG;
    }

    @Override
    public List<X509Certificate> read(List<String> content) throws UnusableException {
      return Pem.certificates(file.toString(), content.getFirst());
    }

    @Override
    public String otherwise() {
      return "keeping the client authorities in use: ";
    }

    @Override
    public String taken(List<X509Certificate> authorities) {
      return file + " was read again; authorities: " + authorities.size();
    }
  }

  @Override
  public List<X509Certificate> authorities() {
    return watch.current();
  }

  @Override
  public Set<String> names() {
    return names;
  }

  @Override
  public void close() {
    watch.close();
  }
}
