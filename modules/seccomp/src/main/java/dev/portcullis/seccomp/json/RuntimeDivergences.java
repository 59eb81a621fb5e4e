package dev.portcullis.seccomp.json;

import dev.portcullis.documents.GoDecodeResult.Surprise;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.finding.SpellingHint;
import java.util.List;
import java.util.Set;

/// What is surprising about the way in which runtimes read a profile, as findings.
final class RuntimeDivergences {
  private static final Set<String> ONLY_DOCKERS = Set.of("archMap", "name", "includes", "excludes");

  /// A field of Docker's that changes nothing.
  private static final String COMMENT = "comment";

  private static final List<String> FIELDS =
      List.of(
          "defaultAction",
          "defaultErrnoRet",
          "architectures",
          "flags",
          "listenerPath",
          "listenerMetadata",
          "syscalls",
          "names",
          "action",
          "errnoRet",
          "args",
          "index",
          "value",
          "valueTwo",
          "op");

  private RuntimeDivergences() {}

  static void report(Surprise surprise, Findings findings) {
    String key = QuotedText.of(surprise.key());
    switch (surprise.kind()) {
      case FOLDED ->
          add(surprise, findings, "read the field " + key + " as `" + surprise.field() + "`");
      case TWICE ->
          add(
              surprise,
              findings,
              "read the field `"
                  + surprise.field()
                  + "`, which occurs twice, the second time merged into the first");
      case REPLACED -> add(surprise, findings, "replace an invalid character here with U+FFFD");
      case SKIPPED -> {
        if (ONLY_DOCKERS.contains(surprise.key())) {
          add(surprise, findings, "ignore the field " + key + ", which only Docker knows");
        } else if (ErrnoNames.FIELDS.containsKey(surprise.key())) {
          findings.add(
              Problem.ERRNO_BY_NAME,
              surprise.at(),
              () -> "OCI runtimes ignore the field " + key + ", which CRI-O and Podman read");
        } else if (!surprise.key().equals(COMMENT)) {
          findings.add(
              Problem.UNKNOWN_FIELD,
              surprise.at(),
              () ->
                  "unknown field "
                      + key
                      + ", which runtimes ignore silently"
                      + SpellingHint.hint(surprise.key(), FIELDS));
        }
      }
    }
  }

  /// @param what runtimes do at the place of these fields
  static void report(Fields fields, String what) {
    fields.report(Problem.READS_DIFFERENTLY, fields.at(), "runtimes " + what);
  }

  private static void add(Surprise surprise, Findings findings, String what) {
    findings.add(Problem.READS_DIFFERENTLY, surprise.at(), () -> "runtimes " + what);
  }
}
