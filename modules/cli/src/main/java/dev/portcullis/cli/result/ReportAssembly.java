package dev.portcullis.cli.result;

import dev.portcullis.cli.input.ContainerFate;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ExposureAnswers;
import dev.portcullis.cli.input.ExposureAnswers.Answered;
import dev.portcullis.cli.input.ExposureSubject;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.input.PodSurvey;
import dev.portcullis.cli.input.PolicySource;
import dev.portcullis.cli.input.RefusedCallFiles;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.resolve.StockKubernetes.Reason;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.profiles.exposure.CallNumbers;
import dev.portcullis.profiles.exposure.Reach;
import dev.portcullis.profiles.exposure.Vulnerability;
import dev.portcullis.report.Access;
import dev.portcullis.report.Confinement;
import dev.portcullis.report.Confinement.State;
import dev.portcullis.report.Exposure;
import dev.portcullis.report.Exposure.Tally;
import dev.portcullis.report.ProfilePicture;
import dev.portcullis.report.RefusalAccount;
import dev.portcullis.report.SeccompReport;
import dev.portcullis.report.Workload;
import dev.portcullis.report.WorkloadContainer;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes a report of pods that were looked at.
public final class ReportAssembly {
  private final ProfilePictures pictures;
  private final IdentityHashMap<ExposureSubject, Answered> answers = new IdentityHashMap<>();
  private final Map<Vulnerability, Counts> counts = new LinkedHashMap<>();
  private final Map<Group, Members> groups = new LinkedHashMap<>();

  private ReportAssembly(
      PodSurvey survey, List<Vulnerability> asked, CallNumbers numbers, ProfilePictures pictures) {
    this.pictures = pictures;
    List<ExposureSubject> subjects = new ArrayList<>();
    for (PodSurvey.OfPod pod : survey.pods()) {
      for (PodSurvey.OfContainer each : pod.containers()) {
        add(each.today(), subjects);
        add(each.withPortcullis(), subjects);
      }
    }
    ExposureAnswers.reached(subjects, asked, numbers)
        .forEach(each -> answers.put(each.subject(), each));
    asked.forEach(each -> counts.put(each, new Counts()));
  }

  private static void add(ContainerFate fate, List<ExposureSubject> subjects) {
    if (fate instanceof ContainerFate.Runs(ExposureSubject subject, _)) {
      subjects.add(subject);
    }
  }

  /// Makes it.
  ///
  /// @param basis what it rests on
  /// @param policies null where none were given
  /// @param asked the vulnerabilities, the newest first
  /// @param machine whose calls are shown
  /// @param refused what nodes report of refused calls; null where none were asked
  /// @param notes what a reader has to know
  public static SeccompReport of(
      PodSurvey survey,
      SeccompReport.Basis basis,
      @Nullable PolicySource policies,
      List<Vulnerability> asked,
      Architecture machine,
      SyscallTable table,
      @Nullable RefusedCallFiles refused,
      List<String> notes) {
    ReportAssembly made =
        new ReportAssembly(
            survey,
            asked,
            new CallNumbers(machine, table),
            new ProfilePictures(survey.runtimeDefault(), machine, table));
    survey.pods().forEach(made::pod);
    List<Workload> workloads = new ArrayList<>();
    RefusedCallAssembly calls = new RefusedCallAssembly(machine);
    made.groups.forEach((group, members) -> {
      Workload workload = workload(group, members);
      workloads.add(workload);
      calls.add(members.pods(), workload);
    });
    List<ProfilePicture> profiles = made.pictures.all();
    List<Exposure> exposure = new ArrayList<>();
    made.counts.forEach((vulnerability, count) -> exposure.add(exposure(vulnerability, count)));
    return new SeccompReport(
        basis,
        workloads,
        profiles,
        policies == null
            ? Access.UNKNOWN
            : AccessMatrix.of(policies.set().policies(), policies.set().rbac(), used(profiles)),
        exposure,
        refused == null ? RefusalAccount.UNKNOWN : calls.of(refused),
        Stream.concat(notes.stream(), ProfilePictures.notes(profiles).stream()).toList(),
        Stream.concat(
                survey.complaints().stream(),
                refused == null ? Stream.empty() : refused.complaints().stream())
            .map(Diagnostic::text)
            .toList());
  }

