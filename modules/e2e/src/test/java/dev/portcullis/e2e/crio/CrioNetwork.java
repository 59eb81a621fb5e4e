package dev.portcullis.e2e.crio;

import dev.portcullis.run.containerd.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The network of its pods: a bridge, which is named after its directory, with addresses to which
/// no route leads.
record CrioNetwork(String bridge, String prefix) {
  private static final Duration SHORT = Duration.ofSeconds(10);

  static CrioNetwork choose(String bridge, Commands commands) throws IOException {
    int first = Math.floorMod(bridge.hashCode(), 256);
    for (int i = 0; i < 256; i++) {
      String prefix = "10.199." + (first + i) % 256;
      Commands.Outcome routes =
          commands.run(List.of("ip", "-4", "route", "show", "to", "match", prefix + ".1"), SHORT);
      if (routes.ok() && routes.output().lines().allMatch(it -> it.startsWith("default"))) {
        return new CrioNetwork(bridge, prefix);
      }
    }
    throw new IOException("every network in 10.199.0.0/16 has a route already");
  }

  /// CNI's description of it.
  ///
  /// @param addresses where those that are given out are written down
  String conflist(Path addresses) {
    return """
    {
      "cniVersion": "0.4.0",
      "name": "%1$s",
      "plugins": [
        {
          "type": "bridge",
          "bridge": "%1$s",
          "isGateway": true,
          "hairpinMode": true,
          "ipam": {
            "type": "host-local",
            "dataDir": "%2$s",
            "ranges": [[{"subnet": "%3$s.0/24"}]],
            "routes": [{"dst": "0.0.0.0/0"}]
          }
        }
      ]
    }
    """
        .formatted(bridge, addresses, prefix);
  }

  static void remove(String bridge, Commands commands) throws IOException {
    if (Files.exists(Path.of("/sys/class/net", bridge))) {
      Commands.Outcome outcome = commands.run(List.of("ip", "link", "delete", bridge), SHORT);
      if (!outcome.ok()) {
        throw new IOException("ip link delete " + bridge + ": " + outcome.output().strip());
      }
    }
  }
}
