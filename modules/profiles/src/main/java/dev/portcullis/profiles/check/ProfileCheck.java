package dev.portcullis.profiles.check;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ReadingMode;
import dev.portcullis.seccomp.json.RuntimeView;
import dev.portcullis.seccomp.lint.FilterLint;
import dev.portcullis.seccomp.lint.Lint;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.syscall.NameCheck;
import dev.portcullis.seccomp.syscall.SyscallNamesCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The check of a profile, for a person, a webhook and a node alike: the same content has the same
/// findings everywhere, as far as each of them looks.
public final class ProfileCheck {
  private static final Comparator<Finding> BY_PLACE =
      Comparator.comparingInt((Finding each) -> each.at().line())
          .thenComparingInt(each -> each.at().column());

  private ProfileCheck() {}

  /// The profile of a content, with what the level finds in it; or why it is none.
  public static ProfileParseResult of(byte[] content, CheckLevel level) {
    return switch (level) {
      case CheckLevel.Dangers _ ->
          switch (ProfileReader.read(content)) {
            case ProfileParseResult.Read(Profile profile, _) ->
                new ProfileParseResult.Read(profile, Lint.dangers(profile));
            case ProfileParseResult.Rejected rejected -> rejected;
          };
      case CheckLevel.Names(SyscallNamesCheck names) ->
          switch (ProfileReader.read(content)) {
            case ProfileParseResult.Read(Profile profile, List<Finding> warnings) -> {
              List<Finding> all = new ArrayList<>(warnings);
              addOfText(profile, names, all);
              yield new ProfileParseResult.Read(profile, all);
            }
            case ProfileParseResult.Rejected rejected -> rejected;
          };
      case CheckLevel.Filter filter -> of(content, filter);
    };
  }

  private static ProfileParseResult of(byte[] content, CheckLevel.Filter level) {
    ProfileParseResult reading = ProfileReader.read(content, level.mode());
    List<Finding> all = new ArrayList<>();
    switch (reading) {
      case ProfileParseResult.Rejected(List<Finding> errors) -> all.addAll(errors);
      case ProfileParseResult.Read(Profile profile, List<Finding> warnings) -> {
        all.addAll(warnings);
        all.addAll(profile.dockerOnly());
        addOfText(profile, level.names(), all);
        addOfFilter(profile, level, all);
      }
    }
    if (level.mode() == ReadingMode.STRICT) {
      RuntimeView.difference(content, reading).ifPresent(all::add);
    }
    all.sort(BY_PLACE);
    return switch (reading) {
      case ProfileParseResult.Rejected _ -> new ProfileParseResult.Rejected(all);
      case ProfileParseResult.Read(Profile profile, _) -> new ProfileParseResult.Read(profile, all);
    };
  }

  private static void addOfText(Profile profile, SyscallNamesCheck names, List<Finding> all) {
    all.addAll(Lint.check(profile));
    switch (names.check(profile)) {
      case NameCheck.Checked(List<Finding> unknown) -> all.addAll(unknown);
      case NameCheck.NotChecked(String reason) ->
          all.add(new Finding(Problem.SYSCALLS_NOT_CHECKED, Position.NONE, reason));
    }
  }

  private static void addOfFilter(Profile profile, CheckLevel.Filter level, List<Finding> all) {
    ResolvedProfile plain = Resolver.resolve(profile, level.target());
    switch (level.compiler().compile(plain, level.dialect())) {
      case Compilation.Compiled compiled ->
          all.addAll(
              FilterLint.check(
                  plain,
                  Filters.of(compiled.program()),
                  level.target().architecture(),
                  level.table()));
      case Compilation.Refused(String reason) ->
          all.add(
              new Finding(
                  Problem.REFUSED_BY_LIBSECCOMP,
                  profile.defaultOutcome().at(),
                  reason + "; no runtime on this machine can start a container with this profile"));
      case Compilation.Undecided(String reason) ->
          all.add(
              new Finding(
                  Problem.FILTER_NOT_MADE,
                  profile.defaultOutcome().at(),
                  "cannot compile the filter: "
                      + reason
                      + "; a runtime calls libseccomp as well, and does not start the container"));
      // Said above, about the names.
      case Compilation.Unavailable _ -> {}
    }
  }
}