  /// One of nothing, for lack of what it needs.
  public static SeccompReport failed(SeccompReport.Basis basis, List<Diagnostic> errors) {
    return new SeccompReport(
        basis,
        List.of(),
        List.of(),
        Access.UNKNOWN,
        List.of(),
        List.of(),
        errors.stream().map(Diagnostic::text).toList());
  }

  /// Pods that are alike in all that a report shows.
  ///
  /// @param place of a template; empty of pods
  private record Group(
      String namespace,
      PodOwner owner,
      String place,
      List<String> refusals,
      List<WorkloadContainer> containers) {}

  private record Members(List<PodSurvey.OfPod> pods, String place) {
    List<String> names() {
      return pods.stream().map(each -> each.pod().judgement().pod().identity().name()).toList();
    }
  }

  /// What a vulnerability is for all containers.
  private static final class Counts {
    Tally today = Tally.NONE;
    Tally withPortcullis = Tally.NONE;

    /// Of a container without a filter every call does.
    @Nullable Reach unfiltered;

    @Nullable Reach filtered;
  }

  private void pod(PodSurvey.OfPod surveyed) {
    JudgedPod judged = surveyed.pod();
    Pod pod = judged.judgement().pod();
    List<WorkloadContainer> containers = new ArrayList<>();
    for (PodSurvey.OfContainer each : surveyed.containers()) {
      containers.add(container(pod, each));
    }
    PodOwner owner = PodOwner.of(pod);
    String place = judged.inCluster() ? "" : judged.place(pod.object().at());
    Group group =
        new Group(
            judged.judgement().namespace(),
            owner,
            pod.isTemplate() ? place : "",
            judged.judgement().reasons().stream()
                .map(each -> each.field() + ": " + each.message())
                .toList(),
            containers);
    groups.computeIfAbsent(group, _ -> new Members(new ArrayList<>(), place)).pods().add(surveyed);
  }

  private static Workload workload(Group group, Members members) {
    List<String> names = group.owner().isPod() ? members.names() : List.of(group.owner().name());
    return new Workload(
        group.namespace(),
        group.owner().apiVersion(),
        group.owner().kind(),
        names,
        members.names().size(),
        members.place(),
        group.refusals(),
        group.containers());
  }

  private WorkloadContainer container(Pod pod, PodSurvey.OfContainer container) {
    Confinement today = confinement(pod, container, container.today());
    Confinement with = confinement(pod, container, container.withPortcullis());
    List<String> reached = new ArrayList<>();
    List<String> undecided = new ArrayList<>();
    if (container.today() instanceof ContainerFate.Runs(ExposureSubject subject, _)) {
      pictures.count(subject, true);
      count(subject, today, reached, undecided);
    }
    if (container.withPortcullis() instanceof ContainerFate.Runs(ExposureSubject subject, _)) {
      pictures.count(subject, false);
      count(subject, with);
    }
    return new WorkloadContainer(
        PodReport.label(container.container()), today, with, reached, undecided);
  }

  private Confinement confinement(Pod pod, PodSurvey.OfContainer container, ContainerFate fate) {
    return switch (fate) {
      case ContainerFate.OnWindows() ->
          new Confinement(
              State.UNCONFINED,
              ProfileName.UNCONFINED.text(),
              Reason.WINDOWS.text(),
              "there is no seccomp on Windows");
      case ContainerFate.NotRun(ContainerFate.Hindrance hindrance, String why) ->
          new Confinement(
              State.NOT_RUN, "", hindrance.id(), why.isEmpty() ? hindrance.words() : why);
      case ContainerFate.Runs _
          when !pod.runtimeAnnotations().isEmpty() && !container.container().privileged() ->
          new Confinement(
              State.UNKNOWN,
              "",
              Reason.RUNTIME_ANNOTATION.text(),
              Reason.RUNTIME_ANNOTATION.words());
      case ContainerFate.Runs(ExposureSubject subject, String words) -> confinement(subject, words);
    };
  }

