import dev.portcullis.run.containerd.PrivateContainerd;
import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.SandboxSpec;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.container.proof.Expectation;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.container.proof.Prover;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.meaning.Bounds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The proof of one container under the runtime's default profile, again and again: what the runtime
/// gave is asked, its filter made, those of the process read, and both compared.
final class ProveBench {
  private ProveBench() {}

  private interface Work {
    void run() throws Exception;
  }

  private static long nanos(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return System.nanoTime() - begin;
  }

  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[0]);
    int rounds = Integer.parseInt(args[1]);
    try (PrivateContainerd containerd =
        PrivateContainerd.start(
            new PrivateContainerd.Options(work.resolve("c"), Map.of(), Duration.ofSeconds(60)),
            line -> {})) {
      Cri cri = containerd.cri();
      SandboxSpec sandbox =
          new SandboxSpec(
              new SandboxSpec.Pod("bench", "default", "uid"),
              Map.of(),
              Map.of(),
              new SandboxSpec.Network(true, "", List.of()),
              SandboxSpec.Isolation.DEFAULT,
              new SandboxSpec.Placement(work, containerd.cgroupParent()));
      String pod = cri.runSandbox(sandbox, "");
      String id = cri.createContainer(pod, sleeper(), sandbox);
      cri.startContainer(id);
      try (LiveProcess process =
          LiveProcess.open(cri.containerStatus(id).pid()).orElseThrow()) {
        while (process.seccompOfProgram(0).filter(it -> it.mode() == SeccompState.Mode.FILTER)
            .isEmpty()) {
          Thread.sleep(5);
        }
        measure(cri, id, process, rounds);
      }
      cri.stopSandbox(pod);
      cri.removeSandbox(pod);
    }
  }

  private static void measure(Cri cri, String id, LiveProcess process, int rounds)
      throws Exception {
    Prover prover = Prover.by(Compiler.inThisProcess(), Bounds.USUAL);
    Compiler compiler = Compiler.inThisProcess();
    List<Long> asked = new ArrayList<>();
    List<Long> expected = new ArrayList<>();
    List<Long> read = new ArrayList<>();
    List<Long> stopped = new ArrayList<>();
    List<Long> judged = new ArrayList<>();
    List<Long> whole = new ArrayList<>();
    List<Long> compiled = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      long begin = System.nanoTime();
      byte[] given = cri.given(id).orElseThrow().profile().orElseThrow();
      long wasAsked = System.nanoTime();
      Expectation expectation = prover.expectation(given);
      long wasMade = System.nanoTime();
      LiveFilters live = LiveFilters.read(process).orElseThrow();
      long wasRead = System.nanoTime();
      if (!(prover.judge(live, expectation) instanceof Proof.Proven(_, Duration still))) {
        throw new IllegalStateException("not proven");
      }
      long end = System.nanoTime();
      asked.add(wasAsked - begin);
      expected.add(wasMade - wasAsked);
      read.add(wasRead - wasMade);
      stopped.add(still.toNanos());
      judged.add(end - wasRead);
      whole.add(end - begin);
      if (!(ProfileReader.read(given) instanceof ProfileParseResult.Read(var profile, _))) {
        throw new IllegalStateException("no profile");
      }
      ResolvedProfile plain = ResolvedProfile.of(profile).orElseThrow();
      compiled.add(nanos(() -> compiler.compile(plain, Dialect.RUNC)));
    }
    System.out.printf("%-44s %10s %10s %10s %10s%n", "microseconds", "first", "p50", "p99", "most");
    print("proof of one container", whole);
    print("  asking the runtime what it gave", asked);
    print("  making the filters of runc and of crun", expected);
    print("  reading those of the process", read);
    print("    of which its thread stands still", stopped);
    print("  comparing", judged);
    print("making one filter with libseccomp, alone", compiled);
  }

  private static void print(String what, List<Long> nanos) {
    long first = nanos.getFirst();
    // The first tenth warms up.
    List<Long> warm = new ArrayList<>(nanos.subList(nanos.size() / 10, nanos.size()));
    Collections.sort(warm);
    System.out.printf(
        "%-44s %10d %10d %10d %10d%n",
        what,
        first / 1000,
        warm.get(warm.size() / 2) / 1000,
        warm.get((int) (warm.size() * 0.99)) / 1000,
        warm.getLast() / 1000);
  }

  private static ContainerSpec sleeper() {
    return new ContainerSpec(
        new ContainerSpec.Identity(
            "c", PrivateContainerd.busyboxImage(), "c.log", Map.of(), Map.of()),
        new ContainerSpec.Program(List.of("sleep", "1000"), List.of(), new LinkedHashMap<>(), ""),
        List.of(),
        new ContainerSpec.Security(
            false,
            new SeccompSetting.RuntimeDefault(),
            ContainerSpec.User.OF_IMAGE,
            ContainerSpec.Capabilities.DEFAULT,
            false,
            false),
        ContainerSpec.Limits.NONE);
  }
}
