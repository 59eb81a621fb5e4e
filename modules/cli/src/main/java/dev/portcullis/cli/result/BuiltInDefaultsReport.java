package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.defaults.BuiltInDefault;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import dev.portcullis.seccomp.defaults.DefaultContents;
import dev.portcullis.seccomp.defaults.VersionRange;
import java.util.ArrayList;
import java.util.List;

/// The built-in default profiles: in a line each, or what changed from release to release.
///
/// @param runtimes whose; with their changes where not all were asked for
/// @param whole whether the changes are shown
public record BuiltInDefaultsReport(List<String> runtimes, boolean whole) implements Report {
  public BuiltInDefaultsReport {
    runtimes = List.copyOf(runtimes);
  }

  @Override
  public void table(Terminal terminal) {
    if (whole) {
      runtimes.forEach(runtime -> changes(runtime, terminal));
      return;
    }
    Table table = new Table("NAME", "RELEASES", "CONTENTS", "NEWEST");
    for (String runtime : runtimes) {
      List<DefaultContents> all = BuiltInDefaults.all(runtime);
      String newest = newest(runtime);
      table.row(
          runtime + "/default",
          all.getFirst().name() + " to " + newest,
          String.valueOf(all.size()),
          runtime + "/default@" + newest);
    }
    table.print(terminal);
  }

  private static String newest(String runtime) {
    return switch (BuiltInDefaults.find(runtime + "/default")) {
      case BuiltInDefaults.Found(BuiltInDefault found) -> found.version().toString();
      case BuiltInDefaults.NotKnown(String reason) -> throw new IllegalStateException(reason);
    };
  }

  private static void changes(String runtime, Terminal terminal) {
    for (DefaultContents contents : BuiltInDefaults.all(runtime)) {
      lines(terminal, "", runtime + "/default@" + contents.name(), Paint.HEADING);
      lines(terminal, "  ", "releases " + contents.versionsText(), Paint.PLAIN);
      DefaultContents.Source source = contents.source();
      lines(
          terminal,
          "  ",
          "since " + source.date() + ", " + source.repository() + " " + source.tag(),
          Paint.PLAIN);
      if (contents.base() != null) {
        lines(terminal, "  ", "compared with " + contents.base() + ":", Paint.PLAIN);
      }
      for (String change : contents.changes()) {
        Paint paint =
            change.startsWith("+ ")
                ? Paint.GOOD
                : change.startsWith("- ") ? Paint.BAD : Paint.PLAIN;
        lines(terminal, "    ", change, paint);
      }
      terminal.out().println();
    }
  }

  private static void lines(Terminal terminal, String indent, String text, Paint paint) {
    String next = indent + "    ";
    boolean first = true;
    for (String line : Wrap.words(text, Math.max(terminal.width(), 40) - next.length())) {
      terminal.out().println((first ? indent : next) + terminal.colour().paint(paint, line));
      first = false;
    }
  }

  @Override
  public Mapping document() {
    List<Mapping> all = new ArrayList<>();
    for (String runtime : runtimes) {
      for (DefaultContents contents : BuiltInDefaults.all(runtime)) {
        all.add(mapping(runtime, contents));
      }
    }
    return new MappingBuilder().put("defaults", all).build();
  }

  private static Mapping mapping(String runtime, DefaultContents contents) {
    DefaultContents.Source source = contents.source();
    MappingBuilder object =
        new MappingBuilder()
            .put("name", runtime + "/default@" + contents.name())
            .put(
                "releases", contents.versions().stream().map(BuiltInDefaultsReport::range).toList())
            .put(
                "source",
                new MappingBuilder()
                    .put("repository", source.repository())
                    .put("tag", source.tag())
                    .put("commit", source.commit())
                    .put("date", source.date())
                    .put("file", source.file())
                    .build());
    if (contents.base() != null) {
      object.put("base", runtime + "/default@" + contents.base());
    }
    return object
        .put(
            "changes",
            contents.changes().stream()
                .map(change -> new Value.Text(Position.NONE, change))
                .toList())
        .build();
  }

  private static Mapping range(VersionRange range) {
    return new MappingBuilder()
        .put("from", range.from().toString())
        .put("to", range.to().toString())
        .build();
  }
}
