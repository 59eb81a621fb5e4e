package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The JDK of a machine that has none: from a server on loopback, into a checkout that has only
/// `tools/`.
class TemurinTest {
  private static final List<String> TOOLS = List.of("toolchain.sh", "temurin", "temurin.txt");

  @TempDir private Path checkout;
  private HttpServer server;
  private byte[] archive;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Path tools = Files.createDirectories(checkout.resolve("tools"));
    Files.createDirectories(checkout.resolve(".build"));
    for (String tool : TOOLS) {
      Files.copy(Path.of("../tools").resolve(tool), tools.resolve(tool));
      assertThat(tools.resolve(tool).toFile().setExecutable(true)).isTrue();
    }
    archive = jdk();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jdk.tar.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, archive.length);
          exchange.getResponseBody().write(archive);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /// An archive of the form that Temurin's have.
  private byte[] jdk() throws IOException, InterruptedException {
    Path bin = Files.createDirectories(checkout.resolve("made/jdk-25/bin"));
    Path javac = Files.writeString(bin.resolve("javac"), "#!/bin/sh\n");
    assertThat(javac.toFile().setExecutable(true)).isTrue();
    Files.writeString(bin.resolve("../release"), "JAVA_VERSION=\"25.0.4.1\"\n");
    Path file = checkout.resolve("jdk.tar.gz");
    assertThat(sh("tar -czf jdk.tar.gz -C made jdk-25").code()).isZero();
    return Files.readAllBytes(file);
  }

  private record Ended(int code, String out, String err) {}

  private Ended sh(String script) throws IOException, InterruptedException {
    Path err = checkout.resolve("err");
    Process process =
        new ProcessBuilder("sh", "-c", script)
            .directory(checkout.toFile())
            .redirectError(err.toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), out, Files.readString(err));
  }

  /// Looks for a JDK as ./build does, where neither the machine nor its packages have one.
  private Ended use() throws IOException, InterruptedException {
    return sh(
        """
        home=$PWD log=$PWD/log
        . tools/toolchain.sh
        look_for_jdk() { return 1; }
        is_root() { return 1; }
        apt_has() { return 1; }
        use_jdk
        echo "$JAVA_HOME"
        """);
  }

  private void pin(String sum, String address) throws IOException, InterruptedException {
    Files.writeString(
        checkout.resolve("tools/temurin.txt"),
        sh("uname -m").out().strip() + " " + sum + " " + address + "\n");
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/jdk.tar.gz";
  }

  private List<String> kept() throws IOException {
    try (Stream<Path> files = Files.list(checkout.resolve(".build"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatHasThePinnedChecksumBecomesTheJdkOfTheCheckout()
      throws IOException, InterruptedException {
    pin(Checksum.sha256(archive), address());
    Ended ended = use();
    String name = "temurin-" + Checksum.sha256(archive).substring(0, 12);
    assertThat(ended.out()).isEqualTo(checkout.resolve(".build/" + name) + "\n");
    assertThat(ended.err().lines())
        .containsExactly(
            "portcullis: no JDK 25 here: fetching Eclipse Temurin, jdk.tar.gz (140 MB), into "
                + checkout.resolve(".build"));
    assertThat(kept()).containsExactly(name, "temurin.lock");
    assertThat(checkout.resolve(".build").resolve(name).resolve("release")).exists();
  }

  @Test
  void itIsFetchedOnce() throws IOException, InterruptedException {
    pin(Checksum.sha256(archive), address());
    String first = use().out();
    server.stop(0);
    Ended again = use();
    assertThat(again.out()).isEqualTo(first);
    assertThat(again.err()).isEmpty();
  }

  @Test
  void anotherContentIsRefusedAndNotKept() throws IOException, InterruptedException {
    String pinned = Checksum.sha256(archive);
    pin(pinned, address());
    archive = archive.clone();
    archive[archive.length - 1] ^= 1;
    Ended ended = use();
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains(
            "portcullis: no Eclipse Temurin: "
                + address()
                + " has the SHA-256 "
                + Checksum.sha256(archive)
                + ", not "
                + pinned
                + ": it was thrown away")
        .contains("Install one, for example Eclipse Temurin 25 from");
    assertThat(kept()).containsExactly("temurin.lock");
  }

  @Test
  void withoutItsServerTheUserReadsWhatToInstall() throws IOException, InterruptedException {
    pin(Checksum.sha256(archive), address());
    server.stop(0);
    Ended ended = use();
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err())
        .contains("portcullis: no Eclipse Temurin: " + address() + ": curl:")
        .contains("or set JAVA_HOME to where it is, and try again.");
    assertThat(kept()).containsExactly("temurin.lock");
  }

  @Test
  void everySupportedMachineHasAPin() throws IOException {
    assertThat(Files.readAllLines(Path.of("../tools/temurin.txt")))
        .filteredOn(line -> !line.startsWith("#"))
        .hasSize(2)
        .allMatch(
            line -> line.matches("(x86_64|aarch64) [0-9a-f]{64} https://\\S+/OpenJDK25U-\\S+"));
  }
}
