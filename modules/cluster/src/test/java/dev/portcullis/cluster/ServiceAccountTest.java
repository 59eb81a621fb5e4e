package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceAccountTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBERNETES_SERVICE_PORT", "6443");

  @TempDir private Path directory;

  private void mount(String token) throws IOException {
    Files.writeString(directory.resolve("token"), token);
    Files.writeString(directory.resolve("namespace"), "portcullis");
  }

  @Test
  void whatTheKubeletMounts() throws Exception {
    mount("abc\n");
    ServerAccess access = new ServiceAccount(directory).access(ENVIRONMENT);
    assertThat(access.server()).isEqualTo("https://10.0.0.1:6443/");
    assertThat(access.namespace()).isEqualTo("portcullis");
    assertThat(access.token().header()).isEqualTo("Bearer abc");
    assertThat(access.tls()).isNotNull();
  }

  @Test
  void anAddressOfIpv6IsInBrackets() throws Exception {
    mount("abc");
    assertThat(
            new ServiceAccount(directory)
                .access(
                    Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443"))
                .server())
        .isEqualTo("https://[fd00::1]:443/");
  }

  @Test
  void onlyTheAuthorityOfTheClusterIsTrusted() throws Exception {
    mount("abc");
    Files.writeString(directory.resolve("ca.crt"), "no certificate");
    assertThatThrownBy(() -> new ServiceAccount(directory).access(ENVIRONMENT))
        .hasMessageStartingWith(
            directory.resolve("ca.crt") + ": the certificate of the authority cannot be read: ");
  }

  /// Anyone who went on would be nobody, and refused for that.
  @Test
  void aPodWithoutATokenIsToldSo() {
    assertThatThrownBy(() -> new ServiceAccount(directory).access(ENVIRONMENT))
        .hasMessageStartingWith("this pod has no token of its service account: " + directory);
  }

  /// A kubelet writes a new one before the old one ends.
  @Test
  void theTokenIsReadAgainAfterAMinute() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    Path file = Files.writeString(directory.resolve("token"), "old");
    BearerToken token = BearerToken.ofFile(file, now::get);
    assertThat(token.header()).isEqualTo("Bearer old");
    Files.writeString(file, "new");
    now.set(Instant.EPOCH.plus(Duration.ofSeconds(59)));
    assertThat(token.header()).isEqualTo("Bearer old");
    now.set(Instant.EPOCH.plus(Duration.ofSeconds(60)));
    assertThat(token.header()).isEqualTo("Bearer new");
    Files.delete(file);
    now.set(Instant.EPOCH.plus(Duration.ofHours(1)));
    assertThat(token.header()).as("for want of another").isEqualTo("Bearer new");
  }
}
