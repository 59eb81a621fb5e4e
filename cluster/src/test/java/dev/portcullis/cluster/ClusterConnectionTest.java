package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
