package dev.portcullis.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a cluster leaves on the machine: nothing, however it ends.
class ClusterRemainsTest {
  private static final String RUNS = "runs: ";
  private static final Path PROC_SYS = Path.of("/proc/sys");
  private static final Pattern INSTANCE = Pattern.compile("/(pc-[0-9a-f]{8})/");

  @TempDir private Path directory;

  /// The process that is killed.
  static final class Doomed {
    private Doomed() {}

    @SuppressWarnings("MustBeClosedChecker") // that it is not closed is what is tested
    static void main() throws Exception {
      Cluster cluster =
          Cluster.start(
              Programs.of(System.getenv()), Set.of(), ClusterParts.ALL, System.out::println);
      cluster.createNamespace("doomed");
      cluster.admin(
          "run", "-n=doomed", "doomed", "--image=" + cluster.busybox(), "--", "sleep", "1000");
      cluster.pid("doomed", "doomed", "doomed");
      System.out.println(RUNS + cluster.logs().getFileName());
      Thread.sleep(100_000);
    }
  }

  /// Processes, mounts, links, control groups and directories are those of the killed one, until
  /// the next one starts; and that one, which fails, leaves nothing either.
  @Test
  void nothingIsLeftByAClusterThatWasKilledNorByOneThatDoesNotStart() throws Exception {
    Programs programs = RealCluster.requireMachine(ClusterParts.ALL);
    List<String> before = sysctls();
    Process doomed =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Doomed.class.getName())
            .redirectErrorStream(true)
            .start();
    String killed;
    try (BufferedReader lines = doomed.inputReader()) {
      killed = instance(lines);
      assertThat(sysctls()).isEqualTo(before);
    } finally {
      doomed.destroyForcibly().waitFor();
    }
    assertThat(traces(killed))
        .contains("link " + killed, "link " + killed + "-k", "directory", "kubelet", "etcd")
        .anyMatch(it -> it.startsWith("control group "));

    Programs broken = broken(programs, "echo this is the last word; exit 7");
    AtomicReference<String> failed = new AtomicReference<>("");
    assertThatThrownBy(() -> Cluster.start(broken, Set.of(), ClusterParts.ALL, _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("kube-apiserver ended with code 7")
        .hasMessageContaining("this is the last word")
        .satisfies(e -> failed.set(nameIn(String.valueOf(e.getMessage()))));
    assertThat(traces(killed)).isEmpty();
    assertThat(traces(failed.get())).isEmpty();
    assertThat(sysctls()).isEqualTo(before);
  }

  private static String instance(BufferedReader lines) throws IOException {
    List<String> all = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      all.add(line);
      if (line.startsWith(RUNS)) {
        return line.substring(RUNS.length());
      }
    }
    throw new AssertionError("it did not start:\n" + String.join("\n", all));
  }

  private static String nameIn(String message) {
    Matcher matcher = INSTANCE.matcher(message);
    assertThat(matcher.find()).as(message).isTrue();
    return matcher.group(1);
  }

  /// A real etcd, and a script for the API server. More is not asked for before that one has ended.
  private Programs broken(Programs programs, String script) throws IOException {
    script("etcd", "exec " + programs.path("etcd") + " \"$@\"");
    script("kube-apiserver", script);
    return new Programs(directory, programs.version());
  }

  private void script(String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  // What the kubelet and the plugin for bridges change where nobody keeps them from it.
  private static List<String> sysctls() throws IOException {
    List<String> values = new ArrayList<>();
    for (String name :
        List.of(
            "vm/overcommit_memory",
            "kernel/panic",
            "kernel/panic_on_oops",
            "net/ipv4/ip_forward")) {
      values.add(name + " = " + Files.readString(PROC_SYS.resolve(name)).strip());
    }
    return values;
  }

  /// Everything on the machine that has the name of an instance.
  private static List<String> traces(String name) throws IOException {
    List<String> traces = new ArrayList<>();
    try (Stream<Path> links = Files.list(Path.of("/sys/class/net"))) {
      links
          .map(link -> link.getFileName().toString())
          .filter(link -> link.startsWith(name))
          .forEach(link -> traces.add("link " + link));
    }
    if (Files.exists(Path.of("/var/lib/portcullis-e2e", name))) {
      traces.add("directory");
    }
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      hierarchies
          .filter(hierarchy -> Files.exists(hierarchy.resolve(name)))
          .forEach(hierarchy -> traces.add("control group in " + hierarchy));
    }
    try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
      processes
          .filter(it -> it.info().commandLine().orElse("").contains("/" + name + "/"))
          .map(it -> Path.of(it.info().command().orElse("?")).getFileName().toString())
          .forEach(traces::add);
    }
    Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(mount -> mount.contains(name))
        .forEach(mount -> traces.add("mount " + mount));
    return traces;
  }
}
