package dev.portcullis.seccomp.heal;

import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What would have to be allowed by a profile, of what was refused.
///
/// @param proposals calls that the profile refuses as it was written down
/// @param others why the profile cannot have refused the others, or cannot allow them
/// @param workloads whose pods the proposals are of, as far as it is known
public record HealPlan(List<HealProposal> proposals, List<String> others, List<String> workloads) {
  public HealPlan {
    proposals = List.copyOf(proposals);
    others = List.copyOf(others);
    workloads = List.copyOf(workloads);
  }

  /// As many as a recording makes conditions for.
  private static final int MOST_OF_A_CALL = 32;

  /// Makes it.
  ///
  /// @param meaning of the profile's filter
  /// @param machine this machine's architecture
  public static HealPlan of(
      List<DenialRecord> denials,
      ResolvedProfile profile,
      FilterSemantics meaning,
      SyscallTable table,
      Architecture machine) {
    Set<Architecture> listed = new LinkedHashSet<>(List.of(machine));
    listed.addAll(profile.architectures());
    Map<List<ProfileEdit>, HealProposal> proposals = new LinkedHashMap<>();
    Set<String> others = new LinkedHashSet<>();
    Set<String> workloads = new LinkedHashSet<>();
    for (DenialGroup group : DenialGroup.of(denials)) {
      DenialRecord denial = group.first();
      Architecture architecture = denial.architecture();
      Integer number = number(denial, table);
      String name =
          number == null ? denial.call() : table.of(architecture).getOrDefault(number, "");
      String what =
          (name.isEmpty() ? "number " + denial.call() : name)
              + " on "
              + architecture.name().toLowerCase(Locale.ROOT);
      if (!listed.contains(architecture)) {
        others.add(
            what
                + ": the profile does not list the architecture, and kills its programs;"
                + " no call of it can be allowed alone");
        continue;
      }
      if (number == null || name.isEmpty()) {
        others.add(
            what
                + ": this machine's libseccomp does not know the call, so it cannot be allowed"
                + " here");
        continue;
      }
      Set<Verdict> verdicts =
          meaning.verdicts(architecture.token(), number, masks(denial.arguments()));
      List<Verdict> matching = verdicts.stream().filter(denial::mayComeOf).toList();
      if (matching.isEmpty()) {
        String own = verdicts.stream().map(Verdict::toString).collect(Collectors.joining(" or "));
        others.add(
            denial.kind() == Kind.LOG
                ? what + ": logged, and this profile's answer is " + own + ": it goes on"
                : what
                    + ": denied with "
                    + denial.answer()
                    + ", and this profile's answer is "
                    + own
                    + ": another profile, another version of it, or another OCI runtime denied it");
        continue;
      }
      workloads.addAll(group.workloads());
      List<ProfileEdit> edits =
          new HealEdits(meaning, architecture, number, name).of(denial, matching);
      proposals.merge(
          edits,
          new HealProposal(
              name,
              edits,
              group.count(),
              group.places(),
              matching.stream().map(Verdict::toString).toList(),
              matching.contains(Verdict.ABSENT)),
          HealProposal::with);
    }
    return new HealPlan(fewer(proposals.values()), List.copyOf(others), List.copyOf(workloads));
  }

  /// Calls with many proposals have one, for all arguments.
  private static List<HealProposal> fewer(Collection<HealProposal> proposals) {
    Map<String, List<HealProposal>> byName = new LinkedHashMap<>();
    proposals.forEach(
        each -> byName.computeIfAbsent(each.name(), _ -> new ArrayList<>()).add(each));
    List<HealProposal> fewer = new ArrayList<>();
    for (List<HealProposal> each : byName.values()) {
      if (each.size() <= MOST_OF_A_CALL) {
        fewer.addAll(each);
      } else {
        fewer.add(HealProposal.whole(each));
      }
    }
    return fewer;
  }

  private static @Nullable Integer number(DenialRecord denial, SyscallTable table) {
    if (Character.isDigit(denial.call().charAt(0))) {
      return (int) Long.parseLong(denial.call());
    }
    return table.of(denial.architecture()).entrySet().stream()
        .filter(each -> each.getValue().equals(denial.call()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private static List<ArgumentValues.Masked> masks(List<Long> arguments) {
    List<ArgumentValues.Masked> masks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      masks.add(
          i < arguments.size()
              ? new ArgumentValues.Masked(-1, arguments.get(i))
              : new ArgumentValues.Masked(0, 0));
    }
    return masks;
  }
}
