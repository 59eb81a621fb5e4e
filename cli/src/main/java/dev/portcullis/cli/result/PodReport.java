package dev.portcullis.cli.result;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Table;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.ContainerDecision.WithProfile;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Warning;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.io.PrintStream;
import java.util.List;

/// The judgements of pods, for people.
public final class PodReport {
  private PodReport() {}

  /// The table: a row for every container.
  public static void table(List<JudgedPod> pods, PrintStream out, Colour colour) {
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
    table.print(out, colour);
  }

  /// The reasons of every refusal, each with its place.
  public static void refusals(List<JudgedPod> pods, PrintStream out, Colour colour) {
    for (JudgedPod pod : pods) {
      for (FieldError reason : pod.judgement().reasons()) {
        line(
            out,
            colour,
            Paint.BAD,
            "refused:",
            pod.place(reason.at())
                + ": "
                + label(pod.judgement())
                + ": "
                + reason.field()
                + ": "
                + reason.message());
      }
    }
  }

  /// The warnings of every pod.
  public static void warnings(List<JudgedPod> pods, PrintStream out, Colour colour) {
    for (JudgedPod pod : pods) {
      for (Warning warning : pod.judgement().warnings()) {
        line(out, colour, Paint.WARNING, "warning:", text(pod, warning));
      }
    }
  }

  /// A warning with its place.
  public static String text(JudgedPod pod, Warning warning) {
    return pod.place(warning.at()) + ": " + label(pod.judgement()) + ": " + warning.text();
  }

  private static void line(PrintStream out, Colour colour, Paint paint, String word, String text) {
    out.println(colour.paint(paint, word) + " " + Escape.line(text));
  }

  /// A pod's name with its namespace, and its kind where it is no Pod.
  public static String label(Judgement judgement) {
    String name = judgement.namespace() + "/" + judgement.pod().identity().name();
    return judgement.pod().isTemplate() ? judgement.pod().identity().kind() + " " + name : name;
  }

  /// A container's name, and its kind where it is no regular one.
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
            ? new Table.Cell("allowed" + by, Paint.GOOD)
            // This container alone would be; another one, or the pod as a whole, is not.
            : new Table.Cell("allowed" + by + ", pod refused", Paint.WARNING);
      }
      case InvalidPod _, Refused _, Undecided _, Unusable _ -> new Table.Cell("refused", Paint.BAD);
    };
  }
}
