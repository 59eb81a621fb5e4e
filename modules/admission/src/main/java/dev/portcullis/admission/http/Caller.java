package dev.portcullis.admission.http;

import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// Who is at the other end of one connection, as far as it has shown a certificate.
final class Caller {
  private final ClientCertificates certificates;
  private final SslHandler secured;
  private @Nullable List<X509Certificate> verifiedBy;
  private String refusal = "";

  Caller(ClientCertificates certificates, SslHandler secured) {
    this.certificates = certificates;
    this.secured = secured;
  }

  /// Whether it has shown a certificate that counts at this moment. Certificates and authorities
  /// may end while a connection lasts.
  boolean verified() {
    return certificates.demanded() && refusal().isEmpty();
  }

  /// Why it may ask nothing; empty where it may.
  String refusal() {
    if (!certificates.demanded()) {
      return "";
    }
    List<X509Certificate> chain = chain();
    if (chain.isEmpty()) {
      return ClientCertificates.NONE;
    }
    // Checked again when the authorities are others.
    List<X509Certificate> authorities = certificates.authorities();
    if (!authorities.equals(verifiedBy)) {
      refusal = certificates.refusal(chain, authorities);
      verifiedBy = authorities;
    }
    return refusal.isEmpty() ? certificates.expiry(chain.getFirst()) : refusal;
  }

  private List<X509Certificate> chain() {
    try {
      Certificate[] shown = secured.engine().getSession().getPeerCertificates();
      return Arrays.stream(shown).map(X509Certificate.class::cast).toList();
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }
}
