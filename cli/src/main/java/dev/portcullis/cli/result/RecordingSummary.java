package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.RecordedCall;
import dev.portcullis.seccomp.recording.RecordedProfile;
import dev.portcullis.seccomp.recording.Recording;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What was recorded, and what was made of it, for people.
///
/// @param who whose calls they are
public record RecordingSummary(String who, Recording seen, RecordedProfile made) {
  /// Prints it.
  public void print(Terminal terminal) {
    Paragraph paragraph = Paragraph.on(terminal);
    long calls = seen.program().stream().mapToLong(RecordedCall::count).sum();
    paragraph.heading(who + ": " + Plural.of(calls, "call") + " of " + names());
    for (RecordedProfile.Addition addition : made.additions()) {
      paragraph.detail(
          "", 2, "added " + addition.reason() + ": " + String.join(" ", addition.calls()));
    }
    made.remarks().forEach(remark -> paragraph.detail("", 2, remark));
  }

  /// How many names, by architecture.
  private String names() {
    Map<Architecture, Long> names = new TreeMap<>();
    seen.program().forEach(call -> names.merge(call.architecture(), 1L, Long::sum));
    List<String> texts =
        names.entrySet().stream()
            .map(entry ->
                Plural.of(entry.getValue(), "name")
                    + " on "
                    + entry.getKey().name().toLowerCase(Locale.ROOT))
            .toList();
    return texts.isEmpty() ? "no name" : texts.stream().collect(Collectors.joining(", "));
  }
}
