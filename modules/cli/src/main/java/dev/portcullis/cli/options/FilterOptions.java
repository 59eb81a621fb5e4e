package dev.portcullis.cli.options;

import dev.portcullis.container.profiles.BoundingSet;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.finding.SpellingHint;
import dev.portcullis.seccomp.json.ReadingMode;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Capabilities;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.runtime.Runtimes;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The options of verbs that make filters of profiles.
public final class FilterOptions {
  /// Names of architectures, with commas between.
  public static final Values ARCHITECTURES =
      Values.oneOf(
              Arrays.stream(Architecture.values())
                  .map(each -> each.name().toLowerCase(Locale.ROOT))
                  .toList())
          .listed();

  /// Names of capabilities, with commas between.
  public static final Values CAPABILITY_NAMES =
      new Values(FilterOptions::capabilityWords, Values.Others.NONE, true);

  public static final Option ARCH =
      Option.value("arch", "NAME,...", "only these architectures, such as x86_64,x86,x32,aarch64")
          .taking(ARCHITECTURES);

  public static final Option CAPABILITIES =
      Option.value(
              "capabilities",
              "NAME,...",
              "of the container, for Docker's conditions; ALL, or none (default: Docker's, or with"
                  + " runtime/default the runtime's)")
          .taking(CAPABILITY_NAMES);

  private static final Choice<Dialect> DIALECT =
      Choice.of(
              "oci-runtime",
              "whose way of making filters; runc-1.1 is before 1.1.15, crun-1.29 before 1.30",
              List.of(Dialect.RUNC, Dialect.RUNC_1_1, Dialect.CRUN, Dialect.CRUN_1_29),
              FilterOptions::word)
          .usually("runc");

  private static final Choice<ReadingMode> MODE =
      Choice.of(
              "read-as",
              "read files strictly, or as runtimes read them",
              List.of(ReadingMode.STRICT, ReadingMode.RUNTIME),
              mode -> mode.name().toLowerCase(Locale.ROOT))
          .usually("strict");

  private static final Choice<Set<Dialect>> DIALECTS =
      Choice.<Set<Dialect>>of(
              "oci-runtime",
              "by whose way of making filters it is proven; runc-1.1 is before 1.1.15, crun-1.29"
                  + " before 1.30",
              List.of(
                  EnumSet.allOf(Dialect.class),
                  EnumSet.of(Dialect.RUNC),
                  EnumSet.of(Dialect.RUNC_1_1),
                  EnumSet.of(Dialect.CRUN),
                  EnumSet.of(Dialect.CRUN_1_29)),
              FilterOptions::word)
          .usually("all");

  public static final Option OCI_RUNTIME = DIALECT.option();

  /// In place of {@link #OCI_RUNTIME}, for verbs whose result holds for all.
  public static final Option PROVEN_FOR = DIALECTS.option();

  public static final Option READ_AS = MODE.option();

  /// Those that say what is made of a profile, for the grammar of a verb.
  public static final List<Option> ALL = List.of(READ_AS, CAPABILITIES, OCI_RUNTIME);

  private FilterOptions() {}

  private static List<String> capabilityWords() {
    return Stream.concat(Stream.of("ALL", "none"), BoundingSet.known().stream().sorted()).toList();
  }

  /// Those that say what filter an operand means.
  ///
  /// @param architectures what {@link #ARCH} means to the verb
  public static List<Option> ofOperands(String architectures) {
    return Stream.of(List.of(ARCH.meaning(architectures)), ALL, RuntimeOptions.ALL)
        .flatMap(List::stream)
        .toList();
  }

  /// The value of {@link #ARCH} in its order; empty where it was not given.
  public static Set<Architecture> architectures(Arguments arguments) throws UsageException {
    return architectures(ARCH, arguments);
  }

  /// The value of an option with names of architectures, in its order; empty where it was not
  /// given.
  public static Set<Architecture> architectures(Option option, Arguments arguments)
      throws UsageException {
    Set<Architecture> architectures = new LinkedHashSet<>();
    String list = arguments.value(option);
    if (list != null) {
      for (String name : list.split(",", -1)) {
        architectures.add(architecture(option, name.strip()));
      }
    }
    return architectures;
  }

  private static Architecture architecture(Option option, String name) throws UsageException {
    String spelling =
        name.startsWith("SCMP_ARCH_") ? name : "SCMP_ARCH_" + name.toUpperCase(Locale.ROOT);
    List<String> known = ARCHITECTURES.words().get();
    return Architecture.spelled(spelling)
        .orElseThrow(() ->
            new UsageException(
                option.text()
                    + ": there is no architecture \""
                    + name
                    + "\"; use "
                    + String.join(", ", known)
                    + SpellingHint.hint(name, known)));
  }

  private static String word(Dialect dialect) {
    return switch (dialect) {
      case RUNC -> "runc";
      case RUNC_1_1 -> "runc-1.1";
      case CRUN -> "crun";
      case CRUN_1_29 -> "crun-1.29";
    };
  }

  private static String word(Set<Dialect> dialects) {
    return dialects.size() > 1 ? "all" : word(dialects.iterator().next());
  }

  /// The value of {@link #PROVEN_FOR}.
  public static Set<Dialect> dialects(Arguments arguments) throws UsageException {
    return DIALECTS.read(arguments);
  }

  /// The value of {@link #OCI_RUNTIME}.
  public static Dialect dialect(Arguments arguments) throws UsageException {
    return DIALECT.read(arguments);
  }

  /// The value of {@link #READ_AS}.
  public static ReadingMode readingMode(Arguments arguments) throws UsageException {
    return MODE.read(arguments);
  }

  /// This machine, and a container with the capabilities of {@link #CAPABILITIES}.
  public static Target target(Arguments arguments) throws UsageException, IOException {
    Set<String> named = capabilities(CAPABILITIES, arguments);
    return target(named == null ? usualCapabilities() : named);
  }

  /// This machine, and a container with these capabilities.
  public static Target target(Set<String> capabilities) throws IOException {
    return ThisMachine.ask(System.getProperty("os.arch")).target(capabilities);
  }

  /// What Docker and containerd give to a container that asks for nothing.
  public static Set<String> usualCapabilities() {
    return Runtimes.known()
        .container(Runtimes.CONTAINERD, "1.6.0")
        .orElseThrow()
        .facts()
        .defaultCapabilities();
  }

  /// The value of an option with names of capabilities, in full; null where it was not given.
  public static @Nullable Set<String> capabilities(Option option, Arguments arguments)
      throws UsageException {
    String list = arguments.value(option);
    return list == null ? null : capabilities(option, list);
  }

  private static Set<String> capabilities(Option option, String list) throws UsageException {
    if (list.equalsIgnoreCase("none")) {
      return Set.of();
    }
    Set<String> known = BoundingSet.known();
    if (list.equalsIgnoreCase("ALL")) {
      return known;
    }
    Set<String> names = new TreeSet<>();
    for (String each : list.split(",", -1)) {
      String name = Capabilities.fullName(each.strip());
      if (!known.contains(name)) {
        throw new UsageException(
            "--"
                + option.name()
                + ": there is no capability \""
                + each.strip()
                + "\"; use names as capabilities(7) has them, with commas between, or ALL, or none"
                + SpellingHint.hint(name, known));
      }
      names.add(name);
    }
    return names;
  }
}
