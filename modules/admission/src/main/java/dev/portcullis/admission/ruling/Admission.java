package dev.portcullis.admission.ruling;

import dev.portcullis.admission.proof.ContentProofs;
import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import dev.portcullis.profiles.compare.StoredComparer;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides about the requests of an API server. One of these serves them all.
///
/// A source that fails makes an `IOException`: nothing was decided, and the request must be
/// refused.
public final class Admission {
  private final Sources sources;
  private final Scope scope;
  private final ProfileName clusterDefault;
  private final Leniency leniency;

  /// Where the answers come from that a request does not carry.
  ///
  /// @param policies as they are now
  /// @param recordings who may have pods recorded
  public record Sources(
      Supplier<Policies> policies,
      Grants grants,
      NamespaceLookup namespaces,
      PodLookup storedPods,
      ReportingNodes nodes,
      Contents contents,
      RecordingGrants recordings) {
    /// Where no user may have a pod recorded.
    public Sources(
        Supplier<Policies> policies,
        Grants grants,
        NamespaceLookup namespaces,
        PodLookup storedPods,
        ReportingNodes nodes,
        Contents contents) {
      this(policies, grants, namespaces, storedPods, nodes, contents, RecordingGrants.NONE);
    }
  }

  /// What is known of the contents of profiles.
  ///
  /// @param provenPods that were admitted for one
  public record Contents(
      DistributedProfiles profiles, ContentProofs proofs, ProvenPods provenPods) {

    /// Nothing: no profile is allowed for its content.
    public static Contents unknown() {
      return new Contents(
          DistributedProfiles.none(),
          new ContentProofs(
              Compiler.by(_ -> new RulesetCompiler.Undecided("nothing is compiled here")),
              Duration.ZERO),
          List::of);
    }
  }

  public Admission(Sources sources, Scope scope, ProfileName clusterDefault, Leniency leniency) {
    this.sources = sources;
    this.scope = scope;
    this.clusterDefault = clusterDefault;
    this.leniency = leniency;
  }

  /// Writes the profiles of a pod where today's kubelets read them. It refuses nothing that can be
  /// judged: others may change the pod after it, so the last word is {@link #validate}'s.
  public AdmissionVerdict mutate(AdmissionRequest request) throws IOException {
    PodRequest subject = subject(request);
    if (subject == null || subject.mirror() || !subject.makesContainers()) {
      return AdmissionVerdict.passedOver();
    }
    return Mutation.of(subject, judge(subject));
  }

  /// Refuses what is not allowed, and what would not run as it was judged.
  public AdmissionVerdict validate(AdmissionRequest request) throws IOException {
    if (Indirect.isMeant(request)) {
      return indirect(request);
    }
    PodRequest subject = subject(request);
    if (subject == null) {
      return AdmissionVerdict.passedOver();
    }
    Supplier<RecordingReview> recording = RecordingReview.of(subject, sources.recordings());
    return subject.changesProfiles()
        ? Validation.of(subject, warned(subject), recording.get())
        : Validation.withoutJudgement(subject, recording.get());
  }

  /// Kubelets write the status of their pods all the time: what changes nothing that matters here
  /// is answered from the request alone.
  private AdmissionVerdict indirect(AdmissionRequest request) throws IOException {
    Mapping object = request.object();
    List<String> changed = object == null ? List.of() : Indirect.changed(request, object);
    if (object == null || changed.isEmpty()) {
      return AdmissionVerdict.passedOver();
    }
    Pod pod = Objects.requireNonNull(PodReader.read(Manifest.ofPod(object)), "a Pod holds a pod");
    Scope.Chosen chosen = chosen(request, pod);
    return chosen == null
        ? AdmissionVerdict.passedOver()
        : Indirect.refused(
            new PodRequest(request, PodRequest.in(pod, request), null, chosen), changed);
  }

