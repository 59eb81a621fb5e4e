package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.pods.fix.FixOutcome;
import dev.portcullis.pods.fix.Obstacle;
import dev.portcullis.pods.fix.PodChange;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;

/// What `fix` changes and what it does not, for programs: one document.
public final class FixJson {
  private final List<Mapping> files = new ArrayList<>();
  private int changed;

  /// One file.
  ///
  /// @param written whether its new content is there, or went to standard output
  public void add(String file, FixOutcome outcome, boolean written) {
    MappingBuilder json = new MappingBuilder().put("source", file);
    switch (outcome) {
      case FixOutcome.Unreadable(Position at, String message) ->
          json.put("changed", false)
              .put("written", false)
              .put("changes", List.of())
              .put(
                  "findings",
                  List.of(
                      place(new MappingBuilder().put("id", "unreadable"), at)
                          .put("message", message)
                          .build()));
      case FixOutcome.Edited edited -> {
        changed += edited.changed() ? 1 : 0;
        json.put("changed", edited.changed())
            .put("written", edited.changed() && written)
            .put("changes", edited.changes().stream().map(FixJson::change).toList())
            .put("findings", edited.obstacles().stream().map(FixJson::finding).toList());
      }
    }
    files.add(json.build());
  }

  /// The whole document.
  ///
  /// @param errors what could not be read
  public Mapping document(List<Diagnostic> errors) {
    return new MappingBuilder()
        .put("files", files)
        .put("errors", ErrorsJson.of(errors))
        .put(
            "summary",
            new MappingBuilder().put("files", files.size()).put("changed", changed).build())
        .build();
  }

  private static Mapping change(PodChange change) {
    MappingBuilder json =
        switch (change) {
          case PodChange.FieldSet _ -> new MappingBuilder().put("change", "field-set");
          case PodChange.AnnotationRemoved _ ->
              new MappingBuilder().put("change", "annotation-removed");
        };
    place(json, change.path().at());
    pod(json, change.pod(), change.path());
    return switch (change) {
      case PodChange.FieldSet set -> json.put("profile", set.profile().text()).build();
      case PodChange.AnnotationRemoved _ -> json.build();
    };
  }

  private static Mapping finding(Obstacle obstacle) {
    MappingBuilder json = new MappingBuilder().put("id", obstacle.kind().id());
    place(json, obstacle.path().at());
    return pod(json, obstacle.pod(), obstacle.path()).put("message", obstacle.message()).build();
  }

  private static MappingBuilder place(MappingBuilder json, Position at) {
    return json.put("line", at.line()).put("column", at.column());
  }

  private static MappingBuilder pod(MappingBuilder json, Pod pod, FieldPath path) {
    return json.put("kind", pod.identity().kind())
        .put("namespace", PodLabel.namespace(pod))
        .put("name", pod.identity().name())
        .put("field", path.text());
  }
}
