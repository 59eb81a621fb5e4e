package dev.portcullis.cli.running;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.result.RecordedFiles;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.run.pod.ContainerPlan;
import dev.portcullis.run.pod.PodPlan;
import dev.portcullis.run.pod.PreparedProfile;
import dev.portcullis.run.recording.RunRecorder;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.recording.KeptProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The pods of a recording: as they run while they are recorded, and as they run again under what
/// was recorded.
///
/// @param files of the profile of the only container; those of several are named after it
/// @param byPod whether they have the names of pod and container alone, also where there is one
public record PodRecorder(
    Map<JudgedPod, PodPlan> plans, RunOptions options, RecordedFiles files, boolean byPod) {
  private static final Set<String> OCI_RUNTIMES = Set.of("runc", "crun");

  /// What is in the way of recording them; nothing where they can be recorded.
  public List<Diagnostic> complaints() {
    List<Diagnostic> complaints = new ArrayList<>();
    plans.forEach((pod, plan) -> {
      for (ContainerPlan container : plan.all()) {
        if (container.privileged()) {
          complaints.add(
              new Diagnostic(
                  pod.file()
                      + ": pod "
                      + plan.identity().label()
                      + ": container \""
                      + container.name()
                      + "\" is privileged: runtimes give it no filter, so nothing of it can be"
                      + " recorded; remove privileged for the recording",
                  ExitCode.REFUSED));
        }
      }
    });
    Set<Path> written = new HashSet<>();
    for (Map<String, RecordedFiles> ofPod : filesByContainer().values()) {
      ofPod.forEach((container, each) -> {
        if (!written.add(each.profile())) {
          complaints.add(
              new Diagnostic(
                  each.profile()
                      + ": the profiles of two containers would have this name, one of them \""
                      + container
                      + "\"; record their pods one after another",
                  ExitCode.REFUSED));
        }
      });
    }
    return complaints;
  }

  /// Asked before anything is made or started.
  public void requirePossible() throws IOException {
    for (Map<String, RecordedFiles> each : filesByContainer().values()) {
      for (RecordedFiles ofContainer : each.values()) {
        ofContainer.requireFree();
      }
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IOException(
          "recording needs root: run the same command with sudo, also with --runtime-endpoint");
    }
  }

  /// Of each container, by pod and name.
  public Map<String, Map<String, RecordedFiles>> filesByContainer() {
    int containers = plans.values().stream().mapToInt(plan -> plan.all().size()).sum();
    Map<String, Map<String, RecordedFiles>> all = new LinkedHashMap<>();
    for (PodPlan plan : plans.values()) {
      Map<String, RecordedFiles> ofPod = new LinkedHashMap<>();
      for (ContainerPlan container : plan.all()) {
        String full = plan.identity().name() + "-" + container.name();
        ofPod.put(
            container.name(),
            byPod
                ? files.named(full)
                : containers == 1 ? files : files.of(plans.size() == 1 ? container.name() : full));
      }
      all.put(plan.identity().uid(), ofPod);
    }
    return all;
  }

  /// The pods under filters that ask the recorder.
  ///
  /// @param kept what refuses calls meanwhile: of each pod, by the name of the container
  public List<PreparedPod> recorded(
      RunRecorder recorder, Map<JudgedPod, Map<String, KeptProfile>> kept) throws IOException {
    List<PreparedPod> prepared = new ArrayList<>();
    for (Map.Entry<JudgedPod, PodPlan> entry : plans.entrySet()) {
      PodPlan plan = entry.getValue();
      Map<String, PreparedProfile> profiles = new HashMap<>();
      for (ContainerPlan container : plan.all()) {
        profiles.put(
            container.name(),
            recorder.profile(
                plan,
                container,
                ociRuntime(plan),
                kept.getOrDefault(entry.getKey(), Map.of()).get(container.name())));
      }
      prepared.add(new PreparedPod(entry.getKey(), plan, profiles));
    }
    return prepared;
  }

  /// The same pods under the profiles that were written.
  public List<PreparedPod> again(Snapshots snapshots) throws IOException {
    List<PreparedPod> prepared = new ArrayList<>();
    Map<String, Map<String, RecordedFiles>> all = filesByContainer();
    for (Map.Entry<JudgedPod, PodPlan> entry : plans.entrySet()) {
      PodPlan plan = entry.getValue();
      Map<String, PreparedProfile> profiles = new HashMap<>();
      for (Map.Entry<String, RecordedFiles> of :
          all.getOrDefault(plan.identity().uid(), Map.of()).entrySet()) {
        byte[] content = Files.readAllBytes(of.getValue().profile());
        // Never closed: the directory goes with the run.
        SeccompSetting setting =
            new SeccompSetting.Localhost(snapshots.hold(new ProfileContent(content)).file());
        profiles.put(of.getKey(), new PreparedProfile(setting, setting, null, List.of()));
      }
      prepared.add(new PreparedPod(entry.getKey(), anew(plan), profiles));
    }
    return prepared;
  }

  /// The same pod with another uid, and so with logs and volumes of its own.
  private static PodPlan anew(PodPlan plan) {
    PodPlan.Identity identity = plan.identity();
    return new PodPlan(
        new PodPlan.Identity(
            identity.source(),
            identity.namespace(),
            identity.name(),
            UUID.randomUUID().toString(),
            identity.metadata(),
            identity.serviceAccount()),
        plan.shape(),
        plan.volumes(),
        plan.init(),
        plan.containers());
  }

  /// By the name of the handler; empty where that does not show it. Our own containerd makes
  /// containers by runc where no handler is named.
  private String ociRuntime(PodPlan plan) {
    String handler = options.handlerOf(plan);
    if (OCI_RUNTIMES.contains(handler)) {
      return handler;
    }
    return handler.isEmpty() && options.endpoint() == null ? "runc" : "";
  }
}
