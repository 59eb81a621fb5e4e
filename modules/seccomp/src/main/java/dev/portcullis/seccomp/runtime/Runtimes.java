package dev.portcullis.seccomp.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.runtime.ContainerRuntimeFacts.ProcessMaker;
import dev.portcullis.seccomp.runtime.OciRuntimeFacts.Prologue;
import dev.portcullis.seccomp.runtime.RuntimesFile.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What differs between runtimes and their versions; `runtimes.txt` has it, with the source of each
/// fact.
public final class Runtimes {
  private static final String FILE = "runtimes.txt";

  // As they name themselves in CRI.
  public static final String CONTAINERD = "containerd";
  public static final String CRI_O = "cri-o";

  public static final String RUNC = "runc";
  public static final String CRUN = "crun";

  private static final String LIBSECCOMP = "libseccomp";
  private static final String CAP = "CAP_";

  private final Map<String, List<Row>> rows;

  private Runtimes(Map<String, List<Row>> rows) {
    this.rows = rows;
  }

  private static final class Known {
    private static final Runtimes ALL = new Runtimes(read());

    private Known() {}

    private static Map<String, List<Row>> read() {
      try (InputStream in = Runtimes.class.getResourceAsStream(FILE)) {
        if (in == null) {
          throw new IllegalStateException("the module lacks " + FILE);
        }
        return RuntimesFile.read(new String(in.readAllBytes(), UTF_8));
      } catch (IOException broken) {
        throw new UncheckedIOException(FILE, broken);
      }
    }
  }

  /// All that are known.
  public static Runtimes known() {
    return Known.ALL;
  }

  /// The facts about a container runtime.
  ///
  /// @param name as it has it in CRI, `containerd` or `cri-o`
  /// @param version as it has it in CRI, `1.36.3` or `v2.1.4~ds2`
  /// @return empty where no runtime of that name is known
  public Optional<RecognisedRuntime<ContainerRuntimeFacts>> container(String name, String version) {
    return name.equals(CONTAINERD) || name.equals(CRI_O)
        ? Optional.of(recognised(name, version, Runtimes::containerFacts))
        : Optional.empty();
  }

  /// The facts about an OCI runtime.
  ///
  /// @return empty where none of that name is known
  public Optional<RecognisedRuntime<OciRuntimeFacts>> oci(String name, String version) {
    return name.equals(RUNC) || name.equals(CRUN)
        ? Optional.of(recognised(name, version, Runtimes::ociFacts))
        : Optional.empty();
  }

  /// The same of the version that a row begins with.
  ///
  /// @throws IllegalArgumentException where there is no such row
  public OciRuntimeFacts oci(String name, Version row) {
    return Objects.requireNonNull(rows.get(name), name).stream()
        .filter(each -> each.from().equals(row))
        .findFirst()
        .map(Runtimes::ociFacts)
        .orElseThrow(() -> new IllegalArgumentException(FILE + " has no " + name + " " + row));
  }

  /// The first version of each row, in their order.
  public List<Version> versions(String name) {
    return rows.getOrDefault(name, List.of()).stream().map(Row::from).toList();
  }

  /// The first versions that filters are proven for, by the names of container runtimes.
  public Map<String, Version> firstContainerRuntimes() {
    Map<String, Version> first = new LinkedHashMap<>();
    for (String name : List.of(CONTAINERD, CRI_O)) {
      first.put(name, versions(name).getFirst());
    }
    return first;
  }

  /// The first libseccomp that makes filters as they are understood here.
  public Version firstLibseccomp() {
    return versions(LIBSECCOMP).getFirst();
  }

  /// What any version of a container runtime calls its default profile: a container may be older
  /// than the runtime.
  public Set<String> namesOfDefault() {
    Set<String> names = new TreeSet<>();
    for (String name : List.of(CONTAINERD, CRI_O)) {
      for (Row row : Objects.requireNonNull(rows.get(name), name)) {
        names.addAll(containerFacts(row).defaultProfile());
      }
    }
    return names;
  }

