package dev.portcullis.admission.ruling;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Requests and clusters for tests, in few words.
final class Reviews {
  static final User ALICE =
      new User("alice", Set.of("developers", "system:authenticated"), Map.of());

  private Reviews() {}

  static Mapping yaml(String text) {
    return switch (Documents.read(text.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) -> (Mapping) values.getFirst();
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  /// A pod by its annotations and its spec, both as flow or block YAML.
  static Mapping pod(String annotations, String spec) {
    return yaml(
        "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {"
            + annotations
            + "}}, spec: {"
            + spec
            + "}}");
  }

  static AdmissionRequest creation(Mapping object) {
    return request("pods", "", "v1", "Pod", Operation.CREATE, object, null);
  }

  static AdmissionRequest update(Mapping object, Mapping old) {
    return request("pods", "", "v1", "Pod", Operation.UPDATE, object, old);
  }

  static AdmissionRequest request(
      String resource,
      String subresource,
      String apiVersion,
      String kind,
      Operation operation,
      Mapping object,
      @Nullable Mapping old) {
    return new AdmissionRequest(
        "u", resource, subresource, apiVersion, kind, "ns", "p", operation, ALICE, object, old);
  }

  static Policy policy(String name, @Nullable String defaultProfile, String... allowed) {
    List<AllowedProfile> entries = new ArrayList<>();
    for (String text : allowed) {
      entries.add(
          text.equals("*") ? new AllowedProfile.Any() : new AllowedProfile.Exactly(name(text)));
    }
    return new Policy(
        Policy.Kind.SECCOMP_POLICY,
        name,
        entries,
        defaultProfile == null ? null : name(defaultProfile));
  }

  static ProfileName name(String text) {
    return ((ProfileText.Named) ProfileText.read(text)).name();
  }

  /// A cluster in which everybody may use every policy.
  static Admission cluster(Mode mode, Policy... policies) {
    return cluster(new Scope(mode, Set.of(), Set.of(), Set.of()), null, policies);
  }

  static Admission cluster(Leniency leniency, Policy... policies) {
    return cluster(
        new Scope(Mode.ENFORCE, Set.of(), Set.of(), Set.of()),
        null,
        List.of(),
        Admission.Contents.unknown(),
        leniency,
        policies);
  }

  static Admission cluster(Scope scope, @Nullable String label, Policy... policies) {
    return cluster(scope, label, List.of(), policies);
  }

  /// A cluster with nodes that tell what they have.
  static Admission cluster(
      Scope scope, @Nullable String label, List<ReportingNode> nodes, Policy... policies) {
    return cluster(scope, label, nodes, Admission.Contents.unknown(), policies);
  }

  /// A cluster that knows the contents of profiles.
  static Admission cluster(
      Scope scope,
      @Nullable String label,
      List<ReportingNode> nodes,
      Admission.Contents contents,
      Policy... policies) {
    return cluster(scope, label, nodes, contents, Leniency.NONE, policies);
  }

  private static Admission cluster(
      Scope scope,
      @Nullable String label,
      List<ReportingNode> nodes,
      Admission.Contents contents,
      Leniency leniency,
      Policy... policies) {
    return new Admission(
        new Admission.Sources(
            () -> Policies.of(List.of(policies)),
            Grants.known((_, _, _) -> true),
            _ -> label,
            (_, _) -> {
              throw new AssertionError("nobody should ask for the stored pod");
            },
            () -> nodes,
            contents),
        scope,
        ProfileName.RUNTIME_DEFAULT,
        leniency);
  }

  static String json(List<PatchOperation> patch) {
    List<Value> steps = new ArrayList<>();
    for (PatchOperation step : patch) {
      MappingBuilder json = new MappingBuilder().put("op", step.op()).put("path", step.path());
      if (step.value() != null) {
        json.put("value", step.value());
      }
      steps.add(json.build());
    }
    return JsonWriter.compact(new Sequence(Position.NONE, steps));
  }

  /// An object after a patch: a second implementation, of the little that RFC 6902 is needed for.
  static Mapping patched(Mapping object, List<PatchOperation> patch) {
    Value result = object;
    for (PatchOperation step : patch) {
      result = patched(result, List.of(step.path().substring(1).split("/")), step.value());
    }
    return (Mapping) result;
  }

  private static Value patched(Value owner, List<String> path, @Nullable Value value) {
    String key = path.getFirst().replace("~1", "/").replace("~0", "~");
    List<String> rest = path.subList(1, path.size());
    if (owner instanceof Sequence list) {
      List<Value> items = new ArrayList<>(list.items());
      int index = Integer.parseInt(key);
      items.set(index, patched(items.get(index), rest, value));
      return new Sequence(Position.NONE, items);
    }
    Map<String, Mapping.Entry> entries = new LinkedHashMap<>(((Mapping) owner).entries());
    if (!rest.isEmpty()) {
      Mapping.Entry entry = entries.get(key);
      if (entry == null) {
        throw new AssertionError("no parent for the patch: " + key);
      }
      entries.put(key, new Mapping.Entry(Position.NONE, patched(entry.value(), rest, value)));
    } else if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, new Mapping.Entry(Position.NONE, value));
    }
    return new Mapping(Position.NONE, entries);
  }
}
