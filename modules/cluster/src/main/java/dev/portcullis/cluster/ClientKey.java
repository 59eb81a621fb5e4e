package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// The key in a kubeconfig: of RSA or of an elliptic curve, in the form of PKCS#8, or in the older
/// one of its algorithm, which becomes PKCS#8 here: the JDK reads no other.
final class ClientKey {
  /// RSA's algorithm (RFC 8017, A.1), and that of elliptic curves (RFC 5480, 2.1.1).
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");

  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final byte[] VERSION = {2, 1, 0};
  private static final byte SEQUENCE = 0x30;
  private static final byte OCTETS = 4;

  /// The curve of a key in the form of RFC 5915.
  private static final byte PARAMETERS = (byte) 0xa0;

  private ClientKey() {}

  /// Reads one.
  ///
  /// @param label what to begin a message with
  static PrivateKey read(String label, byte[] pem) throws IOException {
    String text = new String(pem, ISO_8859_1);
    try {
      if (text.contains("BEGIN RSA PRIVATE KEY") && !text.contains("ENCRYPTED")) {
        return key("RSA", pkcs8(RSA, block(text, "RSA PRIVATE KEY")));
      }
      if (text.contains("BEGIN EC PRIVATE KEY") && !text.contains("ENCRYPTED")) {
        byte[] key = block(text, "EC PRIVATE KEY");
        return key("EC", pkcs8(joined(EC, curve(key)), key));
      }
      if (text.contains("BEGIN PRIVATE KEY")) {
        return key(block(text, "PRIVATE KEY"));
      }
    } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException(label + "its client key cannot be read: " + e.getMessage(), e);
    }
    throw new IOException(
        label
            + (text.contains("ENCRYPTED")
                ? "its client key is encrypted, which is not supported; decrypt it"
                : "its client key is not a PEM text of a private key"));
  }

  private static byte[] block(String pem, String kind) {
    String begin = "-----BEGIN " + kind + "-----";
    int from = pem.indexOf(begin) + begin.length();
    return Base64.getMimeDecoder()
        .decode(pem.substring(from, pem.indexOf("-----END " + kind + "-----", from)));
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    GeneralSecurityException failure = new GeneralSecurityException("its algorithm is not known");
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return key(algorithm, pkcs8);
      } catch (GeneralSecurityException another) {
        failure.addSuppressed(another);
      }
    }
    throw failure;
  }

  private static PrivateKey key(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  /// PrivateKeyInfo of RFC 5208: version, algorithm, key.
  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return tagged(
        SEQUENCE, joined(VERSION, joined(tagged(SEQUENCE, algorithm), tagged(OCTETS, key))));
  }

  private static byte[] tagged(byte tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.length;
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.writeBytes(new byte[] {(byte) 0x81, (byte) length});
    } else {
      out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  /// The name of the curve, as its bytes are in ECPrivateKey (RFC 5915): SEQUENCE { version, key,
  /// [0] curve, ... }.
  private static byte[] curve(byte[] key) throws GeneralSecurityException {
    int at = content(key, 0);
    while (at < key.length && key[at] != PARAMETERS) {
      at = content(key, at) + length(key, at);
    }
    if (at >= key.length) {
      throw new GeneralSecurityException("it does not name its curve");
    }
    int from = content(key, at);
    return Arrays.copyOfRange(key, from, from + length(key, at));
  }

  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first - 0x80);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < first - 0x80; i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
