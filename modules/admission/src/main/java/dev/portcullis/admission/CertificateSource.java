package dev.portcullis.admission;

import dev.portcullis.admission.certificate.MountedCertificate;
import dev.portcullis.admission.certificate.SelfSignedCertificates;
import dev.portcullis.admission.certificate.ServiceNames;
import dev.portcullis.admission.cluster.CaBundles;
import dev.portcullis.admission.cluster.ConfigurationWatch;
import dev.portcullis.admission.cluster.SecretCertificateStore;
import dev.portcullis.admission.http.ServingCertificate;
import dev.portcullis.admission.http.ServingCertificates;
import dev.portcullis.cluster.ClusterConnection;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The serving certificate, wherever it comes from.
///
/// @param stop ends whatever renews it
record CertificateSource(ServingCertificates certificates, Runnable stop, InstantSource clock)
    implements ServingCertificates {

  static CertificateSource of(WebhookOptions.Certificate options, ClusterConnection connection)
      throws IOException {
    InstantSource clock = InstantSource.system();
    return switch (options) {
      case WebhookOptions.Certificate.Mounted(var certificate, var key) -> {
        MountedCertificate mounted = MountedCertificate.start(certificate, key, clock);
        yield new CertificateSource(mounted, mounted::close, clock);
      }
      case WebhookOptions.Certificate.SelfMade(var namespace, var secret, var service) -> {
        SelfSignedCertificates made =
            SelfSignedCertificates.start(
                new ServiceNames(service, namespace),
                new SecretCertificateStore(connection, namespace, secret),
                clock,
                new CaBundles(connection, namespace, service));
        ConfigurationWatch watch = ConfigurationWatch.start(connection, made::look);
        yield new CertificateSource(
            made,
            () -> {
              watch.close();
              made.close();
            },
            clock);
      }
    };
  }

  @Override
  public @Nullable ServingCertificate current() {
    return certificates.current();
  }

  /// Whether API servers would hang up on what is shown.
  boolean expired() {
    ServingCertificate serving = current();
    return serving == null || serving.expired(clock.instant());
  }

  /// Seconds since 1970; 0 where there is none.
  double expirySeconds() {
    ServingCertificate serving = current();
    return serving == null ? 0 : serving.expiry().getEpochSecond();
  }

  void close() {
    stop.run();
  }
}
