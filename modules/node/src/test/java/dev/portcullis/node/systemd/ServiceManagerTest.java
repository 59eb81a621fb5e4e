package dev.portcullis.node.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {
  @TempDir Path directory;

  static boolean hasPerl() {
    return Files.isExecutable(Path.of("/usr/bin/perl"));
  }

  @Test
  void whoListensAndHowOften() {
    assertThat(ServiceManager.of(Map.of(), 7)).isEqualTo(new ServiceManager(null, null));
    assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", "/run/x", "WATCHDOG_USEC", "30000000"), 7))
        .isEqualTo(new ServiceManager("/run/x", Duration.ofSeconds(30)));
    assertThat(ServiceManager.of(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "8"), 7))
        .isEqualTo(new ServiceManager(null, null));
    assertThat(ServiceManager.of(Map.of("WATCHDOG_USEC", "often"), 7).watchdog()).isNull();
  }

  @Test
  void nobodyIsToldWhereNobodyListens() {
    ServiceManager nobody = new ServiceManager(null, null);
    assertThatCode(() -> nobody.ready("x")).doesNotThrowAnyException();
    // With a socket it is an error that nobody listens.
    ServiceManager gone = new ServiceManager(directory.resolve("none").toString(), null);
    assertThatThrownBy(() -> gone.ready("x")).isInstanceOf(IOException.class);
  }

  /// The JDK cannot receive a datagram on a unix socket either.
  @Test
  @EnabledIf(value = "hasPerl", disabledReason = "needs perl")
  void aDatagramArrives() throws Exception {
    Path socket = directory.resolve("notify");
    Process perl =
        new ProcessBuilder(
                "perl",
                "-MSocket",
                "-e",
                "socket(S,AF_UNIX,SOCK_DGRAM,0);bind(S,pack_sockaddr_un($ARGV[0]));$|=1;"
                    + "print \"up\\n\";for(1..2){recv(S,$m,999,0);print \"<$m>\\n\"}",
                socket.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said = new BufferedReader(perl.inputReader(StandardCharsets.UTF_8))) {
      assertThat(said.readLine()).isEqualTo("up");
      ServiceManager manager = new ServiceManager(socket.toString(), null);
      manager.ready("wäre");
      manager.alive();
      assertThat(said.readLine()).isEqualTo("<READY=1");
      assertThat(said.readLine()).isEqualTo("STATUS=wäre>");
      assertThat(said.readLine()).isEqualTo("<WATCHDOG=1>");
    } finally {
      perl.destroy();
    }
  }

  @Test
  void aSocketThatIsNotThere() {
    ServiceManager manager = new ServiceManager(directory.resolve("none").toString(), null);
    assertThatThrownBy(manager::alive)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("errno 2");
    assertThatThrownBy(() -> new ServiceManager("relative", null).alive())
        .hasMessageContaining("NOTIFY_SOCKET");
  }
}
