package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.ManifestFiles.SourcedObject;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.expectation.PolicyCase;
import dev.portcullis.pods.expectation.PolicyCases;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A file of cases for policies, and the pods that its cases are about.
///
/// @param policies the policies that it names; paths are relative to it
/// @param cases those whose pod was found
/// @param complaints where there are any, the table proves nothing
public record PolicyTable(
    String file, List<String> policies, List<WithPod> cases, List<Diagnostic> complaints) {
  public PolicyTable {
    policies = List.copyOf(policies);
    cases = List.copyOf(cases);
    complaints = List.copyOf(complaints);
  }

  /// A case and its pod.
  public record WithPod(PolicyCase policyCase, Pod pod) {}

  /// Reads a file.
  public static PolicyTable read(String file) {
    byte[] content;
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        return broken(file, Diagnostic.unreadable(file, FileFailure.DIRECTORY));
      }
      try (InputStream in = Files.newInputStream(path)) {
        content = in.readNBytes(Limits.MANIFEST.bytes() + 1);
      }
    } catch (IOException e) {
      return broken(file, Diagnostic.unreadable(file, FileFailure.why(e)));
    } catch (InvalidPathException e) {
      return broken(file, Diagnostic.unreadable(file, "not a valid path: " + e.getReason()));
    }
    return switch (Documents.read(content, Limits.MANIFEST)) {
      case ParseResult.Malformed(var at, String message) ->
          broken(file, Diagnostic.malformed(file, at, message));
      case ParseResult.Documents(List<Value> values) when values.size() == 1 ->
          new Work(file).table(PolicyCases.read(values.getFirst()));
      case ParseResult.Documents(List<Value> values) ->
          broken(
              file,
              new Diagnostic(
                  file + ": has " + values.size() + " documents; a table of cases is one",
                  ExitCode.REFUSED));
    };
  }

  private static PolicyTable broken(String file, Diagnostic why) {
    return new PolicyTable(file, List.of(), List.of(), List.of(why));
  }

  /// Finds the pods, reading each file once.
  private static final class Work {
    private final String file;
    private final Map<String, ManifestFiles.Read> read = new HashMap<>();
    private final List<Diagnostic> complaints = new ArrayList<>();

    Work(String file) {
      this.file = file;
    }

    PolicyTable table(PolicyCases table) {
      for (FieldError error : table.errors()) {
        complain(error.field(), error.path(), error.message());
      }
      List<WithPod> cases = new ArrayList<>();
      for (PolicyCase each : table.cases()) {
        List<Pod> pods =
            switch (each.manifest()) {
              case PolicyCase.Inline(_, KubernetesObject object) -> pods(object);
              case PolicyCase.InFile inFile -> pods(inFile);
            };
        FieldPath field =
            switch (each.manifest()) {
              case PolicyCase.Inline(FieldPath inline, _) -> inline;
              case PolicyCase.InFile(FieldPath inFile, _, _) -> inFile;
            };
        if (pods.size() == 1) {
          add(each, pods.getFirst(), field, cases);
        } else if (!pods.isEmpty() || each.manifest() instanceof PolicyCase.Inline) {
          complain(
              field.text(),
              field,
              pods.isEmpty()
                  ? "is neither a pod nor a workload with the template of one"
                  : "has " + pods.size() + " pods; name one in object, as Deployment/web");
        }
      }
      return new PolicyTable(
          file, table.policies().stream().map(this::beside).toList(), cases, complaints);
    }

    private void add(PolicyCase each, Pod pod, FieldPath field, List<WithPod> cases) {
      String own = pod.identity().namespace();
      if (own != null && each.namespace() != null && !own.equals(each.namespace())) {
        complain(
            each.field().text() + ".namespace",
            field,
            "is \"" + each.namespace() + "\", and the pod says \"" + own + "\"");
        return;
      }
      cases.add(new WithPod(each, pod));
    }

    private List<Pod> pods(PolicyCase.InFile in) {
      List<Pod> pods = new ArrayList<>();
      ManifestFiles.Read content = read.computeIfAbsent(in.path(), this::content);
      for (SourcedObject each : content.objects()) {
        for (Pod pod : pods(each.object())) {
          String label = pod.identity().kind() + "/" + pod.identity().name();
          if (in.object() == null
              || in.object().equals(label)
              || in.object().equals(pod.identity().name())) {
            pods.add(pod);
          }
        }
      }
      if (pods.isEmpty() && content.complaints().isEmpty()) {
        complain(
            in.field().text(),
            in.field(),
            in.path()
                + " has no pod"
                + (in.object() == null ? "" : " or workload \"" + in.object() + "\""));
      }
      return pods;
    }

    private ManifestFiles.Read content(String path) {
      ManifestFiles.Read found =
          ManifestFiles.read(List.of(beside(path)), InputStream.nullInputStream());
      complaints.addAll(found.complaints());
      return found;
    }

    private static List<Pod> pods(KubernetesObject object) {
      Pod pod = PodReader.read(object);
      return pod == null ? PodReader.readByShape(object) : List.of(pod);
    }

    private String beside(String path) {
      try {
        return Path.of(file).resolveSibling(path).toString();
      } catch (InvalidPathException e) {
        // Its reader says why.
        return path;
      }
    }

    private void complain(String field, FieldPath at, String message) {
      complaints.add(Diagnostic.malformed(file, at.at(), field + ": " + message));
    }
  }
}
