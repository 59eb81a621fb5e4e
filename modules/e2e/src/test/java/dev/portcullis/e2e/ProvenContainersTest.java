package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.e2e.EscapePairs.Pair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Whatever `check` allows by proof is run for real, beside the base that it is no weaker than:
/// under none of the profiles has a container a right, or does a deed, that it has not under the
/// base.
///
/// `-Dportcullis.escape=5000` and `-Dportcullis.seed=N` for more of them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class ProvenContainersTest {
  private static final int PAIRS = Integer.getInteger("portcullis.escape", 500);
  private static final long SEED = Long.getLong("portcullis.seed", 2026);

  /// How many of the proven ones are also run as a proof would not have it: without no_new_privs,
  /// so that runc drops rights under the filter.
  private static final int WITHOUT = Integer.getInteger("portcullis.escape.without", 60);

  private Path temporary;
  private final List<SeccompListener> listeners = new ArrayList<>();
  private OciContainers containers;
  private EscapePairs generated;
  private List<Pair> proven;

  @BeforeAll
  void generateAndProve(@TempDir Path directory) throws IOException {
    temporary = directory;
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: containers need it");
    assumeTrue(
        Files.exists(Path.of("/usr/sbin/runc")) || Files.exists(Path.of("/usr/bin/runc")),
        "runc is not installed: apt-get install runc");
    assumeTrue(Files.exists(Path.of("/bin/busybox")), "no busybox: apt-get install busybox-static");
    Path deny = temporary.resolve("deny");
    Path allow = temporary.resolve("allow");
    listeners.add(SeccompListener.at(deny, false));
    listeners.add(SeccompListener.at(allow, true));
    containers = new OciContainers(Files.createDirectory(temporary.resolve("c")));
    generated = EscapePairs.of(SEED, PAIRS, deny.toString(), allow.toString());
    proven = admitted("{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}");
  }

  @AfterAll
  void close() {
    listeners.forEach(SeccompListener::close);
  }

  /// The pairs whose profile a policy with `stricterThan` and nothing else allows.
  private List<Pair> admitted(String securityContext) throws IOException {
    List<Pair> admitted = new ArrayList<>();
    for (int base = 0; base < generated.bases().size(); base++) {
      Path root = Files.createTempDirectory(temporary, "root");
      Files.writeString(root.resolve("base.json"), generated.bases().get(base));
      Files.writeString(
          root.resolve("policy.yaml"),
          """
          apiVersion: portcullis.dev/v1alpha1
          kind: SeccompPolicy
          metadata: {name: tighten}
          spec: {stricterThan: [localhost/base.json]}
          """);
      StringBuilder pods = new StringBuilder();
      for (int i = 0; i < generated.pairs().size(); i++) {
        Pair pair = generated.pairs().get(i);
        if (pair.base() == base) {
          Files.writeString(root.resolve(i + ".json"), pair.profile());
          pods.append(
              """
              apiVersion: v1
              kind: Pod
              metadata: {name: "%d"}
              spec:
                securityContext:
                  runAsNonRoot: true
                  runAsUser: 1000
                  seccompProfile: {type: Localhost, localhostProfile: %1$d.json}
                containers: [{name: c, image: i, securityContext: %s}]
              ---
              """
                  .formatted(i, securityContext));
        }
      }
      Files.writeString(root.resolve("pods.yaml"), pods);
      Portcullis.Result result =
          Portcullis.run(
              "check",
              root.resolve("pods.yaml").toString(),
              "--policy",
              root.resolve("policy.yaml").toString(),
              "--seccomp-profile-root",
              root.toString(),
              "-o",
              "json");
      for (int name : admittedNames(result)) {
        admitted.add(generated.pairs().get(name));
      }
    }
    return admitted;
  }

  private static List<Integer> admittedNames(Portcullis.Result result) {
    if (!(Documents.readJson(result.out().getBytes(StandardCharsets.UTF_8), Limits.MANIFEST)
            instanceof ParseResult.Documents(List<Value> values)
        && values.getFirst() instanceof Mapping document
        && document.present("pods") instanceof Sequence(_, List<Value> pods))) {
      throw new AssertionError(result.toString());
    }
    List<Integer> names = new ArrayList<>();
    for (Value each : pods) {
      Mapping pod = (Mapping) each;
      if (pod.present("admitted") instanceof Value.Truth(_, boolean admitted)
          && admitted
          && pod.present("name") instanceof Value.Text(_, String name)) {
        names.add(Integer.valueOf(name));
      }
    }
    return names;
  }

  @Test
  void whatIsProvenGivesNoRightAndNoDeed() throws Exception {
    assertThat(proven).hasSizeBetween(PAIRS / 4, PAIRS * 9 / 10);
    run(proven, true);
  }

  /// What the comparison of filters alone is worth: runc drops capabilities, groups and user under
  /// the filter.
  @Test
  void notEvenWhereRuncDropsRightsUnderTheFilter() throws Exception {
    int some = Math.min(WITHOUT, proven.size());
    run(
        IntStream.range(0, some).mapToObj(i -> proven.get(i * proven.size() / some)).toList(),
        false);
  }

  /// And nothing of it is proven for such a container.
  @Test
  void withoutNoNewPrivilegesNothingIsProven() throws IOException {
    assertThat(admitted("{capabilities: {drop: [ALL]}}")).isEmpty();
  }

  private void run(List<Pair> pairs, boolean noNewPrivileges) throws Exception {
    TreeMap<Integer, OciContainers.Seen> bases = new TreeMap<>();
    Set<String> found = new HashSet<>();
    int started = 0;
    int ended = 0;
    for (Pair pair : pairs) {
      OciContainers.Seen base = bases.get(pair.base());
      if (base == null) {
        base = containers.run(generated.bases().get(pair.base()), noNewPrivileges);
        assertThat(base.ended()).as("base %s: %s", pair.base(), base.output()).isTrue();
        assertThat(base.deeds()).as("base %s", pair.base()).doesNotContain("mkdir", "mount");
        bases.put(pair.base(), base);
      }
      OciContainers.Seen seen = containers.run(pair.profile(), noNewPrivileges);
      started += seen.started() ? 1 : 0;
      ended += seen.ended() ? 1 : 0;
      String more = seen.started() ? seen.moreThan(base) : "";
      if (!more.isEmpty()) {
        found.add(pair.shape() + ": " + more);
      }
    }
    System.out.printf(
        "e2e: escape suite, %s no_new_privs, seed %d: %d pairs, %d proven, %d of them run beside %d"
            + " bases: %d started, %d came to their end, %d have more than their base%n",
        noNewPrivileges ? "with" : "without",
        SEED,
        generated.pairs().size(),
        proven.size(),
        pairs.size(),
        bases.size(),
        started,
        ended,
        found.size());
    assertThat(found).isEmpty();
    assertThat(started).isGreaterThan(pairs.size() * 3 / 4);
  }
}
