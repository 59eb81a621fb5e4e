package dev.portcullis.run.containerd;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rules by which CNI's plugin portmap forwards ports of the machine.
///
/// They belong to the machine's network, not to the pod's, so they outlive a pod that was not
/// stopped in an orderly way; from then on they forward the port to nowhere.
final class HostPorts {
  private static final Duration SHORT = Duration.ofSeconds(10);
  private static final String DISPATCH = "CNI-HOSTPORT-DNAT";
  private static final List<String> SHARED =
      List.of(DISPATCH, "CNI-HOSTPORT-MASQ", "CNI-HOSTPORT-SETMARK");
  // One word of a rule as iptables -S prints it: bare, or in quotes with \" and \\ inside.
  private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

  private final Commands commands;

  HostPorts(Commands commands) {
    this.commands = commands;
  }

  /// Whether the chains that all users of the plugin share are there.
  boolean hasChains() throws IOException {
    return iptables(List.of("-S", DISPATCH)).ok();
  }

  /// Removes the rules of one network, and the shared chains where nothing else uses them.
  ///
  /// @param network the name in its description
  /// @param chains whether the shared chains are to go, because they were not there before
  void remove(String network, boolean chains) throws IOException {
    Commands.Outcome listed = iptables(List.of("-S"));
    if (!listed.ok()) {
      throw new IOException("iptables -t nat -S: " + listed.output().strip());
    }
    for (List<String> rule : listed.output().lines().map(HostPorts::words).toList()) {
      if (belongs(rule, network)) {
        change("-D", rule.subList(1, rule.size()));
        change("-F", List.of(rule.getLast()));
        change("-X", List.of(rule.getLast()));
      }
    }
    if (chains) {
      removeChains();
    }
  }

  private void removeChains() throws IOException {
    List<List<String>> rules =
        iptables(List.of("-S")).output().lines().map(HostPorts::words).toList();
    if (rules.stream().anyMatch(it -> it.size() == 2 && it.getLast().startsWith("CNI-DN-"))) {
      return;
    }
    for (List<String> rule : rules) {
      if (rule.getFirst().equals("-A") && SHARED.contains(rule.getLast())) {
        change("-D", rule.subList(1, rule.size()));
      }
    }
    for (List<String> rule : rules) {
      if (rule.getFirst().equals("-N") && SHARED.contains(rule.getLast())) {
        change("-F", List.of(rule.getLast()));
        change("-X", List.of(rule.getLast()));
      }
    }
  }

  /// Whether a rule sends packets to a chain of a network: the plugin writes the network's name
  /// into the rule's comment, `dnat name: "NETWORK" id: "SANDBOX"`.
  static boolean belongs(List<String> rule, String network) {
    return rule.size() > 2
        && rule.getFirst().equals("-A")
        && rule.get(1).equals(DISPATCH)
        && rule.getLast().startsWith("CNI-DN-")
        && rule.stream().anyMatch(it -> it.startsWith("dnat name: \"" + network + "\" "));
  }

  /// The words of a line of iptables -S.
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      String quoted = matcher.group(1);
      words.add(quoted == null ? matcher.group() : quoted.replaceAll("\\\\(.)", "$1"));
    }
    return words;
  }

  private void change(String action, List<String> rest) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(action));
    arguments.addAll(rest);
    Commands.Outcome outcome = iptables(arguments);
    if (!outcome.ok()) {
      throw new IOException(
          "iptables -t nat " + String.join(" ", arguments) + ": " + outcome.output().strip());
    }
  }

  private Commands.Outcome iptables(List<String> arguments) throws IOException {
    // -w: another program may be changing the rules at this moment.
    List<String> command = new ArrayList<>(List.of("iptables", "-w", "5", "-t", "nat"));
    command.addAll(arguments);
    return commands.run(command, SHORT);
  }
}
