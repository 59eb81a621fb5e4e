package dev.portcullis.admission.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whether the certificate of a client makes it one that may ask. The rules are PKIX as the JDK has
/// them: signed by an authority, valid now, and for clients where it states its purpose.
final class ClientCertificates {
  static final String NONE =
      "the client sent no certificate: this webhook (--client-ca-file) answers only API servers"
          + " with a client certificate; configure one in the API server's AdmissionConfiguration";

  /// DNS, by RFC 5280's GeneralName.
  private static final int DNS_NAME = 2;

  private final @Nullable TrustedClients trusted;
  private final InstantSource clock;

  /// @param trusted null where everybody may ask
  ClientCertificates(@Nullable TrustedClients trusted) {
    this(trusted, InstantSource.system());
  }

  /// @param clock by which a certificate expires while its connection lasts
  ClientCertificates(@Nullable TrustedClients trusted, InstantSource clock) {
    this.trusted = trusted;
    this.clock = clock;
  }

  /// Whether one has to be shown.
  boolean demanded() {
    return trusted != null;
  }

  /// Empty where none is demanded.
  List<X509Certificate> authorities() {
    return trusted == null ? List.of() : trusted.authorities();
  }

  /// Why a chain does not make its owner a client; empty where it does.
  String refusal(List<X509Certificate> chain, List<X509Certificate> authorities) {
    try {
      trustManager(authorities)
          .checkClientTrusted(
              chain.toArray(X509Certificate[]::new),
              chain.getFirst().getPublicKey().getAlgorithm());
    } catch (CertificateException untrusted) {
      return "the client certificate is not from an authority in --client-ca-file, or has expired,"
          + " or is not for clients";
    }
    Set<String> wanted = requireNonNull(trusted).names();
    return wanted.isEmpty() || names(chain.getFirst()).stream().anyMatch(wanted::contains)
        ? ""
        : "the client certificate has none of the names in --client-name";
  }

  /// Why a certificate does not count any more at this moment; empty where it does.
  String expiry(X509Certificate certificate) {
    try {
      certificate.checkValidity(Date.from(clock.instant()));
      return "";
    } catch (CertificateException over) {
      return "the client certificate has expired, or is not valid yet; renew it";
    }
  }

  static X509TrustManager trustManager(List<X509Certificate> authorities) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority " + i, authorities.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          return x509;
        }
      }
      throw new IllegalStateException("PKIX without X.509");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK has PKIX, and a store in memory", e);
    }
  }

  private static Set<String> names(X509Certificate certificate) {
    Set<String> names = new HashSet<>();
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
          names.add(name);
        }
      }
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (alternative.getFirst().equals(DNS_NAME)
              && alternative.get(1) instanceof String name) {
            names.add(name);
          }
        }
      }
    } catch (InvalidNameException | CertificateException unreadable) {
      return Set.of();
    }
    return names;
  }
}
