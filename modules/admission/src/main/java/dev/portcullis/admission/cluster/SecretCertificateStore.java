package dev.portcullis.admission.cluster;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.portcullis.admission.certificate.CertificateStore;
import dev.portcullis.admission.certificate.StoredCertificates;
import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ApiFailure;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.PatchKind;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;

/// The webhook's certificates in a Secret. Anyone who reads it can speak as the webhook; only the
/// webhook needs to.
public record SecretCertificateStore(ClusterConnection connection, String namespace, String name)
    implements CertificateStore {
  private static final String CA_BUNDLE = "ca.crt";
  private static final String CA_KEY = "ca.key";
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";

  @Override
  public StoredCertificates read() throws IOException {
    Mapping found = connection.get(path(), "GET " + this);
    if (found == null) {
      throw new IOException(
          this
              + " does not exist; apply the manifest in deploy/ that creates it empty, and the"
              + " webhook fills it");
    }
    StoredObject secret = new StoredObject(found);
    Map<String, String> data = StoredObject.texts(secret.whole(), "data");
    return new StoredCertificates(
        secret.version(),
        text(data, CA_BUNDLE),
        text(data, CA_KEY),
        text(data, CERTIFICATE),
        text(data, KEY));
  }

  @Override
  public boolean replace(StoredCertificates expected, StoredCertificates next) throws IOException {
    Mapping patch =
        new MappingBuilder()
            // A patch with another version than the stored one is a conflict.
            .put(
                "metadata", new MappingBuilder().put("resourceVersion", expected.version()).build())
            .put(
                "data",
                new MappingBuilder()
                    .put(CA_BUNDLE, base64(next.caBundle()))
                    .put(CA_KEY, base64(next.caKey()))
                    .put(CERTIFICATE, base64(next.certificate()))
                    .put(KEY, base64(next.key()))
                    .build())
            .build();
    try {
      connection.patch(path(), PatchKind.MERGE, patch, "PATCH " + this);
      return true;
    } catch (ApiFailure failed) {
      if (failed.code() == HTTP_CONFLICT) {
        return false;
      }
      throw failed;
    }
  }

  private String path() {
    return ApiCollection.of("/api/v1", namespace, "secrets").item(name);
  }

  private static String text(Map<String, String> data, String key) {
    String base64 = data.get(key);
    if (base64 == null) {
      return "";
    }
    try {
      return new String(Base64.getDecoder().decode(base64), ISO_8859_1);
    } catch (IllegalArgumentException garbage) {
      // What cannot be read is made anew.
      return "";
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1));
  }

  @Override
  public String toString() {
    return "Secret \"" + name + "\" in namespace \"" + namespace + "\"";
  }
}
