package dev.portcullis.cel;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Rbac;
import java.util.ArrayList;
import java.util.List;

/// Policies as admission policies of an API server.
///
/// @param objects policies before their bindings: a binding without its policy is passed over, and
///   nothing would be refused
/// @param lost what the policies contain and these do not
/// @param problems why they must not be applied; then there are no objects
public record CompiledPolicies(
    List<Mapping> objects, List<LostEffect> lost, List<String> problems) {
  /// The annotation by which one sees whether an object is still what would be compiled.
  public static final String COMPILED = "portcullis.dev/compiled";

  /// The annotation with the proofs that were made: of which contents, in JSON.
  public static final String PROOFS = "portcullis.dev/proofs";

  public CompiledPolicies {
    objects = List.copyOf(objects);
    lost = List.copyOf(lost);
    problems = List.copyOf(problems);
  }

  /// Compiles.
  ///
  /// @param rbac the grants as far as they are known. Nothing is decided by them: an API server
  ///   asks its own. Policies for many are asked first, and warned of
  /// @param proven what `stricterThan` allows beside the profiles that it names
  public static CompiledPolicies of(
      List<Policy> policies, Rbac rbac, List<ProvenName> proven, PolicyTarget target) {
    List<Policy> sorted = Policies.of(policies).all();
    List<Policy> ranked = new GrantRank(rbac).sorted(sorted);
    GrantTable table = new GrantTable(ranked, proven);
    DefaultChain chain =
        target.mutates() ? new DefaultChain(sorted, target.clusterDefault(), table) : null;
    List<AdmissionPolicy> made = new ArrayList<>();
    if (chain != null) {
      made.add(FieldsPolicy.of(target, chain));
      made.add(RecordsPolicy.of(target));
    }
    made.add(PodsPolicy.look(target, table, chain));
    made.add(MetadataPolicy.of(target));
    made.add(NotesPolicy.ofSlips(target));
    made.add(NotesPolicy.of(target));
    made.add(PodsPolicy.of(target, table, chain));
    made.add(TemplatesPolicy.of(target, table, chain));
    List<String> problems = new ServerLimits(table, chain).problems(made);
    if (!problems.isEmpty()) {
      return new CompiledPolicies(List.of(), List.of(), problems);
    }
    String proofs = ProofAnnotation.text(proven);
    List<Mapping> objects = new ArrayList<>();
    for (AdmissionPolicy policy : made) {
      objects.add(object(policy.kind(), policy.name(), policy.spec(), proofs));
    }
    for (AdmissionPolicy policy : made) {
      for (PolicyBinding binding : policy.bindings()) {
        objects.add(
            object(
                policy.kind() + "Binding",
                policy.name() + "-" + binding.suffix(),
                binding.spec(policy.name()),
                ""));
      }
    }
    return new CompiledPolicies(
        objects, new LostEffects(sorted, rbac, proven, target, table, chain).all(), List.of());
  }

  private static Mapping object(String kind, String name, Mapping spec, String proofs) {
    MappingBuilder annotations =
        new MappingBuilder()
            .put(COMPILED, "sha256:" + Sha256.of(JsonWriter.compact(spec) + proofs));
    if (!proofs.isEmpty()) {
      annotations.put(PROOFS, proofs);
    }
    return new MappingBuilder()
        .put("apiVersion", AdmissionPolicy.API_VERSION)
        .put("kind", kind)
        .put(
            "metadata",
            new MappingBuilder()
                .put("name", name)
                .put(
                    "labels",
                    new MappingBuilder().put("app.kubernetes.io/managed-by", "portcullis").build())
                .put("annotations", annotations.build())
                .build())
        .put("spec", spec)
        .build();
  }
}
