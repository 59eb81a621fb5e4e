package dev.portcullis.run.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PodNetworkTest {
  private static final String HEADER =
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

  private static String route(String destination, String mask) {
    return "eth0\t" + destination + "\t00000000\t0001\t0\t0\t0\t" + mask + "\t0\t0\t0\n";
  }

  @Test
  void theDefaultRouteIsNoObstacle() throws IOException {
    assertThat(PodNetwork.choose("pc-1", HEADER + route("00000000", "00000000")).subnet())
        .matches("10\\.2[0-4][0-9]\\.[0-9]+\\.0/24");
  }

  @Test
  void aNetworkThatIsRoutedIsPassedOver() throws IOException {
    String first = PodNetwork.choose("pc-1", HEADER).subnet();
    String[] parts = first.split("[./]", -1);
    // As the kernel prints 10.b.c.0: the bytes backwards.
    String destination =
        "00%02X%02X0A".formatted(Integer.parseInt(parts[2]), Integer.parseInt(parts[1]));
    assertThat(PodNetwork.choose("pc-1", HEADER + route(destination, "00FFFFFF")).subnet())
        .isNotEqualTo(first);
  }

  @Test
  void aMachineWhoseWholeTenIsRouted() {
    assertThatThrownBy(() -> PodNetwork.choose("pc-1", HEADER + route("0000000A", "000000FF")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void portsOnlyWhereTheyCanBeForwarded() {
    var network = new PodNetwork("pc-1", "10.200.0.0/24");
    assertThat(network.conflist(Path.of("/x"), false)).doesNotContain("portmap");
    assertThat(network.conflist(Path.of("/x"), true)).contains("portmap");
  }
}
