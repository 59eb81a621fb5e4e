package dev.portcullis.run.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostPortsTest {
  private static final String RULES =
      """
      -P PREROUTING ACCEPT
      -N CNI-DN-aaa
      -N CNI-DN-bbb
      -N CNI-HOSTPORT-DNAT
      -A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
      -A CNI-DN-aaa -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.221.33.2:8080
      -A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"pc-1\\" id: \\"s1\\"" -j CNI-DN-aaa
      -A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"pc-12\\" id: \\"pc-1\\"" -j CNI-DN-bbb
      """;

  private final List<List<String>> ran = new ArrayList<>();

  private Commands.Outcome answer(List<String> command, String rules) {
    if (command.contains("-S")) {
      return new Commands.Outcome(0, rules);
    }
    ran.add(command.subList(5, command.size()));
    return new Commands.Outcome(0, "");
  }

  @Test
  void onlyTheRulesOfThatNetworkGo() throws IOException {
    new HostPorts((command, _) -> answer(command, RULES)).remove("pc-1", true);
    assertThat(ran)
        .containsExactly(
            List.of(
                "-D",
                "CNI-HOSTPORT-DNAT",
                "-p",
                "tcp",
                "-m",
                "comment",
                "--comment",
                "dnat name: \"pc-1\" id: \"s1\"",
                "-j",
                "CNI-DN-aaa"),
            List.of("-F", "CNI-DN-aaa"),
            List.of("-X", "CNI-DN-aaa"));
  }

  @Test
  void theSharedChainsGoWithTheLastNetworkThatFoundNone() throws IOException {
    String empty =
        """
        -N CNI-HOSTPORT-DNAT
        -A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
        """;
    new HostPorts((command, _) -> answer(command, empty)).remove("pc-1", false);
    assertThat(ran).isEmpty();
    new HostPorts((command, _) -> answer(command, empty)).remove("pc-1", true);
    assertThat(ran)
        .containsExactly(
            List.of(
                "-D", "OUTPUT", "-m", "addrtype", "--dst-type", "LOCAL", "-j", "CNI-HOSTPORT-DNAT"),
            List.of("-F", "CNI-HOSTPORT-DNAT"),
            List.of("-X", "CNI-HOSTPORT-DNAT"));
  }
}
