package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.RuntimeAnnotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Says why a profile is refused: who asked, what they may use, and who may use it. {@link
/// Remedies} says what would help.
///
/// @param askers null if every policy counts for all users
/// @param usable the policies that count
/// @param all the policies that there are
/// @param withoutPolicies the profiles that all users may use without any policy
/// @param notAsked the number of policies whose grants were not checked
record RefusalText(
    String namespace,
    @Nullable Requesters askers,
    List<Policy> usable,
    Policies all,
    NoPolicyDefault withoutPolicies,
    int notAsked) {

  /// How many policies a message lists before it only counts them.
  private static final int LISTED = 10;

  /// How many failed proofs it shows.
  private static final int SHOWN_PROOFS = 3;

  /// @param unproven why no proof allowed it
  /// @param unfiltered why it runs under no profile at all; null where it runs under this one
  Refusal explain(
      Pod pod,
      ContainerProfile asked,
      List<String> unproven,
      @Nullable UnfilteredReason unfiltered) {
    String named = shown(asked.profile()) + " (" + from(asked, pod) + ")";
    String name = "container " + GoQuote.quote(asked.container().name());
    return unfiltered == null
        ? new Refusal(
            name,
            "may not run under " + named,
            whoMayUseWhat(),
            proofs(unproven),
            whoAllows(asked.profile(), "it"),
            "")
        : new Refusal(
            name,
            unfiltered.words() + ", which is not allowed",
            whoMayUseWhat(),
            List.of(),
            whoAllows(ProfileName.UNCONFINED, ProfileName.UNCONFINED.text()),
            unfiltered.otherwise());
  }

  /// Why an annotation is refused by which no profile counts.
  String explain(Annotation annotation) {
    return effect(annotation)
        + ", so the pod needs the right to run "
        + ProfileName.UNCONFINED.text()
        + ": "
        + whoMayUseWhat()
        + then(whoAllows(ProfileName.UNCONFINED, ProfileName.UNCONFINED.text()))
        + then("remove the annotation");
  }

  /// What an annotation does that a runtime may obey.
  static String effect(Annotation annotation) {
    return "with it "
        + known(annotation).effect()
        + ", regardless of the profile that the pod names";
  }

  static RuntimeAnnotation known(Annotation annotation) {
    return Objects.requireNonNull(RuntimeAnnotation.of(annotation.key()), annotation.key());
  }

  /// Why an annotation is refused by which a container could keep rights that it should lose.
  static String deceiving(Annotation annotation, Container container) {
    return effect(annotation)
        + ", and container "
        + GoQuote.quote(container.name())
        + " could keep rights that it should lose: "
        + Provable.lacking(container)
        + " ("
        + Provable.BECAUSE
        + "), or remove the annotation";
  }

  /// Why an annotation is refused that brings a profile of its author's own.
  static String foreignProfile(Annotation annotation, Container container) {
    return effect(annotation)
        + ", and the OCI runtime may use the filter of that profile for other containers: remove the"
        + " annotation, and name a profile for container "
        + GoQuote.quote(container.name());
  }

  /// Why an annotation is refused where grants could not be learnt.
  static String undecided(Annotation annotation, String failure) {
    return "cannot decide whether the pod may have this annotation: "
        + effect(annotation)
        + ": "
        + failure
        + "; try again";
  }

  private static List<String> proofs(List<String> unproven) {
    int shown = Math.min(SHOWN_PROOFS, unproven.size());
    List<String> proofs = new ArrayList<>(unproven.subList(0, shown));
    if (shown < unproven.size()) {
      proofs.add("and so for " + (unproven.size() - shown) + " more");
    }
    return proofs;
  }

  /// Why a profile is refused where its grants could not be learnt.
  static String undecided(Container container, ProfileName profile, String failure) {
    return "cannot decide whether container "
        + GoQuote.quote(container.name())
        + " may run under "
        + shown(profile)
        + ": "
        + failure
        + "; try again";
  }

  static String shown(ProfileName profile) {
    String text = profile.text();
    String quoted = GoQuote.quote(text);
    return quoted.length() == text.length() + 2 ? text : quoted;
  }

  /// Servers before 1.27 make a field of an annotation, so its author may never have written the
  /// field: where both stand there, both are named.
  private static String from(ContainerProfile asked, Pod pod) {
    return switch (asked.origin()) {
      case CONTAINER_FIELD ->
          "named by the container's field" + besides(pod.annotation(asked.container().name()));
      case CONTAINER_ANNOTATION -> "named by the container's annotation";
      case POD_FIELD -> "named by the pod's field" + besides(pod.annotation());
      case POD_ANNOTATION -> "named by the pod's annotation";
      case POLICY_DEFAULT -> "the default of a policy, because the pod names none";
      case CLUSTER_DEFAULT -> "the cluster's default, because the pod names none";
    };
  }

  private static String besides(@Nullable Annotation annotation) {
    return annotation == null ? "" : " and annotation";
  }

  private String whoMayUseWhat() {
    if (all.all().isEmpty()) {
      return "there is no policy, so a pod may name "
          + withoutPolicies.text()
          + " and no other profile";
    }
    String allowed =
        listed(
            usable.stream()
                .map(policy -> policy.label() + ", which allows " + policy.allowedText())
                .toList());
    if (askers == null) {
      return "the policies are " + allowed;
    }
    String who = askers.text() + " in namespace \"" + namespace + "\"";
    return who
        + " may use "
        + (usable.isEmpty() ? "no policy" : allowed)
        + (notAsked == 0 ? "" : " (" + notAsked + " other policies were not checked)");
  }

  private static String then(String text) {
    return text.isEmpty() ? "" : "; " + text;
  }

  /// The policies that allow it and may not be used, the narrowest first.
  ///
  /// @param it what the profile is called in the sentence
  private String whoAllows(ProfileName profile, String it) {
    List<String> others =
        all.allowing(profile).stream()
            .filter(policy -> !usable.contains(policy))
            .sorted(Policy.NARROWEST_FIRST)
            .map(Policy::label)
            .toList();
    if (others.isEmpty()) {
      return all.all().isEmpty() ? "" : "no policy allows " + it;
    }
    return it + " is allowed by " + listed(others);
  }

  private static String listed(List<String> texts) {
    if (texts.size() <= LISTED) {
      return String.join("; ", texts);
    }
    return String.join("; ", texts.subList(0, LISTED))
        + "; and "
        + (texts.size() - LISTED)
        + " more";
  }
}
