package dev.portcullis.cli.input;

import dev.portcullis.cli.options.UsageException;
import dev.portcullis.container.profiles.BoundingSet;
import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.spec.CapabilityRequest;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.profiles.exposure.Privileges;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.util.List;
import java.util.Set;

/// The containers of pods, as they run: with a filter, and with rights.
///
/// @param here what counts where a place is not known
record ContainerSubjects(SubjectFilters filters, ContainerPlace.Machine here) {
  /// As a Kubernetes without Portcullis runs it.
  ContainerFate today(
      JudgedPod judged, Container container, StockKubernetes kubernetes, ContainerPlace place)
      throws UsageException {
    return switch (kubernetes.outcome(judged.judgement().pod(), container)) {
      case StockKubernetes.Outcome.Runs(_, StockKubernetes.Reason reason)
          when reason == StockKubernetes.Reason.WINDOWS ->
          new ContainerFate.OnWindows();
      case StockKubernetes.Outcome.Runs(ProfileName profile, StockKubernetes.Reason reason) ->
          new ContainerFate.Runs(
              subject(judged, container, profile, reason.text(), place), reason.words());
      case StockKubernetes.Outcome.DoesNotRun() ->
          new ContainerFate.NotRun(ContainerFate.Hindrance.NOT_RUN, reason(judged, container));
    };
  }

  /// As it runs where Portcullis is installed.
  ///
  /// @param index of the container in its pod
  ContainerFate admitted(JudgedPod judged, int index, ContainerPlace place) throws UsageException {
    Pod pod = judged.judgement().pod();
    // A Windows pod that is left alone has no decisions.
    if (judged.judgement().admitted() && pod.spec().windows()) {
      return new ContainerFate.OnWindows();
    }
    if (!judged.judgement().admitted()
        || !(judged.judgement().containers().get(index)
            instanceof ContainerDecision.Admitted admitted)) {
      return new ContainerFate.NotRun(
          ContainerFate.Hindrance.REFUSED, reason(judged, pod.spec().containers().get(index)));
    }
    Container container = admitted.container();
    // An annotation by which the runtime takes another filter may take one that denies nothing.
    boolean unconfined = admitted.runsUnconfined() || !pod.runtimeAnnotations().isEmpty();
    return new ContainerFate.Runs(
        subject(
            judged,
            container,
            unconfined ? ProfileName.UNCONFINED : admitted.profile(),
            container.privileged()
                ? StockKubernetes.Reason.PRIVILEGED.text()
                : admitted.origin().text(),
            place),
        container.privileged() ? StockKubernetes.Reason.PRIVILEGED.words() : words(admitted));
  }

  private static String words(ContainerDecision.Admitted admitted) {
    String origin =
        switch (admitted.origin()) {
          case CONTAINER_FIELD -> "the container's field says so";
          case CONTAINER_ANNOTATION -> "the container's annotation says so";
          case POD_FIELD -> "the pod's field says so";
          case POD_ANNOTATION -> "the pod's annotation says so";
          case POLICY_DEFAULT -> "default of a policy";
          case CLUSTER_DEFAULT -> "nothing names a profile";
        };
    return origin
        + admitted.ground().policyName().map(policy -> "; allowed by " + policy).orElse("");
  }

  /// What is wrong with the container, else with its pod; empty where nothing is known.
  private static String reason(JudgedPod judged, Container container) {
    List<FieldError> reasons = judged.judgement().reasons();
    return reasons.stream()
        .filter(each -> each.field().startsWith(container.path()))
        .findFirst()
        .or(() -> reasons.stream().findFirst())
        .map(each -> each.field() + ": " + each.message())
        .orElse("");
  }

  private ExposureSubject subject(
      JudgedPod judged,
      Container container,
      ProfileName profile,
      String reason,
      ContainerPlace place)
      throws UsageException {
    Set<String> usual =
        place instanceof ContainerPlace.Machine machine
            ? machine.capabilities()
            : here.capabilities();
    CapabilityRequest asked = CapabilityRequest.of(judged.judgement().pod(), container);
    Set<String> capabilities =
        BoundingSet.of(
            new RuntimeCapabilities(usual, CapabilityPrefix.WHERE_IT_LACKS),
            container.privileged(),
            asked.add(),
            asked.drop());
    SubjectFilter filter =
        switch (place) {
          case ContainerPlace.Machine machine -> filters.of(profile, machine, capabilities);
          case ContainerPlace.Foreign(String why) -> new SubjectFilter.Unknown(why);
        };
    return new ExposureSubject(
        name(judged, container),
        ExposureSubject.Place.of(judged, container),
        profile.text(),
        reason,
        new Privileges(capabilities, asked.hostUsers()),
        filter);
  }

  /// For people: `default/web app`.
  static String name(JudgedPod judged, Container container) {
    String name = container.name().isEmpty() ? container.path() : container.name();
    return ExposureSubjects.podName(judged) + " " + name;
  }
}
