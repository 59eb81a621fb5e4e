package dev.portcullis.pods.fix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Layout;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.TextEdit;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.fix.Obstacle.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns the seccomp annotations of manifests into fields, in the text of a file: what no edit
/// touches stays byte for byte.
///
/// No edit is given out that has not been proven: the result is read again, and compared with what
/// was there before.
public final class ManifestFix {
  /// What to do with a template of a chart.
  static final String RENDER = "render it first: helm template ... | portcullis fix -";

  private static final String BUG =
      "a bug in Portcullis: the edit was made and not used, because %s; please report it with the"
          + " file";

  private final Layout layout;
  private final Limits limits;
  private final FixRules rules;
  private final List<DocumentPlan> documents = new ArrayList<>();

  private ManifestFix(Layout layout, Limits limits, FixRules rules) {
    this.layout = layout;
    this.limits = limits;
    this.rules = rules;
  }

  /// The edits of a file, and what stays undone.
  public static FixOutcome of(byte[] content, FixRules rules) {
    return of(content, rules, Limits.MANIFEST);
  }

  static FixOutcome of(byte[] content, FixRules rules, Limits limits) {
    Layout layout = new Layout();
    return switch (Documents.read(content, limits, layout)) {
      case ParseResult.Malformed(var at, String message) ->
          new FixOutcome.Unreadable(
              at,
              new String(content, ISO_8859_1).contains("{{")
                  ? "a template, to judge by the braces {{; " + RENDER + " (" + message + ")"
                  : message);
      case ParseResult.Documents(List<Value> values) ->
          new ManifestFix(layout, limits, rules).fix(values);
    };
  }

  private FixOutcome fix(List<Value> values) {
    for (Value value : values) {
      documents.add(DocumentPlan.of(layout, value, rules));
    }
    boolean proven = prove();
    if (!proven) {
      // Without the documents of which it was not.
      proven = prove();
    }
    if (!proven) {
      documents.forEach(document -> document.block(Kind.BUG, BUG.formatted("others depend on it")));
    }
    List<ObjectPlan> objects =
        documents.stream().flatMap(document -> document.objects().stream()).toList();
    return new FixOutcome.Edited(
        layout.text(),
        layout.byteOrderMark(),
        edits(),
        objects.stream()
            .filter(ObjectPlan::changes)
            .flatMap(object -> object.podChanges().stream())
            .toList(),
        objects.stream().flatMap(object -> object.obstacles().stream()).toList(),
        objects.stream().mapToInt(object -> object.pods().size()).sum());
  }

  private List<TextEdit> edits() {
    return documents.stream().flatMap(document -> document.edits().stream()).toList();
  }

  /// Whether the edits are proven; documents of which they are not have none afterwards.
  private boolean prove() {
    List<TextEdit> edits = edits();
    if (edits.isEmpty()) {
      return true;
    }
    byte[] content = TextEdit.apply(layout.text(), edits).getBytes(UTF_8);
    if (content.length > limits.bytes()) {
      documents.forEach(document ->
          document.block(
              Kind.TOO_LARGE,
              "with its fields the file is larger than " + limits.bytes() + " bytes; split it"));
      return true;
    }
    return switch (Documents.read(content, limits)) {
      case ParseResult.Malformed(var at, String message) -> {
        blockAll("line " + at.line() + " of the result is not right: " + message);
        yield true;
      }
      case ParseResult.Documents(List<Value> after) -> {
        if (after.size() != documents.size()) {
          blockAll("the result has another number of documents");
          yield true;
        }
        yield prove(after);
      }
    };
  }

  private boolean prove(List<Value> after) {
    FixProof proof = new FixProof(rules);
    boolean proven = true;
    for (int i = 0; i < documents.size(); i++) {
      DocumentPlan document = documents.get(i);
      @Nullable String failure =
          document.edits().isEmpty() ? null : proof.failure(document, after.get(i));
      if (failure != null) {
        document.block(Kind.BUG, BUG.formatted(failure));
        proven = false;
      }
    }
    return proven;
  }

  private void blockAll(String why) {
    documents.forEach(document -> document.block(Kind.BUG, BUG.formatted(why)));
  }
}
