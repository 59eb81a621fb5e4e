package dev.portcullis.cli.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.result.FindingSet.Entry;
import dev.portcullis.cli.result.FindingSet.Level;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Findings as a Code Quality report of GitLab, which shows them at the lines of a merge request:
/// an array of objects with the members that its documentation requires.
///
/// A fingerprint tells whether a finding is new. It is of the file, the rule and the message, and
/// not of the line: what moved is not new. Of equal ones GitLab would show the first alone, so they
/// are numbered.
record GitlabReport(FindingSet findings) {
  private static final String NOT_CHECKED = "not-checked";

  Value document() {
    List<Value> all = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Diagnostic error : findings.errors()) {
      all.add(one(error.file(), error.at(), NOT_CHECKED, "blocker", error.message(), seen));
    }
    for (Entry entry : findings.findings()) {
      String name = entry.subject().name();
      all.add(
          one(
              entry.subject().file(),
              entry.at(),
              entry.rule(),
              severity(entry.level()),
              name.isEmpty() ? entry.message() : name + ": " + entry.message(),
              seen));
    }
    return new Sequence(Position.NONE, all);
  }

  private Mapping one(
      String file,
      Position at,
      String rule,
      String severity,
      String message,
      Map<String, Integer> seen) {
    String path = file.startsWith("./") ? file.substring(2) : file;
    String whole = String.join("\0", findings.verb(), path, rule, message);
    int equal = seen.merge(whole, 1, Integer::sum);
    return new MappingBuilder()
        .put("description", message)
        .put("check_name", "portcullis-" + rule)
        .put("fingerprint", digest(whole + "\0" + equal))
        .put("severity", severity)
        .put(
            "location",
            new MappingBuilder()
                .put("path", path)
                .put("lines", new MappingBuilder().put("begin", Math.max(1, at.line())).build())
                .build())
        .build();
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  private static String severity(Level level) {
    return switch (level) {
      case ERROR -> "major";
      case WARNING -> "minor";
      case NOTE -> "info";
    };
  }
}
