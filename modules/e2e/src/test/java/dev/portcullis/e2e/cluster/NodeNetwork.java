package dev.portcullis.e2e.cluster;

import dev.portcullis.run.containerd.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The addresses of a cluster that is one machine.
///
/// One address is the node's, the API server's, and the first one of the services' network, which
/// Kubernetes gives to the Service `kubernetes`: pods reach the API server by that Service with
/// nobody there who would translate addresses, as kube-proxy does. It stands on a bridge of its own
/// that has no ports, so no packet to another Service leaves the machine, and with the bridge it is
/// gone.
///
/// @param link the bridge
/// @param prefix the first three numbers of the services' network, as in `10.250.7`
record NodeNetwork(String link, String prefix) {
  private static final Duration SHORT = Duration.ofSeconds(10);
  private static final String SUFFIX = "-k";
  private static final Path LINKS = Path.of("/sys/class/net");

  /// The address of the node, the API server and the Service `kubernetes`.
  String address() {
    return prefix + ".1";
  }

  String services() {
    return prefix + ".0/24";
  }

  /// An address for what only programs of this machine may reach; pods have another 127.0.0.0/8.
  String loopback() {
    return "127" + prefix.substring(prefix.indexOf('.')) + ".1";
  }

  /// Chooses addresses that no route leads to, and sets them up.
  ///
  /// @param instance the directory of the cluster; the bridge is named after it
  static NodeNetwork create(Path instance, Commands commands) throws IOException {
    String name = instance.getFileName().toString();
    int first = Math.floorMod(name.hashCode(), 5 * 256);
    for (int i = 0; i < 5 * 256; i++) {
      int at = (first + i) % (5 * 256);
      NodeNetwork network =
          new NodeNetwork(name + SUFFIX, "10.%d.%d".formatted(250 + at / 256, at % 256));
      if (!network.routed(commands)) {
        try {
          network.setUp(commands);
          return network;
        } catch (IOException e) {
          network.remove(commands);
          throw e;
        }
      }
    }
    throw new IOException("every network in 10.250.0.0 to 10.254.255.0 has a route already");
  }

  private boolean routed(Commands commands) throws IOException {
    return must(List.of("ip", "-4", "route", "show", "to", "match", address()), commands)
        .lines()
        .anyMatch(route -> !route.startsWith("default"));
  }

  private void setUp(Commands commands) throws IOException {
    must(List.of("ip", "link", "add", link, "type", "bridge"), commands);
    must(List.of("ip", "address", "add", address() + "/24", "dev", link), commands);
    must(List.of("ip", "link", "set", link, "up"), commands);
  }

  void remove(Commands commands) throws IOException {
    delete(link, commands);
  }

  /// Removes those whose cluster is gone: a test that was killed could not.
  ///
  /// @param parent where the directories of the clusters are
  static void removeStale(Path parent, Commands commands) throws IOException {
    try (var links = Files.newDirectoryStream(LINKS, "pc-*" + SUFFIX)) {
      for (Path link : links) {
        String name = link.getFileName().toString();
        if (!Files.exists(parent.resolve(name.substring(0, name.length() - SUFFIX.length())))) {
          delete(name, commands);
        }
      }
    }
  }

  private static void delete(String link, Commands commands) throws IOException {
    Commands.Outcome outcome = commands.run(List.of("ip", "link", "delete", link), SHORT);
    if (!outcome.ok() && Files.exists(LINKS.resolve(link))) {
      throw new IOException("ip link delete " + link + ": " + outcome.output().strip());
    }
  }

  private static String must(List<String> command, Commands commands) throws IOException {
    Commands.Outcome outcome = commands.run(command, SHORT);
    if (!outcome.ok()) {
      throw new IOException(String.join(" ", command) + ": " + outcome.output().strip());
    }
    return outcome.output();
  }
}
