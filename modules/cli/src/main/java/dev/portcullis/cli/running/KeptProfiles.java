package dev.portcullis.cli.running;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterArgument;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.result.PodReport;
import dev.portcullis.container.profiles.BoundingSet;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.RuntimeVersion;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.cri.runtime.DefaultCapabilities;
import dev.portcullis.documents.Position;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.run.containerd.Commands;
import dev.portcullis.run.pod.ContainerPlan;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.defaults.BuiltInDefault;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import dev.portcullis.seccomp.recording.KeptProfile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The profiles of pods that hold while the pods are recorded.
public final class KeptProfiles {
  private static final Pattern VERSION = Pattern.compile("([0-9]+[.][0-9]+)([.][0-9]+)?");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RunOptions options;
  private final ThisMachine machine;
  private final DefaultCapabilities defaults;
  private final SyscallTable table = SyscallTable.ofThisMachine();
  private final Map<JudgedPod, Map<String, KeptProfile>> byPod = new LinkedHashMap<>();
  private final List<Diagnostic> complaints = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private @Nullable BuiltInDefault runtimeDefault;

  private KeptProfiles(RunOptions options, ThisMachine machine, DefaultCapabilities defaults) {
    this.options = options;
    this.machine = machine;
    this.defaults = defaults;
  }

  /// Reads those of all containers.
  public static KeptProfiles of(List<PreparedPod> pods, RunOptions options, ThisMachine machine)
      throws IOException {
    KeptProfiles kept = new KeptProfiles(options, machine, options.defaultCapabilities());
    for (PreparedPod pod : pods) {
      kept.read(pod);
    }
    return kept;
  }

  /// Of each pod, by the name of the container; none of one that has no profile.
  public Map<JudgedPod, Map<String, KeptProfile>> byPod() {
    return byPod;
  }

  /// Which cannot hold meanwhile, and why.
  public List<Diagnostic> complaints() {
    return List.copyOf(complaints);
  }

  /// What is taken for the default of the runtime.
  public List<String> notes() {
    return List.copyOf(notes);
  }

  private void read(PreparedPod pod) throws IOException {
    Map<String, KeptProfile> kept = new HashMap<>();
    for (ContainerPlan container : pod.plan().all()) {
      String label =
          pod.judged().place(Position.NONE)
              + ": "
              + PodReport.label(pod.judged().judgement())
              + ": container \""
              + container.name()
              + "\": ";
      WantedProfile wanted = wanted(pod, container, label);
      if (wanted != null) {
        KeptProfile profile = understood(wanted, options.dialectsOf(pod.plan()), label);
        if (profile != null) {
          kept.put(container.name(), profile);
        }
      }
    }
    byPod.put(pod.judged(), kept);
  }

  private record WantedProfile(String name, ResolvedProfile profile) {}

  private @Nullable WantedProfile wanted(PreparedPod pod, ContainerPlan container, String label)
      throws IOException {
    String name = PodReport.profile(container.decision());
    return switch (Objects.requireNonNull(pod.profiles().get(container.name()), name).setting()) {
      case SeccompSetting.Unconfined _ -> null;
      case SeccompSetting.Localhost(Path file) -> new WantedProfile(name, SnapshotFile.read(file));
      case SeccompSetting.RuntimeDefault _ -> {
        BuiltInDefault builtIn = runtimeDefault(label);
        if (builtIn == null) {
          yield null;
        }
        Set<String> bounding =
            BoundingSet.of(
                defaults.ofHandler(options.handlerOf(pod.plan())),
                container.privileged(),
                container.rights().capabilities().add(),
                container.rights().capabilities().drop());
        yield new WantedProfile(
            builtIn.name(),
            Resolver.resolve(builtIn.contents().profile(), machine.target(bounding)));
      }
    };
  }

  private void complain(String text) {
    complaints.add(new Diagnostic(text, ExitCode.REFUSED));
  }

  private @Nullable KeptProfile understood(
      WantedProfile wanted, Set<Dialect> dialects, String label) {
    Set<Filters> all = new LinkedHashSet<>();
    for (Dialect dialect : dialects) {
      FilterArgument made =
          FilterArgument.of(
              label + wanted.name(), CommandCompiler.get().compile(wanted.profile(), dialect));
      Filters filters = made.filters();
      if (filters == null) {
        complaints.addAll(made.complaints());
        return null;
      }
      all.add(filters);
    }
    return switch (KeptProfile.read(
        wanted.name(), wanted.profile(), all, machine.architecture(), table)) {
      case KeptProfile.Keepable(KeptProfile profile) -> profile;
      case KeptProfile.NotKeepable(String reason) -> {
        complain(label + "its profile cannot hold while it is recorded: " + reason);
        yield null;
      }
    };
  }

  /// That of the release that the runtime reports.
  private @Nullable BuiltInDefault runtimeDefault(String label) throws IOException {
    if (runtimeDefault == null) {
      RuntimeVersion asked = runtime();
      String words = asked.name() + " " + asked.version();
      Matcher version = VERSION.matcher(asked.version());
      if (BuiltInDefaults.runtimes().contains(asked.name()) && version.find()) {
        for (String each : List.of(version.group(), version.group(1))) {
          if (runtimeDefault == null
              && BuiltInDefaults.find(asked.name() + "/default@" + each)
                  instanceof BuiltInDefaults.Found(BuiltInDefault found)) {
            runtimeDefault = found;
          }
        }
      }
      if (runtimeDefault == null) {
        complain(
            label
                + "it is not known what the default of "
                + words
                + " refuses; give the container a profile of a file");
      } else {
        notes.add(
            "runtime/default is taken for "
                + runtimeDefault.name()
                + ", as the runtime is "
                + words);
      }
    }
    return runtimeDefault;
  }

  /// Who makes the containers.
  private RuntimeVersion runtime() throws IOException {
    String endpoint = options.endpoint();
    if (endpoint == null) {
      String words = Commands.ofSystem().run(List.of("containerd", "--version"), PATIENCE).output();
      Matcher version = VERSION.matcher(words);
      return new RuntimeVersion("containerd", version.find() ? version.group() : words.strip(), "");
    }
    try (Cri cri = Cri.observe(endpoint)) {
      return cri.version();
    } catch (CriException unreachable) {
      throw new IOException(unreachable.getMessage(), unreachable);
    }
  }
}
