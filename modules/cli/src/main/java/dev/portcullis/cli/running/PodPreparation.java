package dev.portcullis.cli.running;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.result.PodReport;
import dev.portcullis.container.profiles.CompilationGuard;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.documents.Position;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.run.pod.ContainerPlan;
import dev.portcullis.run.pod.OciRuntime;
import dev.portcullis.run.pod.Omission;
import dev.portcullis.run.pod.PodPlan;
import dev.portcullis.run.pod.PodPlanReader;
import dev.portcullis.run.pod.PreparedProfile;
import dev.portcullis.run.pod.ProfilePreparation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Asks everything that can be asked before a runtime is: whether the pods can be run here, and
/// whether the profiles they name can be used.
public final class PodPreparation {
  private final List<Diagnostic> complaints = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /// What is in the way of running the pods; nothing where they can be run.
  public List<Diagnostic> complaints() {
    return List.copyOf(complaints);
  }

  /// What they are run without, and what is odd about their profiles.
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /// The plans of all pods that have one.
  public Map<JudgedPod, PodPlan> plan(List<JudgedPod> pods, PodPlanReader reader) {
    Map<JudgedPod, PodPlan> plans = new LinkedHashMap<>();
    Set<String> labels = new HashSet<>();
    for (JudgedPod pod : pods) {
      switch (reader.read(pod.judgement(), pod.file(), UUID.randomUUID().toString())) {
        case PodPlanReader.Plan(PodPlan plan, List<Omission> omissions) -> {
          for (Omission omission : omissions) {
            warn(
                pod.place(omission.fields().getFirst().at())
                    + ": "
                    + PodReport.label(pod.judgement())
                    + ": "
                    + omission.text());
          }
          if (labels.add(plan.identity().label())) {
            plans.put(pod, plan);
          } else {
            complain(
                pod.place(pod.judgement().pod().object().at())
                    + ": another of these pods is named "
                    + plan.identity().label()
                    + " too; give one of them another name",
                ExitCode.REFUSED);
          }
        }
        case PodPlanReader.Refused(List<FieldError> errors) -> {
          for (FieldError error : errors) {
            complain(
                pod.place(error.at())
                    + ": "
                    + PodReport.label(pod.judgement())
                    + ": "
                    + error.field()
                    + ": "
                    + error.message(),
                ExitCode.REFUSED);
          }
        }
      }
    }
    return plans;
  }

  /// The pods with the profiles of their containers.
  ///
  /// @param root the directory of `localhost/` profiles
  /// @param snapshots where the runtime will read them
  /// @param own whether the profiles are files of the user, who can change what is odd about them
  public List<PreparedPod> prepare(
      Map<JudgedPod, PodPlan> plans,
      Path root,
      Snapshots snapshots,
      ThisMachine machine,
      RunOptions options,
      boolean own)
      throws IOException {
    ProfilePreparation profiles =
        new ProfilePreparation(
            new ProfileRoot(root),
            options.listeners(),
            machine,
            options.defaultCapabilities(),
            snapshots,
            new CompilationGuard(CommandCompiler.get()));
    List<PreparedPod> prepared = new ArrayList<>();
    for (Map.Entry<JudgedPod, PodPlan> entry : plans.entrySet()) {
      OciRuntime runtime = options.runtimeOf(entry.getValue());
      String handler = options.handlerOf(entry.getValue());
      Map<String, PreparedProfile> ready = new HashMap<>();
      for (ContainerPlan container : entry.getValue().all()) {
        String label =
            entry.getKey().place(Position.NONE)
                + ": "
                + PodReport.label(entry.getKey().judgement())
                + ": container \""
                + container.name()
                + "\" ("
                + container.decision().origin().text()
                + "): ";
        switch (profiles.prepare(container, runtime, handler)) {
          case ProfilePreparation.Ready(PreparedProfile profile) -> {
            ready.put(container.name(), profile);
            if (own) {
              profile.warnings().forEach(warning -> warn(label + warning));
            }
          }
          case ProfilePreparation.Unusable(String message, boolean missing) ->
              complain(label + message, missing ? ExitCode.WORLD : ExitCode.REFUSED);
        }
      }
      prepared.add(new PreparedPod(entry.getKey(), entry.getValue(), ready));
    }
    return prepared;
  }

  private void warn(String text) {
    if (!warnings.contains(text)) {
      warnings.add(text);
    }
  }

  private void complain(String text, ExitCode code) {
    complaints.add(new Diagnostic(text, code));
  }
}
