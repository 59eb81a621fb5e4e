package dev.portcullis.seccomp.resolve;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.Condition;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.RuleCondition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Decides what Docker's format leaves open, as Docker decides it (moby, `profiles/seccomp`): what
/// comes out is the plain OCI profile that Docker would give to the runtime for this container.
///
/// * `includes`: *all* the capabilities, *one* of the architectures, and the kernel must fit.
/// * `excludes`: *one* of the capabilities, *one* of the architectures, or the kernel drops the
///   rule.
/// * Of `archMap` the entry of the machine's architecture counts; without one the filter is for the
///   machine's architecture alone.
public final class Resolver {
  private Resolver() {}

  /// The profile without anything that only Docker understands.
  public static ResolvedProfile resolve(Profile profile, Target target) {
    return new ResolvedProfile(
        profile.defaultOutcome(),
        architectures(profile.architectures(), target.architecture()),
        profile.flags(),
        profile.listener(),
        profile.rules().stream()
            .filter(rule -> taken(rule.guard(), target))
            .map(ResolvedRule::of)
            .toList());
  }

  private static List<Architecture> architectures(
      Architectures architectures, Architecture machine) {
    return switch (architectures) {
      case Architectures.Listed(List<Architecture> list) -> list;
      case Architectures.Mapped(List<Architectures.Entry> entries) -> {
        List<Architecture> list = new ArrayList<>();
        for (Architectures.Entry entry : entries) {
          if (entry.architecture() == machine) {
            list.add(machine);
            list.addAll(entry.subArchitectures());
            break;
          }
        }
        yield list;
      }
    };
  }

  private static boolean taken(RuleCondition guard, Target target) {
    return !drops(guard.excludes(), target) && fits(guard.includes(), target);
  }

  private static boolean fits(Condition includes, Target target) {
    return target.capabilities().containsAll(includes.capabilities())
        && (includes.architectures().isEmpty()
            || includes.architectures().contains(target.architecture().dockerName()))
        && (includes.minKernel() == null || reaches(target, includes.minKernel()));
  }

  private static boolean drops(Condition excludes, Target target) {
    return !Collections.disjoint(target.capabilities(), excludes.capabilities())
        || excludes.architectures().contains(target.architecture().dockerName())
        || (excludes.minKernel() != null && reaches(target, excludes.minKernel()));
  }

  private static boolean reaches(Target target, KernelVersion version) {
    return target.kernel().compareTo(version) >= 0;
  }
}
