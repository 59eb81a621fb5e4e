package dev.portcullis.run.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The network of the pods: a bridge of our own, with addresses that no route of the machine uses.
///
/// The machine and the pods reach each other over the bridge. Pods do not reach further: that would
/// take the machine's forwarding, which is not ours to switch on.
record PodNetwork(String bridge, String subnet) {
  private static final Duration SHORT = Duration.ofSeconds(10);

  /// Chooses addresses.
  ///
  /// @param bridge at most 15 bytes (netdevice(7), IFNAMSIZ)
  /// @param routes the text of /proc/net/route
  static PodNetwork choose(String bridge, String routes) throws IOException {
    int first = Math.floorMod(bridge.hashCode(), 50 * 256);
    for (int i = 0; i < 50 * 256; i++) {
      int at = (first + i) % (50 * 256);
      int network = 10 << 24 | (200 + at / 256) << 16 | (at % 256) << 8;
      if (!routed(network, 0xffffff00, routes)) {
        return new PodNetwork(bridge, "10.%d.%d.0/24".formatted(200 + at / 256, at % 256));
      }
    }
    throw new IOException("every network in 10.200.0.0 to 10.249.255.0 has a route already");
  }

  // proc(5), /proc/net/route: destination and mask are hexadecimal and in network byte order, read
  // as a number of the machine, which is little-endian here.
  private static boolean routed(int network, int mask, String routes) {
    return routes
        .lines()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .filter(fields -> fields.length > 7)
        .anyMatch(fields -> {
          int destination = Integer.reverseBytes(Integer.parseUnsignedInt(fields[1].strip(), 16));
          int routeMask = Integer.reverseBytes(Integer.parseUnsignedInt(fields[7].strip(), 16));
          int both = mask & routeMask;
          return routeMask != 0 && (destination & both) == (network & both);
        });
  }

  /// CNI's description of it.
  ///
  /// @param state where the addresses that are given out are written down
  /// @param hostPorts whether ports of the machine are forwarded, which takes iptables
  String conflist(Path state, boolean hostPorts) {
    String forwarding =
        hostPorts
            ? """
            ,
                {"type": "portmap", "capabilities": {"portMappings": true}}\
            """
            : "";
    return """
    {
      "cniVersion": "0.4.0",
      "name": "%s",
      "plugins": [
        {
          "type": "bridge",
          "bridge": "%s",
          "isGateway": true,
          "hairpinMode": true,
          "ipam": {
            "type": "host-local",
            "dataDir": "%s",
            "ranges": [[{"subnet": "%s"}]],
            "routes": [{"dst": "0.0.0.0/0"}]
          }
        }%s
      ]
    }
    """
        .formatted(bridge, bridge, state, subnet, forwarding);
  }

  /// Deletes a bridge; one that is not there is deleted already.
  static void delete(String bridge, Commands commands) throws IOException {
    if (Files.exists(Path.of("/sys/class/net", bridge))) {
      Commands.Outcome outcome = commands.run(List.of("ip", "link", "delete", bridge), SHORT);
      if (!outcome.ok() && Files.exists(Path.of("/sys/class/net", bridge))) {
        throw new IOException("ip link delete " + bridge + ": " + outcome.output().strip());
      }
    }
  }
}
