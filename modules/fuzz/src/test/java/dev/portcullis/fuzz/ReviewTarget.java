package dev.portcullis.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.review.ReviewReader;
import dev.portcullis.admission.review.ReviewWriter;
import dev.portcullis.admission.ruling.Admission;
import dev.portcullis.admission.ruling.AdmissionVerdict;
import dev.portcullis.admission.ruling.DistributedProfiles;
import dev.portcullis.admission.ruling.Mode;
import dev.portcullis.admission.ruling.Scope;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reviews as an API server sends them, and pods as users do. In a cluster where only
/// `runtime/default` may be used, every container of a pod that is admitted runs under it, by its
/// fields as today's kubelets read them; and no record stands in it that Portcullis did not write.
public final class ReviewTarget {
  private static final User USER = new User("mallory", Set.of("system:authenticated"), Map.of());
  private static final Policy ONLY_DEFAULT =
      new Policy(
          Policy.Kind.SECCOMP_POLICY,
          "everybody",
          List.of(new AllowedProfile.Exactly(ProfileName.RUNTIME_DEFAULT)),
          null);
  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private static final Admission ADMISSION =
      new Admission(
          new Admission.Sources(
              () -> Policies.of(List.of(ONLY_DEFAULT)),
              Grants.known((_, _, _) -> true),
              _ -> null,
              (_, _) -> new MappingBuilder().build(),
              List::of,
              new Admission.Contents(
                  new NoProfilesYet(), Admission.Contents.unknown().proofs(), List::of)),
          new Scope(Mode.ENFORCE, Set.of(), Set.of(), Set.of()),
          ProfileName.RUNTIME_DEFAULT,
          Leniency.NONE);

  private ReviewTarget() {}

  /// A namespace of profiles that has none, so that each ConfigMap is the first.
  private static final class NoProfilesYet implements DistributedProfiles {
    @Override
    public String namespace() {
      return "portcullis-profiles";
    }

    @Override
    public @Nullable DesiredProfiles desired() {
      return null;
    }

    @Override
    public Collection<ProfileConfigMap> stored() {
      return List.of();
    }

    @Override
    public boolean areGoing() {
      return false;
    }
  }

  /// Called by the fuzzer.
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    boolean _ = holds(input);
  }

  /// Whether the promise was put to the test: a pod with containers got in.
  static boolean holds(byte[] input) throws IOException {
    if (ReviewReader.read(input) instanceof ReviewReader.Understood(AdmissionRequest request)) {
      answer(request);
    } else if (Documents.readJson(input, ReviewReader.LIMITS)
            instanceof ParseResult.Documents(List<Value> values)
        && values.size() == 1
        && values.getFirst() instanceof Mapping pod) {
      return create(pod);
    }
    return false;
  }

  private static void answer(AdmissionRequest request) throws IOException {
    for (AdmissionVerdict ruling :
        List.of(
            ADMISSION.mutate(request),
            ADMISSION.validate(request),
            ADMISSION.templates(request),
            ADMISSION.profiles(request))) {
      byte[] answer = ReviewWriter.write(request.uid(), ruling.response());
      if (!(Documents.readJson(answer, ReviewReader.LIMITS) instanceof ParseResult.Documents)) {
        throw new AssertionError("an answer that is no JSON: " + new String(answer, UTF_8));
      }
    }
  }

  private static boolean create(Mapping pod) throws IOException {
    AdmissionVerdict mutation = ADMISSION.mutate(creation(pod));
    if (mutation.response().refusal() != null) {
      return false;
    }
    Mapping after = Patched.of(pod, mutation.response().patch());
    AdmissionVerdict validation = ADMISSION.validate(creation(after));
    if (validation.response().refusal() != null) {
      return false;
    }
    if (!(after.present("spec") instanceof Mapping spec)) {
      throw new AssertionError("admitted without a spec: " + after);
    }
    List<Mapping> containers = containers(spec);
    for (Mapping container : containers) {
      requireDefault(spec, container, after);
    }
    if (!containers.isEmpty()) {
      requireNoForgedRecord(after);
    }
    return !containers.isEmpty();
  }

  private static AdmissionRequest creation(Mapping pod) {
    return new AdmissionRequest(
        "u", "pods", "", "v1", "Pod", "shop", "p", Operation.CREATE, USER, pod, null);
  }

  private static List<Mapping> containers(Mapping spec) {
    List<Mapping> containers = new ArrayList<>();
    for (String list : CONTAINERS) {
      if (spec.present(list) instanceof Sequence items) {
        for (Value item : items.items()) {
          if (item instanceof Mapping container) {
            containers.add(container);
          }
        }
      }
    }
    return containers;
  }

  /// By a reader of its own: the container's field, else the pod's; and no privilege, which would
  /// take the filter away.
  private static void requireDefault(Mapping spec, Mapping container, Mapping pod) {
    Value field = field(container, "seccompProfile");
    if (!(field instanceof Mapping)) {
      field = field(spec, "seccompProfile");
    }
    boolean filtered =
        field instanceof Mapping profile
            && profile.present("type") instanceof Value.Text(_, String type)
            && type.equals("RuntimeDefault");
    boolean privileged =
        field(container, "privileged") instanceof Value.Truth truth && truth.value();
    if (!filtered || privileged) {
      throw new AssertionError("admitted without runtime/default: " + pod);
    }
  }

  private static @Nullable Value field(Mapping holder, String name) {
    return holder.present("securityContext") instanceof Mapping context
        ? context.present(name)
        : null;
  }

  private static void requireNoForgedRecord(Mapping pod) {
    if (pod.present("metadata") instanceof Mapping metadata
        && metadata.present("annotations") instanceof Mapping annotations
        && (annotations.present("portcullis.dev/unconfined") != null
            || annotations.present("portcullis.dev/proven") != null
            || !(annotations.present("portcullis.dev/policy")
                    instanceof Value.Text(_, String policies)
                && policies.equals("everybody")))) {
      throw new AssertionError("a record that Portcullis did not write: " + pod);
    }
  }
}