  /// Warns anyone who sends a workload whose pods would be refused; refuses nothing.
  public AdmissionVerdict templates(AdmissionRequest request) throws IOException {
    Mapping object = request.object();
    if (object == null || !request.subresource().isEmpty() || !isChange(request)) {
      return AdmissionVerdict.passedOver();
    }
    Pod pod = PodReader.read(Manifest.of(request, object));
    if (pod == null || !pod.isTemplate() || Manifest.hasController(object)) {
      return AdmissionVerdict.passedOver();
    }
    Scope.Chosen chosen = chosen(request, pod);
    if (chosen == null) {
      return AdmissionVerdict.passedOver();
    }
    Mapping old = request.oldObject();
    if (old != null && Manifest.sameTemplate(pod, PodReader.read(Manifest.of(request, old)))) {
      return AdmissionVerdict.allowed(chosen.mode());
    }
    PodRequest subject = new PodRequest(request, PodRequest.in(pod, request), null, chosen);
    return Templates.of(subject, warned(subject));
  }

  /// Refuses a content of a profile that pods run under which were admitted for another one, where
  /// it is weaker; warns of ConfigMaps that nodes cannot use.
  public AdmissionVerdict profiles(AdmissionRequest request) throws IOException {
    if (!request.resource().equals("configmaps")
        || !request.namespace().equals(sources.contents().profiles().namespace())
        || isLeftAlone(request)) {
      return AdmissionVerdict.passedOver();
    }
    if (request.operation() == Operation.DELETE && sources.contents().profiles().areGoing()) {
      // With them goes the right to see them, and a namespace that waits for us would never end.
      // What is on the nodes stays there while a pod names it.
      return AdmissionVerdict.passedOver();
    }
    return new ProfileChangeReview(
            ProfileChange.of(request, sources.contents().profiles().stored()),
            sources.contents().proofs(),
            sources.contents().provenPods(),
            sources.nodes(),
            sources.policies().get())
        .ruling();
  }

  private static boolean isChange(AdmissionRequest request) {
    return request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
  }

  /// The pod that a request is about; null where it is about none that the rules are for.
  private @Nullable PodRequest subject(AdmissionRequest request) throws IOException {
    Mapping object = request.object();
    if (object == null || !request.resource().equals("pods") || !isChange(request)) {
      return null;
    }
    Mapping whole = object;
    if (ApiServerCompatibility.sendsContainersAlone(request)) {
      whole =
          ApiServerCompatibility.withContainers(
              sources.storedPods().pod(request.namespace(), request.name()), object);
    } else if (!request.subresource().isEmpty() && !PodRequest.isEphemeral(request)) {
      return null;
    }
    Pod pod = PodReader.read(Manifest.ofPod(whole));
    if (pod == null) {
      return null;
    }
    Scope.Chosen chosen = chosen(request, pod);
    return chosen == null ? null : PodRequest.of(request, pod, chosen);
  }

  /// Null for whom the rules are not.
  private Scope.@Nullable Chosen chosen(AdmissionRequest request, Pod pod) throws IOException {
    if (isLeftAlone(request) || scope.runtimeClasses().contains(Manifest.runtimeClass(pod))) {
      return null;
    }
    Scope.Chosen chosen = scope.modeOf(sources.namespaces().modeLabel(request.namespace()));
    return chosen.mode() == Mode.OFF ? null : chosen;
  }

  private boolean isLeftAlone(AdmissionRequest request) {
    return scope.namespaces().contains(request.namespace())
        || scope.users().contains(request.user().name());
  }

  private Judgement warned(PodRequest subject) {
    Judgement judgement = judge(subject);
    return subject.mirror() ? judgement : Availability.warned(judgement, sources.nodes());
  }

  private Judgement judge(PodRequest subject) {
    return new Judge(
            new PolicyScope.PoliciesForUser(
                sources.policies().get(),
                sources.grants(),
                strictness(subject),
                subject.request().user()),
            clusterDefault,
            subject.request().namespace(),
            Judge.Place.REQUEST,
            leniency)
        .judge(subject.pod());
  }

  private Strictness strictness(PodRequest subject) {
    if (!subject.takesProofs()) {
      return Strictness.unknown("additions and changes to an existing pod must be in a list");
    }
    return new StoredComparer(
        new NodeProfileStore(
            sources.contents().profiles().store(),
            ArchitectureLabel.OWN,
            () -> {
              Placement placement = Placement.of(subject.pod());
              return sources.nodes().all().stream().filter(placement::allows).toList();
            }),
        sources.contents().proofs());
  }
}
