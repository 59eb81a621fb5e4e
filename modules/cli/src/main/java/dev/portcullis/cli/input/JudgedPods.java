package dev.portcullis.cli.input;

import dev.portcullis.admission.cluster.ClusterObjects;
import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.ManifestFiles.SourcedObject;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Warning;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pods in the files that a command was given, judged.
///
/// @param others the objects beside them
/// @param foreign how many documents are not Kubernetes objects at all
/// @param notes about files that were not read
/// @param complaints about files and documents that could not be read
public record JudgedPods(
    List<JudgedPod> pods,
    List<SourcedObject> others,
    int foreign,
    List<String> notes,
    List<Diagnostic> complaints) {
  public JudgedPods {
    pods = List.copyOf(pods);
    others = List.copyOf(others);
    notes = List.copyOf(notes);
    complaints = List.copyOf(complaints);
  }

  /// Judges the pods that run in a cluster.
  ///
  /// @param namespace null for all
  public static JudgedPods ofCluster(
      ClusterConnection connection, @Nullable String namespace, Judge judge) throws IOException {
    return ofCluster(connection, namespace, null, judge);
  }

  /// The same of one node.
  ///
  /// @param node null for all
  static JudgedPods ofCluster(
      ClusterConnection connection, @Nullable String namespace, @Nullable String node, Judge judge)
      throws IOException {
    List<JudgedPod> pods = new ArrayList<>();
    for (KubernetesObject object : ClusterObjects.pods(connection, namespace, node)) {
      Pod pod = PodReader.read(object);
      if (pod != null) {
        pods.add(new JudgedPod(ManifestSource.CLUSTER, judge.judge(pod)));
      }
    }
    return new JudgedPods(pods, List.of(), 0, List.of(), List.of());
  }

  /// Reads files and directories, and judges the pods.
  ///
  /// @param in what the operand `-` stands for
  public static JudgedPods read(List<String> operands, InputStream in, Judge judge) {
    return read(operands, in, judge, true);
  }

  /// The same.
  ///
  /// @param meant whether a file that is named must have an object
  public static JudgedPods read(List<String> operands, InputStream in, Judge judge, boolean meant) {
    ManifestFiles.Read read = ManifestFiles.read(operands, in, meant);
    List<JudgedPod> pods = new ArrayList<>();
    List<SourcedObject> others = new ArrayList<>();
    List<Diagnostic> complaints = new ArrayList<>(read.complaints());
    for (SourcedObject sourced : read.objects()) {
      Pod pod = PodReader.read(sourced.object());
      if (pod != null) {
        pods.add(new JudgedPod(sourced.source(), judge.judge(pod)));
        continue;
      }
      FieldError misspelt = PodReader.misspeltKind(sourced.object());
      if (misspelt != null) {
        complaints.add(sourced.complaint(misspelt));
        continue;
      }
      List<Pod> byShape = PodReader.readByShape(sourced.object());
      byShape.forEach(seeming ->
          pods.add(new JudgedPod(sourced.source(), byShape(sourced, judge.judge(seeming)))));
      if (byShape.isEmpty()) {
        others.add(sourced);
      }
    }
    return new JudgedPods(pods, others, read.foreign(), read.notes(), complaints);
  }

  private static Judgement byShape(SourcedObject sourced, Judgement judgement) {
    List<Warning> warnings = new ArrayList<>(judgement.warnings());
    warnings.add(
        new Warning(
            Warning.Kind.UNKNOWN_KIND,
            judgement.pod().spec().manifest().at(),
            judgement.pod().spec().path()
                + ": the kind "
                + sourced.object().kind()
                + " of "
                + sourced.object().apiVersion()
                + " is not known; this looks like the template of its pods, and is judged as one"));
    return judgement.withWarnings(warnings);
  }

  public boolean allAdmitted() {
    return pods.stream().allMatch(pod -> pod.judgement().admitted());
  }

  /// That there is none.
  public static Diagnostic none(List<String> operands) {
    return new Diagnostic("no pod in " + String.join(", ", operands), ExitCode.REFUSED);
  }
}
