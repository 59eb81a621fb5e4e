package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The key in a kubeconfig. The client has to be told of which kind it is where its PEM block, of
/// PKCS#8, does not say so outside (`PRIVATE KEY`): it takes it for RSA.
final class ClientKey {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private ClientKey() {}

  /// Whether it is one of an elliptic curve.
  ///
  /// @param data the PEM text in base64; null where the kubeconfig has none
  /// @param file null where the kubeconfig names none
  static boolean isEllipticCurve(@Nullable String data, @Nullable String file) throws IOException {
    String pem;
    if (data != null) {
      pem = new String(Base64.getMimeDecoder().decode(data), ISO_8859_1);
    } else if (file != null) {
      pem = Files.readString(Path.of(file), ISO_8859_1);
    } else {
      return false;
    }
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      return false;
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
    try {
      KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
      return true;
    } catch (GeneralSecurityException another) {
      return false;
    }
  }
}
