import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A share of the processors as a pod has it: what is measured against a pod has the same, or
/// the load generator would squeeze only the pod.
record ProcessorShare(Path group) implements AutoCloseable {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /// The hierarchy that shares out processors, and where a process is in it.
  private record Place(Path hierarchy, Path below, String weight) {}

  /// Puts a process beside the pod of another one, with as much as that pod has.
  static ProcessorShare asPodOf(long podProcess, long process) throws IOException {
    Place place = place(podProcess);
    // A container's group is in that of its pod.
    Path pod = place.hierarchy().resolve(place.below()).getParent();
    Path group = pod.resolveSibling("portcullis-bench-" + process);
    Files.createDirectory(group);
    Files.writeString(
        group.resolve(place.weight()), Files.readString(pod.resolve(place.weight())));
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(process));
    return new ProcessorShare(group);
  }

  private static Place place(long process) throws IOException {
    Path unified = null;
    for (String line : Files.readAllLines(Path.of("/proc/" + process + "/cgroup"))) {
      String[] words = line.split(":", 3);
      Path below = Path.of("/").relativize(Path.of(words[2]));
      if (("," + words[1] + ",").contains(",cpu,")) {
        return new Place(CGROUPS.resolve(words[1]), below, "cpu.shares");
      }
      if (words[1].isEmpty()) {
        unified = below;
      }
    }
    if (unified == null) {
      throw new IOException("process " + process + " is in no group that shares out processors");
    }
    return new Place(CGROUPS, unified, "cpu.weight");
  }

  /// The process must have ended.
  @Override
  public void close() throws IOException {
    Files.delete(group);
  }
}
