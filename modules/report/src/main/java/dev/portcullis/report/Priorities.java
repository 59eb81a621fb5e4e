package dev.portcullis.report;

import dev.portcullis.report.Confinement.State;
import dev.portcullis.report.Priority.Urgency;
import dev.portcullis.report.ProfilePicture.DefaultRelation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// What to do first, by what a report says.
public final class Priorities {
  private static final Set<String> UNNAMED = Set.of(Confinement.NO_PROFILE, Confinement.EMPTY_PATH);
  private static final Set<String> FOR_ALL =
      Set.of("Group system:authenticated", "Group system:serviceaccounts");

  private static final int MOST_OF_REFUSED_CALLS = 3;

  private final SeccompReport report;
  private final List<Priority> found = new ArrayList<>();

  private Priorities(SeccompReport report) {
    this.report = report;
  }

  /// The most urgent first; of the same urgency, as they are looked for.
  public static List<Priority> of(SeccompReport report) {
    Priorities all = new Priorities(report);
    all.containers();
    all.exposure();
    all.refusals();
    all.refusedCalls();
    all.profiles();
    all.access();
    return all.found.stream().sorted(Comparator.comparing(Priority::urgency)).toList();
  }

  private void add(String id, Urgency urgency, String title, String advice, String command) {
    found.add(new Priority(id, urgency, title, advice, command));
  }

  /// Containers that have something in common.
  ///
  /// @param one what is so of one of them
  /// @param many the same of more; `%s` is how many
  /// @param command `%s` is the files
  private record Lack(
      String id,
      Urgency urgency,
      Predicate<Confinement> which,
      String one,
      String many,
      String advice,
      String command) {

    int count(List<Workload> workloads) {
      int count = 0;
      for (Workload workload : workloads) {
        for (WorkloadContainer container : workload.containers()) {
          count += which.test(container.today()) ? workload.pods() : 0;
        }
      }
      return count;
    }
  }

  /// Each container without a filter is in one of them.
  private static List<Lack> lacks(String kubernetes) {
    return List.of(
        new Lack(
            Confinement.ANNOTATION_IGNORED,
            Urgency.FIRST,
            each -> each.reason().equals(Confinement.ANNOTATION_IGNORED),
            "1 container names a profile in an annotation that " + kubernetes + " ignores",
            "%s containers name a profile in an annotation that " + kubernetes + " ignores",
            "Write the profile into securityContext.seccompProfile, which all versions from 1.19"
                + " obey; portcullis fix does it in the text of manifests.",
            "portcullis fix %s"),
        new Lack(
            Confinement.NO_PROFILE,
            Urgency.FIRST,
            each -> each.state() == State.UNCONFINED && UNNAMED.contains(each.reason()),
            "1 container names no profile, and has no filter",
            "%s containers name no profile, and have no filter",
            "Portcullis gives such containers the runtime's default. Without it: set"
                + " securityContext.seccompProfile, or seccompDefault of the kubelets.",
            "portcullis fix --default runtime/default %s"),
        new Lack(
            Confinement.PRIVILEGED,
            Urgency.NEXT,
            each -> each.reason().equals(Confinement.PRIVILEGED),
            "1 container is privileged",
            "%s containers are privileged",
            "A runtime gives no filter to a privileged container, whatever profile it names. Name"
                + " the capabilities that it needs in place of privileged.",
            ""),
        new Lack(
            "unconfined",
            Urgency.NEXT,
            each ->
                each.state() == State.UNCONFINED && !Confinement.REASONS.contains(each.reason()),
            "1 container asks for no filter, or for a profile that denies nothing",
            "%s containers ask for no filter, or for a profile that denies nothing",
            "Try them with runtime/default; where that is too narrow, record a profile of what they"
                + " do.",
            "portcullis profile record POD.yaml --output-file profile.json"),
        new Lack(
            "unknown",
            Urgency.LOOK,
            each -> each.state() == State.UNKNOWN,
            "The filter of 1 container is not known",
            "The filters of %s containers are not known",
            "Usually, the profile's file was not found. --seccomp-profile-root DIR names a copy"
                + " of the profiles of a node.",
            ""));
  }

