package dev.portcullis.run.crio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.TestingRuntime;
import dev.portcullis.run.containerd.Commands;
import dev.portcullis.run.containerd.ImageArchive;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class CrioImagesTest {
  /// As CRI-O 1.37 writes it, abridged.
  private static final String CONFIG =
      """
      [crio]
        root = "/var/lib/containers/storage"
        runroot = "/run/containers/storage"
        imagestore = ""
        storage_driver = "overlay"
        storage_option = ["overlay.mountopt=nodev", "overlay.size=10G"]
        [crio.runtime]
          [crio.runtime.runtimes]
            [crio.runtime.runtimes.runc]
              runtime_root = "/run/runc"
        [crio.image]
          signature_policy = "%s"
          signature_policy_dir = "/etc/crio/policies"
      """;

  @TempDir private Path directory;

  private static CrioStorage read(String toml) throws IOException {
    return CrioStorage.read(toml, "unix:///run/crio/crio.sock");
  }

  @Test
  void theStorageIsThatOfItsConfiguration() throws Exception {
    CrioStorage storage = read(CONFIG.formatted(""));
    assertThat(storage.image("localhost/a:1"))
        .isEqualTo(
            "containers-storage:[overlay@/var/lib/containers/storage+/run/containers/storage"
                + ":overlay.mountopt=nodev,overlay.size=10G,overlay.skip_mount_home=true]"
                + "localhost/a:1");
    assertThat(storage.signaturePolicy()).isEmpty();
    assertThat(read(CONFIG.formatted("/p.json")).signaturePolicy()).isEqualTo("/p.json");
    assertThat(read(CONFIG.replace("imagestore = \"\"", "imagestore = \"/images\"")).options())
        .contains("overlay.imagestore=/images");
    assertThatThrownBy(() -> read("[crio]\n")).hasMessageContaining("no storage_driver");
  }

  /// What answers GET /config so, on a socket of its own.
  private ServerSocketChannel answering(Path socket, String answer) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread _ = Thread.ofVirtual().start(() -> serve(server, answer));
    return server;
  }

  private static void serve(ServerSocketChannel server, String answer) {
    try {
      while (true) {
        try (SocketChannel peer = server.accept()) {
          ByteBuffer request = ByteBuffer.allocate(1024);
          int _ = peer.read(request);
          boolean config =
              new String(request.array(), 0, request.position(), UTF_8).startsWith("GET /config ");
          peer.write(
              ByteBuffer.wrap((config ? answer : "HTTP/1.0 404 no\r\n\r\n").getBytes(UTF_8)));
        }
      }
    } catch (IOException closed) {
      Thread.currentThread().interrupt();
    }
  }

  static boolean hasBusybox() {
    return Files.exists(Path.of("/bin/busybox"));
  }

  private List<String> load(String answer, Commands commands) throws Exception {
    Path archive = Files.write(directory.resolve("b.tar"), ImageArchive.ofBusybox());
    Path socket = directory.resolve("config.sock");
    try (CrioShape shape = CrioShape.usual();
        TestingRuntime runtime = shape.at(directory.resolve("crio.sock")).start();
        Cri cri = Cri.connect(runtime.endpoint());
        ServerSocketChannel _ = answering(socket, answer)) {
      return CrioImages.load(archive, "unix://" + socket, cri, commands, _ -> {});
    } finally {
      Files.delete(socket);
    }
  }

  private static String ok(String signaturePolicy) {
    return "HTTP/1.0 200 OK\r\nContent-Type: application/toml\r\n\r\n"
        + CONFIG.formatted(signaturePolicy);
  }

  @Test
  @EnabledIf(value = "hasBusybox", disabledReason = "needs busybox-static")
  void skopeoCopiesIntoItsStorageByItsPolicy() throws Exception {
    List<List<String>> called = new ArrayList<>();
    Commands commands =
        (command, _) -> {
          called.add(command);
          return new Commands.Outcome(0, "");
        };
    assertThat(load(ok("/etc/crio/policy.json"), commands)).containsExactly(ImageArchive.BUSYBOX);
    assertThat(called).hasSize(1);
    assertThat(called.getFirst())
        .startsWith("skopeo", "--policy", "/etc/crio/policy.json", "copy")
        .contains("docker-archive:" + directory.resolve("b.tar") + ":" + ImageArchive.BUSYBOX)
        .anyMatch(word -> word.startsWith("containers-storage:[overlay@/var/lib/containers"));
    called.clear();
    List<String> _ = load(ok(""), commands);
    assertThat(called.getFirst()).startsWith("skopeo", "copy").doesNotContain("--policy");
  }

  @Test
  @EnabledIf(value = "hasBusybox", disabledReason = "needs busybox-static")
  void whatStandsInTheWayIsNamed() {
    assertThatThrownBy(() ->
            load(
                ok(""),
                (_, _) -> {
                  throw new IOException("Cannot run program \"skopeo\"");
                }))
        .hasMessageContaining("apt-get install skopeo")
        .hasMessageContaining("podman load --input");
    assertThatThrownBy(() -> load(ok(""), (_, _) -> new Commands.Outcome(1, "rejected by policy")))
        .hasMessageContaining("rejected by policy");
    assertThatThrownBy(
            () -> load("HTTP/1.1 400 Bad Request\r\n\r\n", (_, _) -> new Commands.Outcome(0, "")))
        .hasMessageContaining("does not report where its images are");
  }
}
