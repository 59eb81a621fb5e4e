package dev.portcullis.cli.result;

import dev.portcullis.cli.input.ExposureAnswers.ClosedProfile;
import dev.portcullis.profiles.exposure.ClosingChange;
import dev.portcullis.profiles.exposure.Need;
import dev.portcullis.profiles.exposure.Reach;
import dev.portcullis.profiles.exposure.StepResult;
import dev.portcullis.profiles.exposure.Vulnerability;
import dev.portcullis.profiles.exposure.Way;
import dev.portcullis.seccomp.compare.DifferenceText;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.IoUringOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What is reported about vulnerabilities, in words.
final class ExposureText {
  /// What an answer rests on, and what it leaves out.
  static final String LIMITS =
      "Looked at: filters, capabilities and hostUsers. Not looked at: the node's kernel and its"
          + " modules, sysctls such as user.max_user_namespaces, AppArmor, SELinux. \"closed\" is"
          + " said of these calls alone.";

  private ExposureText() {}

  /// Which kernels have it.
  static String kernels(Vulnerability vulnerability) {
    String since = vulnerability.kernel().introduced();
    List<String> fixed = vulnerability.kernel().fixed();
    String known =
        (since.isEmpty() ? "" : "since Linux " + since + ", ")
            + (fixed.isEmpty() ? "fix not known here" : "fixed in " + String.join(", ", fixed));
    return known
        + "; distributions fix older versions"
        + (vulnerability.modules().isEmpty()
            ? ""
            : "; in the kernel's "
                + (vulnerability.modules().size() == 1 ? "module " : "modules ")
                + String.join(", ", vulnerability.modules()));
  }

  /// What leads there, or what is in the way.
  static List<String> steps(Reach reach) {
    List<String> lines = new ArrayList<>();
    for (StepResult step : reach.steps()) {
      if (!step.possible()) {
        lines.add(step.barrier());
      } else if (step.ways().isEmpty()) {
        lines.add("having " + step.step().text());
      } else {
        String between = step.step() instanceof Need.NewNamespaces ? "; and " : "; or ";
        lines.add(
            step.ways().stream()
                .map(ExposureText::way)
                .distinct()
                .collect(Collectors.joining(between)));
      }
    }
    if (lines.isEmpty() && !reach.reason().isEmpty()) {
      lines.add(reach.reason());
    }
    return lines;
  }

  /// A call, as `socket(0x26, 0, 0, 0, 0, 0), number 41 on x86_64`.
  static String way(Way way) {
    List<Long> arguments = way.call().arguments();
    return DifferenceText.invocation(way.name(), arguments)
        + ", number "
        + Integer.toUnsignedString(way.call().number())
        + " on "
        + way.architecture().name().toLowerCase(Locale.ROOT)
        + behind(way)
        + (way.behind().isEmpty() ? DifferenceText.taken(way.name(), arguments) : "");
  }

  private static String behind(Way way) {
    if (way.behind().isEmpty()) {
      return "";
    }
    if (way.name().equals(IoUringOperations.SETUP)) {
      return ", whose ring does what " + way.behind() + " does, and no filter sees it";
    }
    return way.behind().equals("flags")
        ? ", whose flags no filter sees"
        : ", which is " + way.behind() + " with arguments that no filter sees";
  }

  /// The command that makes a closed profile.
  static String command(ClosedProfile closed, ClosingChange closing, String program) {
    StringBuilder command =
        new StringBuilder(program)
            .append(" profile derive --from ")
            .append(quoted(closed.origin().operand()));
    if (!closed.origin().capabilities().isEmpty()) {
      command
          .append(" --capabilities ")
          .append(String.join(",", closed.origin().capabilities().stream().sorted().toList()));
    }
    closing.changes().forEach(change -> command.append(" --deny ").append(quoted(change)));
    if (!closing.without().isEmpty()) {
      command.append(" --without-arch ").append(names(closing.without(), ","));
    }
    return command.append(" --output-file ").append(quoted(file(closed))).toString();
  }

  private static String file(ClosedProfile closed) {
    String operand = closed.origin().operand();
    String name = operand.substring(operand.lastIndexOf('/') + 1).replaceAll("\\.json$", "");
    return name.replaceAll("[^A-Za-z0-9._-]", "-") + "-closed.json";
  }

  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./@%+,:-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /// What it does, after it was proven.
  static String effect(ClosingChange closing) {
    String names =
        closing.after().keySet().stream().map(Vulnerability::id).collect(Collectors.joining(", "));
    List<String> left =
        closing.after().entrySet().stream()
            .filter(each -> each.getValue().outcome() != Reach.Outcome.CLOSED)
            .map(each -> each.getKey().id() + " is " + each.getValue().text())
            .toList();
    return "proven STRICTER; "
        + (left.isEmpty() ? "closes " + names : String.join("; ", left) + " with it");
  }

  private static String names(List<Architecture> architectures, String between) {
    return architectures.stream()
        .map(each -> each.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(between));
  }

  /// What is lost by it.
  static List<String> loses(ClosingChange closing) {
    List<String> loses = new ArrayList<>();
    for (Vulnerability each : closing.after().keySet()) {
      if (!loses.contains(each.loses())) {
        loses.add(each.loses());
      }
    }
    if (closing.changes().contains(IoUringOperations.SETUP)) {
      loses.add("io_uring: programs that can do without it, as most can, use system calls instead");
    }
    if (!closing.without().isEmpty()) {
      loses.add(
          "all programs of " + names(closing.without(), " and ") + ": their first call ends them");
    } else if (closing.takesMultiplexed()) {
      loses.add(
          "all sockets from 32-bit programs that make them by socketcall, as old C libraries do");
    }
    return loses;
  }
}
