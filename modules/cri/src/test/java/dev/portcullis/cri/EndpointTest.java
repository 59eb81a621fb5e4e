package dev.portcullis.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @TempDir Path directory;

  private static CriException refuse(String endpoint) {
    CriException e = catchThrowableOfType(CriException.class, () -> Cri.connect(endpoint).close());
    assertThat(e).isNotNull();
    return e;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/run/x.sock",
        "unix:/run/x.sock",
        "unix://run/x.sock",
        "tcp://127.0.0.1:1",
        "unix://"
      })
  void onlyUnixAndAnAbsolutePath(String endpoint) {
    CriException e = refuse(endpoint);
    assertThat(e.kind()).isEqualTo(CriException.Kind.BAD_ENDPOINT);
    assertThat(e).hasMessageContaining('"' + endpoint + '"').hasMessageContaining("unix://");
  }

  @Test
  void pathsThatNoSocketCanHave() {
    CriException e = refuse("unix:///" + "x".repeat(107));
    assertThat(e.kind()).isEqualTo(CriException.Kind.BAD_ENDPOINT);
    assertThat(e).hasMessageContaining("108 bytes");
  }

  @Test
  void missing() {
    CriException e = refuse("unix://" + directory + "/none.sock");
    assertThat(e.kind()).isEqualTo(CriException.Kind.UNREACHABLE);
    assertThat(e).hasMessageContaining("no such socket: start the runtime");
  }

  @Test
  void noSocket() throws IOException {
    CriException e = refuse("unix://" + Files.createFile(directory.resolve("file")));
    assertThat(e.kind()).isEqualTo(CriException.Kind.UNREACHABLE);
    assertThat(e).hasMessageContaining("not a socket");
    assertThat(refuse("unix://" + directory)).hasMessageContaining("not a socket");
  }

  @Test
  void nobodyListens() throws IOException {
    Path socket = directory.resolve("left.sock");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
    }
    CriException e = refuse("unix://" + socket);
    assertThat(e.kind()).isEqualTo(CriException.Kind.UNREACHABLE);
    assertThat(e).hasMessageContaining("refused");
  }
}
