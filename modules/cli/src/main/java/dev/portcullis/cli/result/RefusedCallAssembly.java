package dev.portcullis.cli.result;

import dev.portcullis.cli.input.ContainerFate;
import dev.portcullis.cli.input.ExposureSubject;
import dev.portcullis.cli.input.FilterOrigin;
import dev.portcullis.cli.input.PodSurvey;
import dev.portcullis.cli.input.RefusedCallFiles;
import dev.portcullis.cli.input.RefusedCallFiles.Entry;
import dev.portcullis.cli.input.RefusedCallFiles.PodContainer;
import dev.portcullis.cli.input.SubjectFilter;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.report.RefusalAccount;
import dev.portcullis.report.RefusalAccount.Call;
import dev.portcullis.report.RefusalAccount.Elsewhere;
import dev.portcullis.report.RefusalAccount.Moment;
import dev.portcullis.report.RefusalAccount.OfContainer;
import dev.portcullis.report.RefusalAccount.Span;
import dev.portcullis.report.Workload;
import dev.portcullis.report.WorkloadContainer;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.heal.DenialRecord;
import dev.portcullis.seccomp.profile.Architecture;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds out which containers of a report calls were refused to.
final class RefusedCallAssembly {
  private static final int MOST_ALLOWED = 12;
  private static final int LONGEST_COMMAND = 1_200;

  private final Architecture machine;
  private final Map<PodKey, Set<Candidate>> pods = new HashMap<>();
  private final Map<String, Set<Candidate>> templates = new HashMap<>();
  private final Map<Place, Tally> tallies = new LinkedHashMap<>();
  private final Set<String> places = new LinkedHashSet<>();
  private long elsewhere;
  private int workloads;

  RefusedCallAssembly(Architecture machine) {
    this.machine = machine;
  }

  private record PodKey(String namespace, String name) {}

  /// A pod of a workload that may be meant.
  ///
  /// @param number of the workload
  private record Candidate(PodSurvey.OfPod pod, Workload workload, int number) {}

  /// A container of a workload, by their numbers.
  private record Place(int workload, int container) {}

  /// A container of the report that may be meant.
  private record Match(
      Place place, Workload workload, WorkloadContainer of, PodSurvey.OfContainer fate) {}

  private record CallKey(Architecture architecture, String name, Kind kind, int errno) {}

  /// What is known of one container of a workload.
  private static final class Tally {
    final Workload workload;
    final WorkloadContainer container;
    final Set<String> pods = new LinkedHashSet<>();
    final Map<CallKey, Counted> calls = new LinkedHashMap<>();
    final Set<PodSurvey.OfContainer> fates = new LinkedHashSet<>();

    Tally(Workload workload, WorkloadContainer container) {
      this.workload = workload;
      this.container = container;
    }
  }

  /// @param file the first that has it
  private record Counted(long count, @Nullable Span span, String file) {}

  /// Takes a workload of the report with its pods, or its template.
  void add(List<PodSurvey.OfPod> surveyed, Workload workload) {
    int number = workloads++;
    for (PodSurvey.OfPod each : surveyed) {
      Pod pod = each.pod().judgement().pod();
      Candidate candidate = new Candidate(each, workload, number);
      (pod.isTemplate()
              ? templates.computeIfAbsent(workload.namespace(), _ -> new LinkedHashSet<>())
              : pods.computeIfAbsent(
                  new PodKey(workload.namespace(), pod.identity().name()),
                  _ -> new LinkedHashSet<>()))
          .add(candidate);
    }
  }

  /// What was refused to those that were added.
  RefusalAccount of(RefusedCallFiles files) {
    Map<PodContainer, Tally> found = new HashMap<>();
    Set<PodContainer> strangers = new LinkedHashSet<>();
    for (Entry entry : files.entries()) {
      PodContainer of = entry.of();
      Tally tally = null;
      if (of != null && !strangers.contains(of)) {
        tally = found.get(of);
        if (tally == null) {
          tally = tally(of);
          if (tally == null) {
            strangers.add(of);
          } else {
            found.put(of, tally);
          }
        }
      }
      if (tally != null && of != null) {
        tally.pods.add(of.pod());
        count(tally, entry);
      } else if (entry.denial().kind() != Kind.LOG) {
        elsewhere = RefusalAccount.sum(elsewhere, entry.denial().count());
        places.add(entry.denial().where());
      }
    }
    return new RefusalAccount(
        true,
        tallies.values().stream()
            .map(this::container)
            .sorted(
                Comparator.comparingLong(OfContainer::refused)
                    .thenComparingLong(OfContainer::logged)
                    .reversed()
                    .thenComparing(each -> each.workload().namespace())
                    .thenComparing(each -> each.workload().label())
                    .thenComparing(each -> each.container().name()))
            .toList(),
        new Elsewhere(elsewhere, List.copyOf(places)),
        files.missing());
  }

  /// That of a container; null where no workload of the report has it, or more than one may.
  private @Nullable Tally tally(PodContainer of) {
    Set<Candidate> candidates = pods.get(new PodKey(of.namespace(), of.pod()));
    List<Candidate> may = new ArrayList<>();
    if (candidates != null) {
      may.addAll(candidates);
    } else {
      for (Candidate each : templates.getOrDefault(of.namespace(), Set.of())) {
        Pod.Identity identity = each.pod().pod().judgement().pod().identity();
        if (GeneratedNames.mayBe(of.pod(), identity.kind(), identity.name())) {
          may.add(each);
        }
      }
    }
    List<Match> matches = new ArrayList<>();
    for (Candidate candidate : may) {
      List<PodSurvey.OfContainer> containers = candidate.pod().containers();
      for (int i = 0; i < containers.size(); i++) {
        if (!of.name().isEmpty() && containers.get(i).container().name().equals(of.name())) {
          matches.add(
              new Match(
                  new Place(candidate.number(), i),
                  candidate.workload(),
                  candidate.workload().containers().get(i),
                  containers.get(i)));
        }
      }
    }
    if (matches.stream().map(Match::place).distinct().count() != 1) {
      return null;
    }
    Match match = matches.getFirst();
    Tally tally =
        tallies.computeIfAbsent(match.place(), _ -> new Tally(match.workload(), match.of()));
    matches.forEach(each -> tally.fates.add(each.fate()));
    return tally;
  }