  private Confinement confinement(ExposureSubject subject, String words) {
    String profile = subject.profile();
    if (profile.equals(ProfileName.UNCONFINED.text())) {
      return new Confinement(State.UNCONFINED, profile, subject.reason(), words);
    }
    return switch (pictures.force(subject.filter())) {
      case ProfilePictures.Force.Undecided(String why) ->
          new Confinement(State.UNKNOWN, profile, subject.reason(), why);
      case ProfilePictures.Force.AllowsAll() ->
          new Confinement(
              State.UNCONFINED,
              profile,
              "denies-nothing",
              "the profile denies no call of this architecture");
      case ProfilePictures.Force.DeniesSome() ->
          new Confinement(
              profile.equals(ProfileName.RUNTIME_DEFAULT.text()) ? State.DEFAULT : State.OWN,
              profile,
              subject.reason(),
              words);
    };
  }

  /// What a container reaches today.
  ///
  /// @param reached gets the ids of what it reaches
  /// @param undecided and of those that cannot be decided
  private void count(
      ExposureSubject subject,
      Confinement confinement,
      List<String> reached,
      List<String> undecided) {
    counts.forEach((vulnerability, count) -> {
      Reach reach = reach(subject, vulnerability);
      Reach.Outcome outcome = outcome(reach, confinement);
      count.today = count.today.plus(tally(outcome));
      switch (outcome) {
        case REACHABLE -> {
          if (confinement.state() == State.UNCONFINED) {
            count.unfiltered = count.unfiltered == null ? reach : count.unfiltered;
          } else {
            count.filtered = count.filtered == null ? reach : count.filtered;
          }
          reached.add(vulnerability.id());
        }
        case CLOSED_IN_PART -> reached.add(vulnerability.id());
        case UNDECIDED -> undecided.add(vulnerability.id());
        case CLOSED -> {}
      }
    });
  }

  /// The same with Portcullis.
  private void count(ExposureSubject subject, Confinement confinement) {
    counts.forEach((vulnerability, count) ->
        count.withPortcullis =
            count.withPortcullis.plus(tally(outcome(reach(subject, vulnerability), confinement))));
  }

  private Reach reach(ExposureSubject subject, Vulnerability vulnerability) {
    Answered answered = answers.get(subject);
    if (answered == null) {
      throw new IllegalStateException(subject.name() + " was not asked about");
    }
    return answered.of(vulnerability);
  }

  private static Reach.Outcome outcome(Reach reach, Confinement confinement) {
    return confinement.state() == State.UNKNOWN ? Reach.Outcome.UNDECIDED : reach.outcome();
  }

  private static Tally tally(Reach.Outcome outcome) {
    return switch (outcome) {
      case REACHABLE -> new Tally(1, 0, 0, 0);
      case CLOSED_IN_PART -> new Tally(0, 1, 0, 0);
      case UNDECIDED -> new Tally(0, 0, 1, 0);
      case CLOSED -> new Tally(0, 0, 0, 1);
    };
  }

  private static Exposure exposure(Vulnerability vulnerability, Counts count) {
    Reach shown = count.filtered == null ? count.unfiltered : count.filtered;
    return new Exposure(
        vulnerability.id(),
        vulnerability.title(),
        vulnerability.date(),
        vulnerability.summary(),
        shown == null ? "" : String.join("; then ", ExposureText.steps(shown)),
        count.today,
        count.withPortcullis);
  }

  /// The profiles that containers run under, today or with Portcullis.
  private static List<ProfileName> used(List<ProfilePicture> profiles) {
    return profiles.stream()
        .map(each -> ProfileText.read(each.name()))
        .filter(ProfileText.Named.class::isInstance)
        .map(each -> ((ProfileText.Named) each).name())
        .distinct()
        .toList();
  }
}
