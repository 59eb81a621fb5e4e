package dev.portcullis.admission.certificate;

import dev.portcullis.admission.http.ServingCertificate;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes certificates: ECDSA on P-256, with the JDK's own providers; BouncyCastle writes the
/// structure.
final class Issuer {
  static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  static final Duration SERVING_LIFE = Duration.ofDays(90);

  /// Certificates begin so much before they are made: clocks of API servers differ.
  static final Duration BACKDATED = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private Issuer() {}

  /// One that can vouch for these names and the names below them, and for nothing else: its key, if
  /// stolen, is of no use to pose as other servers that the API server trusts.
  static Authority authority(List<String> names, Instant now) {
    KeyPair keys = keys();
    // A name of its own, or else a verifier could take an older one's certificate for its issuer's.
    BigInteger serial = serial();
    X500Name name =
        new X500Name("CN=portcullis webhook CA " + HexFormat.of().toHexDigits(serial.longValue()));
    GeneralSubtree[] permitted =
        names.stream().map(each -> new GeneralSubtree(dns(each))).toArray(GeneralSubtree[]::new);
    JcaX509v3CertificateBuilder builder =
        builder(name, serial, now, now.plus(AUTHORITY_LIFE), name, keys.getPublic());
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
          .addExtension(Extension.nameConstraints, true, new NameConstraints(permitted, null))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              identifiers.createSubjectKeyIdentifier(keys.getPublic()));
      return new Authority(signed(builder, keys.getPrivate()), keys.getPrivate());
    } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make a certificate authority", e);
    }
  }

  static ServingCertificate serving(Authority authority, List<String> names, Instant now) {
    KeyPair keys = keys();
    Instant end = now.plus(SERVING_LIFE);
    Instant last = authority.certificate().getNotAfter().toInstant();
    // The names stand where verifiers look for them; one in the subject would be too long for it.
    JcaX509v3CertificateBuilder builder =
        builder(
            X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded()),
            serial(),
            now,
            end.isBefore(last) ? end : last,
            new X500Name("CN=portcullis webhook"),
            keys.getPublic());
    GeneralName[] alternatives = names.stream().map(Issuer::dns).toArray(GeneralName[]::new);
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
          .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(authority.certificate().getPublicKey()))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              identifiers.createSubjectKeyIdentifier(keys.getPublic()));
      return new ServingCertificate(keys.getPrivate(), List.of(signed(builder, authority.key())));
    } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make a serving certificate", e);
    }
  }

  static GeneralName dns(String name) {
    return new GeneralName(GeneralName.dNSName, name);
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, BigInteger serial, Instant now, Instant end, X500Name name, PublicKey key) {
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(now.minus(BACKDATED)), Date.from(end), name, key);
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  // RFC 5280, 4.1.2.2: positive, at most 20 octets.
  private static BigInteger serial() {
    return new BigInteger(126, RANDOM).add(BigInteger.ONE);
  }
}