  /// The capabilities that every container runtime gives to a container that asks for nothing.
  public Set<String> capabilitiesOfAll() {
    Set<String> all = new TreeSet<>();
    boolean first = true;
    for (String name : List.of(CONTAINERD, CRI_O)) {
      for (Row row : Objects.requireNonNull(rows.get(name), name)) {
        Set<String> these = containerFacts(row).defaultCapabilities();
        if (first) {
          all.addAll(these);
          first = false;
        }
        all.retainAll(these);
      }
    }
    return all;
  }

  /// The flags of seccomp(2) that some OCI runtime takes.
  public List<String> flags() {
    Set<String> flags = new LinkedHashSet<>();
    for (String name : List.of(RUNC, CRUN)) {
      Objects.requireNonNull(rows.get(name), name)
          .forEach(row -> flags.addAll(ociFacts(row).flags()));
    }
    return new ArrayList<>(flags);
  }

  private <F> RecognisedRuntime<F> recognised(String name, String text, Function<Row, F> facts) {
    List<Row> all = Objects.requireNonNull(rows.get(name), name);
    Row last = all.getLast();
    Version newest = Objects.requireNonNull(last.to(), "the last row says what was read");
    Version version = Version.read(text);
    if (version == null || isAfter(version, newest)) {
      return new RecognisedRuntime<>(
          name,
          text,
          last.from(),
          facts.apply(last),
          version == null
              ? RecognisedRuntime.Certainty.UNREADABLE
              : RecognisedRuntime.Certainty.NEWER,
          newest);
    }
    Row row = all.getFirst();
    if (version.compareTo(row.from()) < 0) {
      return new RecognisedRuntime<>(
          name, text, row.from(), facts.apply(row), RecognisedRuntime.Certainty.OLDER, row.from());
    }
    for (Row each : all) {
      if (version.compareTo(each.from()) >= 0) {
        row = each;
      }
    }
    return new RecognisedRuntime<>(
        name, text, row.from(), facts.apply(row), RecognisedRuntime.Certainty.READ, version);
  }

  /// Patch releases of what was read count as read.
  private static boolean isAfter(Version version, Version newest) {
    return version.major() != newest.major()
        ? version.major() > newest.major()
        : version.minor() > newest.minor();
  }

  private static ContainerRuntimeFacts containerFacts(Row row) {
    return new ContainerRuntimeFacts(
        row.list("default-capabilities").stream().map(CAP::concat).collect(Collectors.toSet()),
        row.either("capability-prefix", "always", "where-it-lacks")
            ? CapabilityPrefix.ALWAYS
            : CapabilityPrefix.WHERE_IT_LACKS,
        Set.copyOf(row.list("default-profile")),
        switch (row.word("process-made-by")) {
          case "CreateContainer" -> ProcessMaker.CREATE_CONTAINER;
          case "StartContainer" -> ProcessMaker.START_CONTAINER;
          case String other -> throw row.bad("process-made-by", other);
        },
        row.either("privileged-containers", "configurable", "unfiltered"),
        row.either("default-of-handler", "configurable", "same"),
        row.either("checkpoint-images", "restored", "run"));
  }

  private static OciRuntimeFacts ociFacts(Row row) {
    boolean _ = row.either("repeated-argument", "any", "any");
    return new OciRuntimeFacts(
        switch (row.word("prologue")) {
          case "none" -> Prologue.NONE;
          case "listed" -> Prologue.LISTED;
          case "listed-and-own" -> Prologue.LISTED_AND_OWN;
          case String other -> throw row.bad("prologue", other);
        },
        row.number("tree-above", "never"),
        row.number("conditions", "all"),
        row.listOrNone("flags"),
        row.listOrNone("refused-architectures").stream()
            .map(Architecture::valueOf)
            .collect(Collectors.toSet()));
  }
}
