package dev.portcullis.cli;

import dev.portcullis.container.profiles.AllowedListeners;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.node.NodeOptions;
import dev.portcullis.node.NodeServer;
import dev.portcullis.node.systemd.ServiceManager;
import dev.portcullis.pods.name.ProfileName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// Serves a node once, as {@link Training} has it: a call comes, is passed on, and fails, as there
/// is no runtime.
final class NodeLesson {
  private NodeLesson() {}

  static void take() throws IOException, ClassNotFoundException {
    Path directory = Files.createTempDirectory("portcullis-training");
    Path socket = directory.resolve("cri.sock");
    try (SilentRuntime runtime = SilentRuntime.listen();
        NodeServer node =
            NodeServer.start(
                new NodeOptions(
                    socket,
                    runtime.endpoint(),
                    null,
                    Path.of("examples/profiles").toAbsolutePath(),
                    AllowedListeners.NONE,
                    ProfileName.RUNTIME_DEFAULT,
                    directory.resolve("profiles"),
                    directory.resolve("records"),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    null),
                ServiceManager.of(Map.of(), 0),
                System.getProperty("os.arch"))) {
      call(socket);
      for (String page : new String[] {"healthz", "readyz", "metrics"}) {
        read(URI.create("http://" + node.healthAddress() + "/" + page));
      }
    }
    for (String name :
        new String[] {
          "dev.portcullis.container.profiles.ProfileRoot",
          "dev.portcullis.container.profiles.Snapshots$Held",
          "dev.portcullis.node.truth.NodeInspector",
          "dev.portcullis.kernel.process.LiveProcess",
          "dev.portcullis.cri.CriReplies",
          "runtime.v1.Api$ListContainersResponse",
          "runtime.v1.Api$ContainerStatusResponse"
        }) {
      Class.forName(name);
    }
    remove(directory);
  }

  private static void call(Path socket) throws IOException {
    try (Cri cri = Cri.connect("unix://" + socket)) {
      throw new IOException("a runtime that hangs up has answered: " + cri.version());
    } catch (CriException expected) {
      if (expected.kind() != CriException.Kind.NOT_CRI) {
        throw new IOException("another failure than expected", expected);
      }
    }
  }

  private static void read(URI page) throws IOException {
    var connection = (java.net.HttpURLConnection) page.toURL().openConnection();
    if (connection.getResponseCode() >= 500) {
      // Not ready: there is no runtime.
      connection.getErrorStream().readAllBytes();
    } else {
      connection.getInputStream().readAllBytes();
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
