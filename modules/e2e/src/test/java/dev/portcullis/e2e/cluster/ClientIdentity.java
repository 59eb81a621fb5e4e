package dev.portcullis.e2e.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// TLS of a client that shows a certificate, and takes whatever the server shows.
public final class ClientIdentity {
  private ClientIdentity() {}

  /// That of a certificate and its key.
  ///
  /// @param certificate as PEM, like the key
  public static SSLContext of(String certificate, String key) throws GeneralSecurityException {
    Certificate shown =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate.getBytes(US_ASCII)));
    byte[] encoded = Base64.getMimeDecoder().decode(key.replaceAll("-----[A-Z ]+-----", ""));
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException("no store in memory", e);
    }
    store.setKeyEntry(
        "client",
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded)),
        new char[0],
        new Certificate[] {shown});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), new TrustManager[] {AnyCertificate.manager()}, null);
    return context;
  }

  /// That of a user's kubeconfig.
  public static SSLContext of(Path kubeconfig) throws IOException, GeneralSecurityException {
    String text = Files.readString(kubeconfig);
    return of(data(text, "client-certificate-data"), data(text, "client-key-data"));
  }

  private static String data(String text, String key) throws IOException {
    Matcher found = Pattern.compile(key + ": ([A-Za-z0-9+/=]+)").matcher(text);
    if (!found.find()) {
      throw new IOException("no " + key);
    }
    return new String(Base64.getDecoder().decode(found.group(1)), US_ASCII);
  }
}
