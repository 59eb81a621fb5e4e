package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterArgument;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.DifferenceText;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.derive.Derivation;
import dev.portcullis.seccomp.derive.DerivationCheck;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A profile with its filter, which was held against what was asked for.
record ChangedProfile(String name, ResolvedProfile profile, Filters filters) {

  /// How profiles are changed.
  record Setting(Dialect dialect, Architecture machine, SyscallTable table, Reporter reporter) {

    /// A profile as it is; null where it has no filter, which is reported.
    @Nullable ChangedProfile compiled(String name, ResolvedProfile profile) {
      FilterArgument made =
          FilterArgument.of(name, CommandCompiler.get().compile(profile, dialect));
      reporter.complain(made.complaints());
      return made.filters() == null ? null : new ChangedProfile(name, profile, made.filters());
    }

    /// The same in the way of another OCI runtime.
    Setting in(Dialect other) {
      return new Setting(other, machine, table, reporter);
    }

    void refuse(String reason) {
      reporter.complain(List.of(new Diagnostic(reason, ExitCode.REFUSED)));
    }
  }

  /// The same with changes; null where that cannot be, which is reported.
  @Nullable ChangedProfile with(
      List<ProfileEdit> changes, List<Architecture> without, Setting setting) {
    ResolvedProfile derived =
        switch (Derivation.of(profile, changes)) {
          case Derivation.Derived(ResolvedProfile made) -> made.without(without);
          case Derivation.Impossible(String reason) -> {
            setting.refuse(reason);
            yield null;
          }
        };
    return derived == null ? null : setting.compiled("the derived profile", derived);
  }

  /// The comparison with the profile that this was made from by these changes. Reports where a
  /// change is not as asked for, or where more has changed.
  Analysis<Comparison> checked(ChangedProfile origin, List<ProfileEdit> changes, Setting setting) {
    for (String unmet :
        DerivationCheck.unmet(changes, filters, setting.machine(), setting.table())) {
      setting.refuse("libseccomp makes something else of " + unmet);
    }
    Analysis<Comparison> comparison = Comparison.of(filters, origin.filters, setting.table());
    for (Difference unexpected : DerivationCheck.unexpected(changes, comparison)) {
      setting.refuse(
          "libseccomp loses rules of the derived profile: "
              + DifferenceText.what(unexpected)
              + " is "
              + DifferenceText.how(unexpected));
    }
    if (comparison instanceof Analysis.Undecided<Comparison>(String reason)) {
      setting.refuse(origin.name + ": " + reason);
    }
    return comparison;
  }
}
