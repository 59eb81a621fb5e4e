package dev.portcullis.cli.result;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.ContainerDecision.WithProfile;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.ReasonKind;
import dev.portcullis.pods.decide.Refusal;
import dev.portcullis.pods.decide.Warning;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The judgements of pods, for people.
public final class PodReport {
  private PodReport() {}

  /// The table: a row for every container.
  public static void table(List<JudgedPod> pods, Terminal terminal) {
    Table table = new Table("POD", "CONTAINER", "PROFILE", "ORIGIN", "DECISION");
    for (JudgedPod pod : pods) {
      Judgement judgement = pod.judgement();
      if (judgement.containers().isEmpty()) {
        table.row(
            Table.Cell.of(label(judgement)),
            Table.Cell.of("-"),
            Table.Cell.of("-"),
            Table.Cell.of("-"),
            decision(judgement));
      }
      for (ContainerDecision container : judgement.containers()) {
        table.row(
            Table.Cell.of(label(judgement)),
            Table.Cell.of(label(container.container())),
            Table.Cell.of(profile(container)),
            Table.Cell.of(container.origin().text()),
            decision(judgement, container));
      }
    }
    table.print(terminal);
  }

  /// The reasons of every refusal, each with its place.
  ///
  /// @param apart whether equal ones are printed each by itself
  public static void refusals(List<JudgedPod> pods, Terminal terminal, boolean apart) {
    EqualFindings refusals = new EqualFindings();
    for (JudgedPod pod : pods) {
      Judgement judgement = pod.judgement();
      if (judgement.admitted()) {
        continue;
      }
      Map<FieldError, ReasonKind> kinds = ReasonKind.of(judgement);
      Map<FieldError, Refusal> refused = new HashMap<>();
      for (ContainerDecision decision : judgement.containers()) {
        if (decision instanceof Refused(_, FieldError reason, Refusal why)) {
          refused.put(reason, why);
        }
      }
      for (FieldError reason : judgement.reasons()) {
        refusals.add(
            text(reason, refused.get(reason), Objects.requireNonNull(kinds.get(reason)).id()),
            new EqualFindings.Place(
                pod.place(reason.at()), label(judgement), part(reason, refused.get(reason))));
      }
    }
    refusals.print(Paragraph.on(terminal), Paint.BAD, "refused:", apart);
  }

  private static EqualFindings.Text text(FieldError reason, @Nullable Refusal why, String id) {
    if (why == null) {
      return new EqualFindings.Text("", reason.message(), id, List.of());
    }
    List<EqualFindings.Detail> details = new ArrayList<>();
    details.add(new EqualFindings.Detail("field", reason.field()));
    details.add(new EqualFindings.Detail("policies", why.usable()));
    why.unproven().forEach(each -> details.add(new EqualFindings.Detail("proof", each)));
    details.add(new EqualFindings.Detail("others", why.others()));
    details.add(new EqualFindings.Detail("instead", why.otherwise()));
    details.removeIf(detail -> detail.text().isEmpty());
    return new EqualFindings.Text("a container ", why.what(), id, details);
  }

  private static String part(FieldError reason, @Nullable Refusal why) {
    return why == null ? reason.field() + ": " : why.subject() + " ";
  }

  /// The warnings of every pod.
  ///
  /// @param apart whether equal ones are printed each by itself
  public static void warnings(List<JudgedPod> pods, Terminal terminal, boolean apart) {
    EqualFindings warnings = new EqualFindings();
    for (JudgedPod pod : pods) {
      for (Warning warning : pod.judgement().warnings()) {
        warnings.add(
            new EqualFindings.Text("", warning.text(), warning.kind().id(), List.of()),
            new EqualFindings.Place(pod.place(warning.at()), label(pod.judgement()), ""));
      }
    }
    warnings.print(Paragraph.on(terminal), Paint.WARNING, "warning:", apart);
  }

  /// A warning with its place.
  public static String text(JudgedPod pod, Warning warning) {
    return pod.place(warning.at()) + ": " + label(pod.judgement()) + ": " + warning.text();
  }

  /// A pod's name with its namespace, and its kind where it is not a Pod.
  public static String label(Judgement judgement) {
    String name = judgement.namespace() + "/" + judgement.pod().identity().name();
    return judgement.pod().isTemplate() ? judgement.pod().identity().kind() + " " + name : name;
  }

  /// A container's name, and its kind where it is not a regular one.
  public static String label(Container container) {
    // A controller may give names to containers that have none.
    String name = container.name().isEmpty() ? container.path() : container.name();
    return container.kind() == Container.Kind.REGULAR
        ? name
        : name + " (" + container.kind().text() + ")";
  }

  /// The name of a container's profile, and why it has no effect.
  static String profile(Pod pod, ContainerDecision container) {
    String name = profile(container);
    if (pod.spec().windows()) {
      return name + " (windows: unconfined)";
    }
    return pod.runtimeAnnotations().isEmpty() || container.container().privileged()
        ? name
        : name + " (annotation: unconfined)";
  }

  /// The name of a container's profile, and what comes of it.
  public static String profile(ContainerDecision container) {
    String name =
        switch (container) {
          case WithProfile named -> named.profile().text();
          case Unusable _ -> "-";
        };
    return container.container().privileged() ? name + " (privileged: unconfined)" : name;
  }

  /// What becomes of a pod as a whole.
  static Table.Cell decision(Judgement judgement) {
    return judgement.admitted()
        ? new Table.Cell("admitted", Paint.GOOD)
        : new Table.Cell("refused", Paint.BAD);
  }

  /// What becomes of a container.
  static Table.Cell decision(Judgement judgement, ContainerDecision container) {
    return switch (container) {
      case Admitted admitted -> {
        String by = admitted.ground().policyName().map(policy -> " by " + policy).orElse("");
        yield judgement.admitted()
            ? new Table.Cell("allowed" + by, admitted.runsUnconfined() ? Paint.WARNING : Paint.GOOD)
            // This container alone would be; another one, or the pod as a whole, is not.
            : new Table.Cell("allowed" + by + ", pod refused", Paint.WARNING);
      }
      case InvalidPod _, Refused _, Undecided _, Unusable _ -> new Table.Cell("refused", Paint.BAD);
    };
  }
}
