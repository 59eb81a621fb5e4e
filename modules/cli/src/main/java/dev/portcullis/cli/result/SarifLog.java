package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.result.FindingSet.Entry;
import dev.portcullis.cli.result.FindingSet.Level;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Findings as SARIF 2.1.0 (OASIS standard of 27 March 2020, with errata 01).
record SarifLog(FindingSet findings) {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  Mapping document() {
    Map<String, Level> rules = new LinkedHashMap<>();
    findings.findings().forEach(entry -> rules.putIfAbsent(entry.rule(), entry.level()));
    List<String> ids = List.copyOf(rules.keySet());
    Mapping driver =
        new MappingBuilder()
            .put("name", "portcullis")
            .put("semanticVersion", Build.VERSION)
            .put(
                "rules",
                rules.entrySet().stream()
                    .map(rule -> rule(rule.getKey(), rule.getValue()))
                    .toList())
            .build();
    Mapping run =
        new MappingBuilder()
            .put("tool", new MappingBuilder().put("driver", driver).build())
            .put("automationDetails", new MappingBuilder().put("id", id()).build())
            .put("columnKind", "unicodeCodePoints")
            .put("invocations", List.of(invocation()))
            .put(
                "results",
                findings.findings().stream()
                    .map(entry -> result(entry, ids.indexOf(entry.rule())))
                    .toList())
            .build();
    return new MappingBuilder()
        .put("$schema", SCHEMA)
        .put("version", "2.1.0")
        .put("runs", List.of(run))
        .build();
  }

  /// Of the kind of run, whose results take the place of older ones: section 3.17.3.
  private String id() {
    return "portcullis/" + findings.verb().replace(' ', '-') + "/";
  }

  private Mapping rule(String id, Level level) {
    FindingSet.Rule known = findings.rules().get(id);
    MappingBuilder rule =
        new MappingBuilder()
            .put("id", id)
            .put("shortDescription", text(known == null ? id.replace('-', ' ') : known.title()));
    if (known != null) {
      rule.put("fullDescription", text(known.description()));
      if (!known.address().isEmpty()) {
        rule.put("helpUri", known.address());
      }
    }
    return rule.put("defaultConfiguration", new MappingBuilder().put("level", word(level)).build())
        .build();
  }

  /// What could not be read is not a result: the run is incomplete.
  private Mapping invocation() {
    return new MappingBuilder()
        .put("executionSuccessful", findings.errors().isEmpty())
        .put(
            "toolExecutionNotifications",
            findings.errors().stream().map(SarifLog::notification).toList())
        .build();
  }

  private static Mapping notification(Diagnostic error) {
    MappingBuilder notification =
        new MappingBuilder().put("level", "error").put("message", text(error.message()));
    List<Mapping> physical = physical(error.file(), error.at());
    if (!physical.isEmpty()) {
      notification.put(
          "locations",
          List.of(new MappingBuilder().put("physicalLocation", physical.getFirst()).build()));
    }
    return notification.build();
  }

  private static Mapping result(Entry entry, int rule) {
    MappingBuilder location = new MappingBuilder();
    physical(entry.subject().inFile() ? entry.subject().file() : "", entry.at())
        .forEach(physical -> location.put("physicalLocation", physical));
    if (!entry.subject().name().isEmpty()) {
      location.put(
          "logicalLocations",
          List.of(
              new MappingBuilder()
                  .put("fullyQualifiedName", entry.subject().name())
                  .put("kind", "object")
                  .build()));
    }
    return new MappingBuilder()
        .put("ruleId", entry.rule())
        .put("ruleIndex", rule)
        .put("level", word(entry.level()))
        .put("message", text(entry.message()))
        .put("locations", List.of(location.build()))
        .build();
  }

  /// Nothing for standard input and a cluster, which have no address.
  private static List<Mapping> physical(String file, Position at) {
    if (file.isEmpty() || file.equals("-")) {
      return List.of();
    }
    MappingBuilder physical =
        new MappingBuilder()
            .put("artifactLocation", new MappingBuilder().put("uri", uri(file)).build());
    if (at.line() > 0) {
      physical.put(
          "region",
          new MappingBuilder().put("startLine", at.line()).put("startColumn", at.column()).build());
    }
    return List.of(physical.build());
  }

  /// A relative path stays relative, with its first colon away from where a scheme would end.
  static String uri(String file) {
    try {
      if (file.startsWith("/")) {
        return new URI("file", "", file, null).toASCIIString();
      }
      int slash = file.indexOf('/');
      String first = slash < 0 ? file : file.substring(0, slash);
      return new URI(null, null, (first.contains(":") ? "./" : "") + file, null).toASCIIString();
    } catch (URISyntaxException impossible) {
      throw new IllegalArgumentException("not a path: " + file, impossible);
    }
  }

  private static Mapping text(String text) {
    return new MappingBuilder().put("text", text).build();
  }

  private static String word(Level level) {
    return switch (level) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case NOTE -> "note";
    };
  }
}
