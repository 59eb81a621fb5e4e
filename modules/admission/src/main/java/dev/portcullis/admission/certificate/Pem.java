package dev.portcullis.admission.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.portcullis.admission.http.ServingCertificate;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Certificates and keys as text (RFC 7468), read with the JDK's own means where they suffice.
final class Pem {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII));

  private Pem() {}

  /// @param source for messages: a file or a key of the Secret
  static List<X509Certificate> certificates(String source, String text) throws UnusableException {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text.getBytes(US_ASCII)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw new UnusableException(
            source + " has no certificate; it must begin with -----BEGIN CERTIFICATE-----");
      }
      return chain;
    } catch (CertificateException e) {
      throw new UnusableException(source + " is not a PEM file of certificates", e);
    }
  }

  static PrivateKey key(String source, String text) throws UnusableException {
    Matcher block = KEY.matcher(text);
    if (!block.find()) {
      throw new UnusableException(
          source + " has no private key; it must have a block -----BEGIN PRIVATE KEY-----");
    }
    return switch (String.valueOf(block.group(1))) {
      case "PRIVATE KEY" -> pkcs8(source, bytes(source, String.valueOf(block.group(2))));
      case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
          pkcs8(source, OldKeyFormat.asPkcs8(source, block.group()));
      case "ENCRYPTED PRIVATE KEY" ->
          throw new UnusableException(
              source + " is an encrypted key; decrypt it with openssl pkcs8 -in FILE -out KEY");
      case String other ->
          throw new UnusableException(
              source
                  + " has a key of kind "
                  + other
                  + "; use PKCS#8 (-----BEGIN PRIVATE KEY-----)");
    };
  }

  private static byte[] bytes(String source, String base64) throws UnusableException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new UnusableException("the private key in " + source + " is not base64", e);
    }
  }

  private static PrivateKey pkcs8(String source, byte[] encoded) throws UnusableException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(encoded);
    UnusableException unusable =
        new UnusableException(
            "the private key in " + source + " is neither EC nor RSA nor EdDSA, or damaged");
    for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // Of another algorithm: the next one may know it.
        unusable.addSuppressed(e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has " + algorithm, e);
      }
    }
    throw unusable;
  }

  /// A certificate with its key, which belong together.
  static ServingCertificate pair(
      String certificateSource, String certificates, String keySource, String key)
      throws UnusableException {
    ServingCertificate pair =
        new ServingCertificate(key(keySource, key), certificates(certificateSource, certificates));
    if (!matches(pair.certificate().getPublicKey(), pair.key())) {
      throw new UnusableException(
          "the key in "
              + keySource
              + " does not belong to the first certificate in "
              + certificateSource
              + "; replace both together, and put the server's own certificate first");
    }
    return pair;
  }

  /// Tried out: what one signs, the other verifies.
  static boolean matches(PublicKey certified, PrivateKey key) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "EdDSA";
        };
    byte[] probe = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // Keys of two algorithms, or of two curves.
      return false;
    }
  }

  static String write(X509Certificate certificate) throws UnusableException {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateException e) {
      throw new UnusableException("a certificate that cannot be written", e);
    }
  }

  static String write(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  private static String block(String label, byte[] bytes) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + LINES.encodeToString(bytes)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
