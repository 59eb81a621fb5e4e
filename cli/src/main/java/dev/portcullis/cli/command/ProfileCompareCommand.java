package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Complaint;
import dev.portcullis.cli.input.FilterArgument;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.CommonOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ComparisonReport;
import dev.portcullis.node.kernel.ThisMachine;
import dev.portcullis.node.profiles.BoundingSet;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.finding.Nearest;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// `portcullis profile compare`
final class ProfileCompareCommand implements Command {
  private static final Option ARCH =
      Option.value("arch", "NAME,...", "compare for these only, as x86_64,x86,x32,aarch64");
  private static final Option CAPABILITIES =
      Option.value(
          "capabilities",
          "NAME,...",
          "of the container, for Docker's conditions (default: Docker's)");
  private static final Option OCI_RUNTIME =
      Option.value("oci-runtime", "runc|crun", "whose way of making filters (default: runc)");

  @Override
  public String name() {
    return "profile compare";
  }

  @Override
  public String summary() {
    return "say what one filter is to another: equal, stricter, weaker";
  }

  @Override
  public String usage() {
    return "A B [--arch NAME,...] [-o table|json]   (A, B: FILE or unconfined)";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of(ARCH, CAPABILITIES, OCI_RUNTIME, CommonOptions.OUTPUT);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException, IOException {
    if (arguments.operands().size() != 2) {
      throw new UsageException("profile compare needs two filters: profile compare A B");
    }
    boolean table =
        switch (arguments.output()) {
          case TABLE -> true;
          case JSON -> false;
        };
    Set<Architecture> architectures = architectures(arguments.value(ARCH));
    Dialect dialect = dialect(arguments.value(OCI_RUNTIME, "runc"));
    Target target = target(arguments.value(CAPABILITIES));
    Reporter reporter = new Reporter(terminal);
    Compiler compiler = Compiler.ofThisMachine();
    FilterArgument a =
        FilterArgument.read(arguments.operands().getFirst(), target, compiler, dialect);
    FilterArgument b =
        FilterArgument.read(arguments.operands().getLast(), target, compiler, dialect);
    reporter.complain(a.complaints());
    reporter.complain(b.complaints());
    Filters first = a.filters();
    Filters second = b.filters();
    if (first == null || second == null) {
      return reporter.code();
    }
    switch (Comparison.of(first, second, architectures, SyscallTable.ofThisMachine())) {
      case Comparison.Undecided(String reason) ->
          reporter.complain(List.of(new Complaint(reason, ExitCode.REFUSED)));
      case Comparison.Compared compared -> {
        ComparisonReport report = new ComparisonReport(a.text(), b.text(), compared);
        if (table) {
          report.table(terminal.out(), terminal.colour());
        } else {
          terminal.out().println(report.json());
        }
        if (!compared.relation().isNoWeaker()) {
          reporter.worsen(ExitCode.REFUSED);
        }
      }
    }
    a.notes().forEach(reporter::note);
    b.notes().forEach(reporter::note);
    return reporter.code();
  }

  private static Set<Architecture> architectures(@Nullable String list) throws UsageException {
    Set<Architecture> architectures = EnumSet.noneOf(Architecture.class);
    if (list != null) {
      for (String name : list.split(",", -1)) {
        architectures.add(architecture(name.strip()));
      }
    }
    return architectures;
  }

  private static Architecture architecture(String name) throws UsageException {
    String spelling =
        name.startsWith("SCMP_ARCH_") ? name : "SCMP_ARCH_" + name.toUpperCase(Locale.ROOT);
    List<String> known =
        Arrays.stream(Architecture.values())
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .toList();
    return Architecture.spelled(spelling)
        .orElseThrow(() ->
            new UsageException(
                "--arch: there is no architecture \"" + name + "\"" + Nearest.hint(name, known)));
  }

  private static Dialect dialect(String name) throws UsageException {
    return switch (name) {
      case "runc" -> Dialect.RUNC;
      case "crun" -> Dialect.CRUN;
      default ->
          throw new UsageException(
              "--oci-runtime: \"" + name + "\" is not known; use runc or crun");
    };
  }

  private static Target target(@Nullable String capabilities) throws IOException {
    ThisMachine machine = ThisMachine.ask(System.getProperty("os.arch"));
    if (capabilities == null) {
      return machine.target(BoundingSet.of(false, List.of(), List.of()));
    }
    Set<String> names = new TreeSet<>();
    for (String name : capabilities.split(",", -1)) {
      String upper = name.strip().toUpperCase(Locale.ROOT);
      if (!upper.isEmpty()) {
        names.add(upper.startsWith("CAP_") ? upper : "CAP_" + upper);
      }
    }
    return machine.target(names);
  }
}
