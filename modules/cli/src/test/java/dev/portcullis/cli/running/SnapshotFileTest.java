package dev.portcullis.cli.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
  @TempDir Path temporary;

  private Path file(String text) throws IOException {
    return Files.writeString(temporary.resolve("web.json"), text);
  }

  @Test
  void aProfileIsRead() throws IOException {
    Path file = file("{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": []}");
    assertThat(SnapshotFile.read(file).rules()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsSaidWithTheFile() throws IOException {
    assertThatThrownBy(() -> SnapshotFile.read(temporary.resolve("none.json")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.json");
    Path file = file("{}");
    for (String[] each :
        new String[][] {
          {"is no longer a profile", "{}"},
          {"larger than 4194304 bytes", " ".repeat(4 * 1024 * 1024 + 1)},
          {
            "conditions of Docker",
            "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [\"read\"],"
                + " \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"caps\": [\"CAP_SYSLOG\"]}}]}"
          },
        }) {
      file(each[1]);
      assertThatThrownBy(() -> SnapshotFile.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(each[0]);
    }
  }
}
