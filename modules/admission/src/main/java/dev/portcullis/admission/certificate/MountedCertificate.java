package dev.portcullis.admission.certificate;

import dev.portcullis.admission.http.ServingCertificate;
import dev.portcullis.admission.http.ServingCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// A serving certificate from two files, read again when they change.
public final class MountedCertificate implements ServingCertificates, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MountedCertificate.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final FileWatch<ServingCertificate> watch;

  private MountedCertificate(FileWatch<ServingCertificate> watch) {
    this.watch = watch;
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
    return new MountedCertificate(
        FileWatch.start(
            "certificate-files",
            pause,
            new Reader(certificateFile, keyFile, clock),
            certificateFile,
            keyFile));
  }

  private record Reader(Path certificateFile, Path keyFile, InstantSource clock)
      implements FileWatch.Owner<ServingCertificate> {
    @Override
    public System.Logger log() {
      return LOG;
    }

    /// @param content of the files of the certificate and of the key
    @Override
    public ServingCertificate read(List<String> content) throws UnusableException {
      return Pem.pair(
          certificateFile.toString(), content.getFirst(), keyFile.toString(), content.getLast());
    }

    @Override
    public String otherwise() {
      return "keeping the certificate in use: ";
    }

    @Override
    public String taken(ServingCertificate certificate) {
      return "the serving certificate was read again; it expires on " + certificate.expiry();
    }

    @Override
    public String complaint(ServingCertificate certificate) {
      return certificate.expired(clock.instant())
          ? "the serving certificate in "
              + certificateFile
              + " expired on "
              + certificate.expiry()
              + "; API servers reject it. Renew it"
          : "";
    }
  }

  @Override
  public ServingCertificate current() {
    return watch.current();
  }

  @Override
  public void close() {
    watch.close();
  }
}
