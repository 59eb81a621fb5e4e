package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.result.FindingSet.Entry;
import dev.portcullis.cli.result.FindingSet.Level;
import dev.portcullis.cli.result.FindingSet.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Findings as the XML of JUnit: a test for every subject, which fails where it has an error. What
/// could not be read is a test with an error.
record JunitReport(FindingSet findings) {
  String xml() {
    Map<Subject, List<Entry>> bySubject = new LinkedHashMap<>();
    findings.subjects().forEach(subject -> bySubject.put(subject, new ArrayList<>()));
    for (Entry entry : findings.findings()) {
      bySubject.computeIfAbsent(entry.subject(), _ -> new ArrayList<>()).add(entry);
    }
    long failures = bySubject.values().stream().filter(JunitReport::fails).count();
    String counts =
        " tests=\"%d\" failures=\"%d\" errors=\"%d\""
            .formatted(
                bySubject.size() + findings.errors().size(), failures, findings.errors().size());
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuites").append(counts).append(">\n");
    xml.append("  <testsuite name=\"portcullis ").append(findings.verb()).append('"');
    xml.append(counts).append(">\n");
    bySubject.forEach((subject, entries) -> test(subject, entries, xml));
    findings.errors().forEach(error -> error(error, xml));
    return xml.append("  </testsuite>\n</testsuites>\n").toString();
  }

  private static boolean fails(List<Entry> entries) {
    return entries.stream().anyMatch(entry -> entry.level() == Level.ERROR);
  }

  private static void test(Subject subject, List<Entry> entries, StringBuilder xml) {
    xml.append("    <testcase classname=\"").append(escaped(subject.file()));
    xml.append("\" name=\"");
    xml.append(escaped(subject.name().isEmpty() ? subject.file() : subject.name()));
    if (entries.isEmpty()) {
      xml.append("\"/>\n");
      return;
    }
    xml.append("\">\n");
    List<String> others = new ArrayList<>();
    for (Entry entry : entries) {
      String place = Diagnostic.place(subject.file(), entry.at());
      switch (entry.level()) {
        case ERROR -> {
          xml.append("      <failure type=\"").append(escaped(entry.rule()));
          xml.append("\" message=\"").append(escaped(entry.message())).append("\">");
          xml.append(escaped(place)).append("</failure>\n");
        }
        case WARNING, NOTE -> others.add(place + ": " + word(entry.level()) + ": " + said(entry));
      }
    }
    if (!others.isEmpty()) {
      xml.append("      <system-out>");
      xml.append(String.join("\n", others.stream().map(JunitReport::escaped).toList()))
          .append("</system-out>\n");
    }
    xml.append("    </testcase>\n");
  }

  private static void error(Diagnostic error, StringBuilder xml) {
    xml.append("    <testcase classname=\"").append(escaped(error.file()));
    xml.append("\" name=\"not checked\">\n      <error message=\"");
    xml.append(escaped(error.message())).append("\"/>\n    </testcase>\n");
  }

  private static String said(Entry entry) {
    return entry.message() + " [" + entry.rule() + "]";
  }

  private static String word(Level level) {
    return level == Level.WARNING ? "warning" : "note";
  }

  /// XML 1.0 has no way to write most control characters, so they are shown by their numbers.
  private static String escaped(String text) {
    return Escape.line(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
