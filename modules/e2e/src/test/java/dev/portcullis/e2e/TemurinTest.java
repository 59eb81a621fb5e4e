package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The JDK of a machine that has none: from a server on loopback, into a checkout that has only
/// `tools/`.
class TemurinTest {
  @TempDir private Path checkout;
  private ToolsCheckout tools;
  private HttpServer server;
  private byte[] archive;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    tools = ToolsCheckout.of(checkout, List.of("toolchain.sh", "temurin", "temurin.txt"));
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
    assertThat(tools.sh("tar -czf jdk.tar.gz -C made jdk-25").code()).isZero();
    return Files.readAllBytes(file);
  }

  /// Looks for a JDK as ./build does, where neither the machine nor its packages have one.
  private ToolsCheckout.Ended use() throws IOException, InterruptedException {
    return tools.sh(
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
        tools.sh("uname -m").out().strip() + " " + sum + " " + address + "\n");
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/jdk.tar.gz";
  }

  @Test
  void whatHasThePinnedChecksumBecomesTheJdkOfTheCheckout()
      throws IOException, InterruptedException {
    pin(Checksum.sha256(archive), address());
    ToolsCheckout.Ended ended = use();
    String name = "temurin-" + Checksum.sha256(archive).substring(0, 12);
    assertThat(ended.out()).isEqualTo(checkout.resolve(".build/" + name) + "\n");
    assertThat(ended.err().lines())
        .containsExactly(
            "portcullis: no JDK 25 here: fetching Eclipse Temurin, jdk.tar.gz (140 MB), into "
                + checkout.resolve(".build"));
    assertThat(tools.kept()).containsExactly(name, "temurin.lock");
    assertThat(checkout.resolve(".build").resolve(name).resolve("release")).exists();
  }

  @Test
  void itIsFetchedOnce() throws IOException, InterruptedException {
    pin(Checksum.sha256(archive), address());
    String first = use().out();
    server.stop(0);
    ToolsCheckout.Ended again = use();
    assertThat(again.out()).isEqualTo(first);
    assertThat(again.err()).isEmpty();
  }

  @Test
  void anotherContentIsRefusedAndNotKept() throws IOException, InterruptedException {
    String pinned = Checksum.sha256(archive);
    pin(pinned, address());
    archive = archive.clone();
    archive[archive.length - 1] ^= 1;
    ToolsCheckout.Ended ended = use();
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
    assertThat(tools.kept()).containsExactly("temurin.lock");
  }

  @Test
  void withoutItsServerTheUserReadsWhatToInstall() throws IOException, InterruptedException {
    pin(Checksum.sha256(archive), address());
    server.stop(0);
    ToolsCheckout.Ended ended = use();
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err())
        .contains("portcullis: no Eclipse Temurin: " + address() + ": curl:")
        .contains("or set JAVA_HOME to where it is, and try again.");
    assertThat(tools.kept()).containsExactly("temurin.lock");
  }

  @Test
  void everySupportedMachineHasAPin() throws IOException {
    assertThat(Files.readAllLines(Path.of("tools/temurin.txt")))
        .filteredOn(line -> !line.startsWith("#"))
        .hasSize(2)
        .allMatch(
            line -> line.matches("(x86_64|aarch64) [0-9a-f]{64} https://\\S+/OpenJDK25U-\\S+"));
  }
}
