package dev.portcullis.e2e.cluster;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/// The certificate authority of a cluster.
///
/// It says who a user is: Kubernetes takes the common name of a client's certificate for the user's
/// name, and its organizations for the groups.
public final class Authority {
  /// Long enough for a test, and for a program of it whose clock is wrong.
  private static final Duration VALID = Duration.ofDays(1);

  private static final X500Name NAME = new X500Name("CN=portcullis-e2e");

  private final SecureRandom random = new SecureRandom();
  private final KeyPair keys;
  private final String certificate;

  /// One that is valid today.
  public Authority() throws IOException {
    this(Validity.today());
  }

  public Authority(Validity validity) throws IOException {
    keys = newKeys();
    certificate =
        sign(NAME, keys, new BasicConstraints(true), KeyUsage.keyCertSign, List.of(), validity);
  }

  /// When a certificate is to be taken for one.
  public record Validity(Instant from, Instant until) {
    /// It began yesterday and ends tomorrow.
    public static Validity today() {
      Instant now = Instant.now();
      return new Validity(now.minus(VALID), now.plus(VALID));
    }

    /// It ended a minute ago.
    public static Validity over() {
      Instant now = Instant.now();
      return new Validity(now.minus(VALID), now.minus(Duration.ofMinutes(1)));
    }
  }

  /// A private key and what belongs to it, as PEM.
  ///
  /// @param certificate of the public key, by the authority
  public record Identity(String key, String certificate) {}

  /// A key pair without a certificate, as PEM.
  record Pair(String key, String publicKey) {}

  /// Its own certificate, as PEM.
  public String certificate() {
    return certificate;
  }

  /// What a client shows of itself, and a server of the given names.
  Identity identify(String name, List<String> groups, List<String> dnsNames, List<String> addresses)
      throws IOException {
    return identify(name, groups, dnsNames, addresses, Validity.today());
  }

  /// What a server of a name shows.
  public Identity server(String dnsName, Validity validity) throws IOException {
    return identify(dnsName, List.of(), List.of(dnsName), List.of(), validity);
  }

  private Identity identify(
      String name,
      List<String> groups,
      List<String> dnsNames,
      List<String> addresses,
      Validity validity)
      throws IOException {
    X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name);
    groups.forEach(group -> subject.addRDN(BCStyle.O, group));
    List<GeneralName> names =
        Stream.concat(
                dnsNames.stream().map(it -> new GeneralName(GeneralName.dNSName, it)),
                addresses.stream().map(it -> new GeneralName(GeneralName.iPAddress, it)))
            .toList();
    KeyPair own = newKeys();
    return new Identity(
        pem(own.getPrivate()),
        sign(
            subject.build(),
            own,
            new BasicConstraints(false),
            KeyUsage.digitalSignature,
            names,
            validity));
  }

  /// Keys by which the tokens of service accounts are signed and checked.
  Pair tokenKeys() throws IOException {
    KeyPair own = newKeys();
    return new Pair(pem(own.getPrivate()), pem(own.getPublic()));
  }

  private KeyPair newKeys() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IOException("no key can be made", e);
    }
  }

  private String sign(
      X500Name subject,
      KeyPair own,
      BasicConstraints constraints,
      int usage,
      List<GeneralName> names,
      Validity validity)
      throws IOException {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
                NAME,
                new BigInteger(64, random),
                Date.from(validity.from()),
                Date.from(validity.until()),
                subject,
                own.getPublic())
            .addExtension(Extension.basicConstraints, true, constraints)
            .addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    if (!constraints.isCA()) {
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth}));
    }
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(new GeneralName[0])));
    }
    try {
      return pem(
          builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (OperatorCreationException e) {
      throw new IOException("no certificate can be signed", e);
    }
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      if (object instanceof java.security.PrivateKey key) {
        // PKCS 8, which every reader of Kubernetes' takes for every kind of key.
        writer.writeObject(new PemObject("PRIVATE KEY", encoded(key)));
      } else {
        writer.writeObject(object);
      }
    }
    return text.toString();
  }

  private static byte[] encoded(Key key) throws IOException {
    byte[] bytes = key.getEncoded();
    if (bytes == null) {
      throw new IOException("a key that does not show itself: " + key.getAlgorithm());
    }
    return bytes;
  }
}
