package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConnectionTest {
  @TempDir Path directory;

  /// As a file is that somebody is writing.
  @ParameterizedTest
  @ValueSource(strings = {"", "a: [", "[]", "5", "clusters: 5"})
  void aFileThatIsNoKubeconfigIsNamed(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("kubeconfig"), content);
    assertThatThrownBy(() -> ClusterConnection.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " is not a kubeconfig: ");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = directory.resolve("nowhere");
    assertThatThrownBy(() -> ClusterConnection.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " cannot be read");
  }

  /// As the JDK's client nests them.
  @Test
  void whatWentWrongAtTheBottomOfIt() {
    ConnectException refused = new ConnectException();
    assertThat(reason(refused)).isEqualTo("cannot connect");
    refused.initCause(new UnresolvedAddressException());
    assertThat(reason(refused)).isEqualTo("cannot connect: no host of this name is known");
    assertThat(reason(new SSLHandshakeException("bad"))).isEqualTo("bad");
    SSLHandshakeException handshake = new SSLHandshakeException("PKIX path validation failed");
    handshake.initCause(new CertificateExpiredException("NotAfter: yesterday"));
    assertThat(reason(handshake)).isEqualTo("its certificate has expired: NotAfter: yesterday");
  }

  private static String reason(Exception bottom) {
    return ClusterConnection.reason(new IOException("An error has occurred.", bottom));
  }
}
