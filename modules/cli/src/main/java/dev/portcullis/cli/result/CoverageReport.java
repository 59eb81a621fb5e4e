package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.seccomp.recording.ProfileCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What of a profile a recording has, for people and for programs.
///
/// @param recording as it was named on the command line
public record CoverageReport(String recording, String profile, ProfileCoverage coverage)
    implements Report {

  @Override
  public void table(Terminal terminal) {
    Paragraph paragraph = Paragraph.on(terminal);
    List<ProfileCoverage.Entry> all = coverage.entries();
    List<String> used = texts(ProfileCoverage.Use.USED);
    paragraph.heading(
        recording
            + " uses "
            + used.size()
            + " of "
            + Plural.of(all.size(), "call")
            + " that "
            + profile
            + " allows");
    if (coverage.open()) {
      paragraph.detail("", 2, "the profile also allows every call that it does not name");
    }
    list(paragraph, "never used", texts(ProfileCoverage.Use.NEVER));
    list(
        paragraph,
        "not seen by any recording, whether they are used or not",
        texts(ProfileCoverage.Use.UNSEEN));
    list(
        paragraph,
        "not known, since the recording has not the arguments that the profile looks at",
        texts(ProfileCoverage.Use.UNKNOWN));
    list(
        paragraph,
        "recorded, and not allowed by the profile",
        new TreeMap<>(coverage.refused())
            .entrySet().stream().map(each -> each.getKey() + " x" + each.getValue()).toList());
    if (!texts(ProfileCoverage.Use.NEVER).isEmpty()) {
      terminal.out().println();
      paragraph.detail(
          "",
          0,
          "A recording shows what one run did, not what the program can do. Before you take a call"
              + " away, think of errors, reloads, signals, other inputs, and of what the OCI runtime"
              + " and exec need: see docs/record.md.");
    }
  }

  private List<String> texts(ProfileCoverage.Use use) {
    return coverage.entries().stream()
        .filter(each -> each.use() == use)
        .map(ProfileCoverage.Entry::text)
        .toList();
  }

  private static void list(Paragraph paragraph, String heading, List<String> texts) {
    if (!texts.isEmpty()) {
      paragraph.out().println();
      paragraph.heading(heading + " (" + texts.size() + "):");
      paragraph.detail("", 2, String.join(" ", texts));
    }
  }

  @Override
  public Mapping document() {
    List<Mapping> calls = new ArrayList<>();
    for (ProfileCoverage.Entry entry : coverage.entries()) {
      calls.add(
          new MappingBuilder()
              .put("name", entry.name())
              .put("text", entry.text())
              .put("use", entry.use().name().toLowerCase(Locale.ROOT))
              .put("count", entry.count())
              .build());
    }
    List<Mapping> refused = new ArrayList<>();
    for (Map.Entry<String, Long> entry : new TreeMap<>(coverage.refused()).entrySet()) {
      refused.add(
          new MappingBuilder().put("name", entry.getKey()).put("count", entry.getValue()).build());
    }
    return new MappingBuilder()
        .put("recording", recording)
        .put("profile", profile)
        .put("allowsUnnamed", coverage.open())
        .put("calls", calls)
        .put("refused", refused)
        .build();
  }
}