  private void containers() {
    String files = report.basis().commands().files();
    for (Lack lack : lacks(report.basis().kubernetes())) {
      int count = lack.count(report.workloads());
      if (count > 0) {
        add(
            lack.id(),
            lack.urgency(),
            count == 1 ? lack.one() : lack.many().replace("%s", Words.number(count)),
            lack.advice(),
            lack.command().replace("%s", files.isEmpty() ? "FILE" : files));
      }
    }
  }

  /// The newest that some container reaches: of older ones more kernels are free.
  private void exposure() {
    List<Exposure> reached =
        report.exposure().stream().filter(each -> each.today().reachable() > 0).toList();
    if (reached.isEmpty()) {
      return;
    }
    Exposure newest = reached.getFirst();
    int today = newest.today().reachable();
    int with = newest.withPortcullis().reachable();
    add(
        "exposure",
        Urgency.NEXT,
        Words.count(today, "container")
            + Words.verb(today, " reaches ", " reach ")
            + newest.id()
            + ", "
            + newest.title(),
        (reached.size() > 1
                ? "It is the newest of "
                    + reached.size()
                    + " vulnerabilities that some container reaches. "
                : "")
            + "With Portcullis "
            + Words.count(with, "container")
            + Words.verb(with, " reaches", " reach")
            + " it. A kernel update fixes it; until then a profile can close it.",
        "portcullis exposure " + newest.id() + " " + report.basis().commands().exposed());
  }

  private void refusals() {
    List<Workload> refused = report.workloads().stream().filter(Workload::refused).toList();
    if (!refused.isEmpty()) {
      int count = refused.stream().mapToInt(each -> each.names().size()).sum();
      add(
          "refused",
          Urgency.NEXT,
          Words.count(count, "workload") + " would be refused with Portcullis",
          "Grant the profiles that they name, or change them, before you set the webhook to"
              + " enforce; in mode warn it only warns.",
          "portcullis check " + report.basis().commands().judged());
    }
  }

  /// The containers to which most was refused. What was only logged was made.
  private void refusedCalls() {
    List<RefusalAccount.OfContainer> all =
        report.refused().containers().stream().filter(each -> each.refused() > 0).toList();
    for (RefusalAccount.OfContainer each :
        all.subList(0, Math.min(MOST_OF_REFUSED_CALLS, all.size()))) {
      List<String> names =
          each.calls().stream()
              .filter(call -> !call.logged())
              .map(RefusalAccount.Call::label)
              .distinct()
              .toList();
      add(
          "refused-calls",
          Urgency.NEXT,
          Words.count(each.refused(), "call")
              + Words.verb(each.refused(), " was refused to ", " were refused to ")
              + Words.shortened(each.container().name())
              + " of "
              + Words.shortened(each.workload().label())
              + " in "
              + Words.shortened(each.workload().namespace()),
          "See which of them the program needs: "
              + Words.list(names, 5)
              + ". A refusal is often what a profile is for."
              + (each.remark().isEmpty() ? "" : " " + each.remark()),
          each.command());
    }
  }

  private void profiles() {
    List<String> wider =
        report.profiles().stream()
            .filter(each ->
                each.relation() == DefaultRelation.WEAKER
                    || each.relation() == DefaultRelation.INCOMPARABLE)
            .filter(each -> !each.more().isEmpty())
            .map(ProfilePicture::name)
            .distinct()
            .toList();
    if (!wider.isEmpty()) {
      add(
          "wider-profiles",
          Urgency.LOOK,
          Words.count(wider.size(), "profile")
              + Words.verb(wider.size(), " lets", " let")
              + " calls pass that the runtime's default denies",
          "See below which calls these are, and whether the programs need them: "
              + Words.list(wider, 3)
              + ".",
          "");
    }
  }

  private void access() {
    int column = report.access().profiles().indexOf("unconfined");
    if (column < 0) {
      return;
    }
    for (Access.Row row : report.access().rows()) {
      if (FOR_ALL.contains(row.subject()) && row.cells().get(column).byName().everywhere()) {
        add(
            "unconfined-for-all",
            Urgency.FIRST,
            row.subject() + " may run pods without a filter in every namespace",
            "With such a grant, policies protect nobody. Grant unconfined to those who need it.",
            "portcullis policy who-can use unconfined " + report.basis().commands().policies());
      }
    }
  }
}
