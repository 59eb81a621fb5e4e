package dev.portcullis.cli.input;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
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
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.NameCheck;
import dev.portcullis.seccomp.syscall.SyscallNamesCheck;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Everything that is found in a profile: in its text, in its names, and in its filter.
///
/// @param mode how its file is read
/// @param target what its filter is made for
public record ProfileFindings(
    ReadingMode mode,
    Target target,
    Dialect dialect,
    Compiler compiler,
    SyscallNamesCheck names,
    SyscallTable table) {

  public static ProfileFindings ofThisMachine(ReadingMode mode, Target target, Dialect dialect) {
    return new ProfileFindings(
        mode,
        target,
        dialect,
        CommandCompiler.get(),
        SyscallNamesCheck.ofThisMachine(),
        SyscallTable.ofThisMachine());
  }

  /// In the order of their places.
  public List<Finding> of(byte[] content) {
    ProfileParseResult reading = ProfileReader.read(content, mode);
    List<Finding> findings =
        new ArrayList<>(
            switch (reading) {
              case ProfileParseResult.Rejected(List<Finding> errors) -> errors;
              case ProfileParseResult.Read(Profile profile, List<Finding> warnings) ->
                  of(profile, warnings);
            });
    if (mode == ReadingMode.STRICT) {
      RuntimeView.difference(content, reading).ifPresent(findings::add);
    }
    findings.sort(
        Comparator.comparingInt((Finding each) -> each.at().line())
            .thenComparingInt(each -> each.at().column()));
    return findings;
  }

  private List<Finding> of(Profile profile, List<Finding> warnings) {
    List<Finding> all = new ArrayList<>(warnings);
    all.addAll(profile.dockerOnly());
    all.addAll(Lint.check(profile));
    switch (names.check(profile)) {
      case NameCheck.Checked(List<Finding> unknown) -> all.addAll(unknown);
      case NameCheck.NotChecked(String reason) ->
          all.add(new Finding(Problem.SYSCALLS_NOT_CHECKED, Position.NONE, reason));
    }
    ResolvedProfile plain = Resolver.resolve(profile, target);
    switch (compiler.compile(plain, dialect)) {
      case Compilation.Compiled compiled ->
          all.addAll(
              FilterLint.check(
                  plain, Filters.of(compiled.program()), target.architecture(), table));
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
    return all;
  }
}