  private static void count(Tally tally, Entry entry) {
    DenialRecord denial = entry.denial();
    Counted counted = new Counted(denial.count(), span(entry), entry.file());
    tally.calls.merge(
        new CallKey(denial.architecture(), denial.call(), denial.kind(), denial.errno()),
        counted,
        (before, now) ->
            new Counted(
                RefusalAccount.sum(before.count(), now.count()),
                before.span() == null || now.span() == null ? null : before.span().and(now.span()),
                before.file()));
  }

  private static @Nullable Span span(Entry entry) {
    Instant first = entry.first();
    Instant last = entry.last();
    return first == null || last == null ? null : new Span(moment(first), moment(last));
  }

  private static Moment moment(Instant instant) {
    return new Moment(instant.toEpochMilli(), instant.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private OfContainer container(Tally tally) {
    List<Call> calls = new ArrayList<>();
    tally.calls.forEach((key, counted) ->
        calls.add(
            new Call(
                key.name(),
                key.architecture().name().toLowerCase(Locale.ROOT),
                key.architecture() != machine,
                answer(key),
                key.kind() == Kind.LOG,
                counted.count(),
                counted.span())));
    calls.sort(Comparator.comparingLong(Call::count).reversed().thenComparing(Call::name));
    Remedy remedy = remedy(tally, calls);
    return new OfContainer(
        tally.workload,
        tally.container,
        tally.pods.size(),
        calls,
        remedy.command(),
        String.join(" ", remedy.remarks()));
  }

  private static String answer(CallKey key) {
    return key.kind() == Kind.ERRNO && key.errno() < 0
        ? "an errno"
        : new Verdict(key.kind(), Math.max(0, key.errno())).toString();
  }

  /// @param command empty where there is none
  private record Remedy(String command, List<String> remarks) {}

  private static Remedy remedy(Tally tally, List<Call> calls) {
    List<String> names =
        calls.stream()
            .filter(each -> !each.logged() && !Character.isDigit(each.name().charAt(0)))
            .map(Call::name)
            .distinct()
            .toList();
    List<String> remarks = new ArrayList<>();
    if (names.isEmpty()) {
      remarks.add(
          calls.stream().allMatch(Call::logged)
              ? "All of it was made: the profile only logs it."
              : "The calls have no names, and no profile can allow them.");
      return new Remedy("", remarks);
    }
    Set<FilterOrigin> origins = new LinkedHashSet<>();
    Set<String> unknown = new LinkedHashSet<>();
    for (PodSurvey.OfContainer each : tally.fates) {
      origin(each.today(), origins, unknown);
      origin(each.withPortcullis(), origins, unknown);
    }
    if (origins.isEmpty()) {
      remarks.add(
          unknown.isEmpty()
              ? "By this report no profile refuses it: another one did."
              : "The profile is not known here: " + String.join("; ", unknown) + ".");
    }
    FilterOrigin origin = origins.size() == 1 ? origins.iterator().next() : null;
    if (origins.size() > 1) {
      remarks.add(
          "It may be any of the profiles "
              + String.join(", ", origins.stream().map(FilterOrigin::operand).distinct().toList())
              + ".");
    } else if (origin != null && !origin.source().isEmpty()) {
      remarks.add("The content of " + origin.operand() + " is in " + origin.source() + ".");
    }
    List<String> allowed = names.subList(0, Math.min(MOST_ALLOWED, names.size()));
    if (allowed.size() < names.size()) {
      remarks.add("The command has " + MOST_ALLOWED + " of " + names.size() + " calls.");
    }
    String command = command(tally, origin, allowed);
    if (command.length() > LONGEST_COMMAND) {
      remarks.add("The names of the files are too long for a command.");
      command = "";
    }
    return new Remedy(command, remarks);
  }

  private static void origin(ContainerFate fate, Set<FilterOrigin> origins, Set<String> unknown) {
    if (fate instanceof ContainerFate.Runs(ExposureSubject subject, _)
        && !subject.profile().equals(ProfileName.UNCONFINED.text())) {
      switch (subject.filter()) {
        case SubjectFilter.Known known when known.origin() != null -> origins.add(known.origin());
        case SubjectFilter.Known _ -> {}
        case SubjectFilter.Unknown(String why) -> unknown.add(why);
      }
    }
  }

  private static String command(Tally tally, @Nullable FilterOrigin origin, List<String> allowed) {
    StringBuilder command =
        new StringBuilder("portcullis profile heal ")
            .append(origin == null ? "PROFILE" : ExposureText.quoted(origin.operand()));
    if (origin != null && !origin.capabilities().isEmpty()) {
      command
          .append(" --capabilities ")
          .append(String.join(",", origin.capabilities().stream().sorted().toList()));
    }
    Set<String> files = new LinkedHashSet<>();
    tally.calls.forEach((key, counted) -> {
      if (allowed.contains(key.name()) && key.kind() != Kind.LOG) {
        files.add(counted.file().equals("-") ? "FILE" : counted.file());
      }
    });
    files.forEach(each -> command.append(" --denials ").append(ExposureText.quoted(each)));
    allowed.forEach(each -> command.append(" --allow ").append(each));
    return command.append(" --output-file .").toString();
  }
}
