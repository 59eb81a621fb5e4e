package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Errno;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.recording.RecordedCall;
import dev.portcullis.seccomp.recording.RecordedProfile;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RefusedCall;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What was recorded, and what was made of it, for people.
///
/// @param who whose calls they are
/// @param relation of the profile to the one that it begins with; null where there is none
public record RecordingSummary(
    String who, Recording seen, RecordedProfile made, @Nullable ComparisonReport relation) {
  /// Prints it.
  public void print(Terminal terminal) {
    Paragraph paragraph = Paragraph.on(terminal);
    long calls = seen.program().stream().mapToLong(RecordedCall::count).sum();
    paragraph.heading(who + ": " + Plural.of(calls, "call") + " of " + names());
    if (!seen.refused().isEmpty()) {
      paragraph.detail(
          "",
          2,
          "refused by the profile that it had: "
              + seen.refused().stream()
                  .map(RecordingSummary::text)
                  .collect(Collectors.joining(", ")));
    }
    if (relation == null) {
      for (RecordedProfile.Addition addition : made.additions()) {
        paragraph.detail(
            "", 2, "added " + addition.reason() + ": " + String.join(" ", addition.calls()));
      }
    }
    made.remarks().forEach(remark -> paragraph.detail("", 2, remark));
  }

  /// Prints that the program may have done something else than it does unrecorded.
  ///
  /// @param interrupted how many calls a signal interrupted, by name, the empty one where it is not
  ///   known
  public void printInterrupted(Map<String, Integer> interrupted, Terminal terminal) {
    if (interrupted.isEmpty()) {
      return;
    }
    boolean crun = seen.runs().stream().allMatch(run -> run.ociRuntime().equals("crun"));
    Paragraph.on(terminal)
        .detail(
            "",
            2,
            "interrupted by a signal while Portcullis was asked about them: "
                + new TreeMap<>(interrupted)
                    .reversed().entrySet().stream()
                        .map(each ->
                            (each.getKey().isEmpty() ? "other calls" : each.getKey())
                                + " "
                                + each.getValue())
                        .collect(Collectors.joining(", "))
                + ". A program that does not expect EINTR of them may have done something else:"
                + " see that it did its work, else record it again"
                + (crun ? "" : ", best with --runtime-handler crun"));
  }

  /// Shows what was added to the profile that it begins with.
  public void printRelation(Terminal terminal) {
    if (relation != null) {
      relation.table(terminal);
    }
  }

  /// Prints where it was written, and how much the profile allows.
  public void printWritten(RecordedFiles files, Terminal terminal) {
    Set<String> allowed =
        made.profile().rules().stream()
            .filter(rule -> rule.outcome().action().letsThrough())
            .flatMap(rule -> rule.names().stream())
            .map(SyscallName::name)
            .collect(Collectors.toSet());
    int all = allowed.size();
    allowed.retainAll(seen.program().stream().map(RecordedCall::name).collect(Collectors.toSet()));
    Paragraph.on(terminal)
        .detail(
            "",
            2,
            "written to "
                + files.profile()
                + ", which allows "
                + Plural.of(all, "name")
                + ", "
                + allowed.size()
                + " of them recorded, and "
                + files.recording().getFileName());
  }

  /// As `mount (EPERM, 3 times)`.
  private static String text(RefusedCall refused) {
    RecordedCall call = refused.call();
    return (call.name().isEmpty() ? "number " + call.number() : call.name())
        + " ("
        + Errno.name(refused.errno()).orElse("errno " + refused.errno())
        + (call.count() == 1 ? ")" : ", " + call.count() + " times)");
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
