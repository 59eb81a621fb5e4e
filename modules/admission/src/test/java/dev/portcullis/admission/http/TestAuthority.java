package dev.portcullis.admission.http;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes certificates for clients.
final class TestAuthority {
  private final X500Name name;
  private final KeyPair keys = keys();
  private final X509Certificate certificate;

  TestAuthority(String name) throws Exception {
    this.name = new X500Name("CN=" + name);
    certificate =
        convert(
            builder(this.name, keys, Duration.ofHours(1))
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
  }

  X509Certificate certificate() {
    return certificate;
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair of, Duration left) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(System.nanoTime()),
        Date.from(now.minus(Duration.ofHours(2))),
        Date.from(now.plus(left)),
        subject,
        of.getPublic());
  }

  private X509Certificate convert(X509v3CertificateBuilder builder) throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  /// A client with a certificate of this authority.
  ///
  /// @param common its common name, dns another name of it
  /// @param left how long the certificate is valid from now on
  SSLContext client(
      ServingCertificate server, String common, String dns, KeyPurposeId purpose, Duration left)
      throws Exception {
    KeyPair own = keys();
    X509Certificate shown =
        convert(
            builder(new X500Name("CN=" + common + ",O=some"), own, left)
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
                .addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, dns))));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "client", own.getPrivate(), new char[0], new X509Certificate[] {shown, certificate});
    KeyManagerFactory mine = KeyManagerFactory.getInstance("SunX509");
    mine.init(store, new char[0]);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", server.certificate());
    TrustManagerFactory theirs = TrustManagerFactory.getInstance("PKIX");
    theirs.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(mine.getKeyManagers(), theirs.getTrustManagers(), null);
    return context;
  }

  SSLContext client(ServingCertificate server, String common) throws Exception {
    return client(
        server, common, "some.example.com", KeyPurposeId.id_kp_clientAuth, Duration.ofHours(1));
  }
}
