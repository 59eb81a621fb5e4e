package dev.portcullis.pods.decide;

import dev.portcullis.pods.decide.Grants.Answers;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.spec.Container;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The policies that one pod is judged by, and what has been asked about them so far.
///
/// Asking costs, so a policy is asked for only where its answer can matter, in the order of their
/// names and in batches; a pod that its first policies allow costs one batch, however many others
/// there are.
final class UsablePolicies {
  /// How many policies are asked for at once.
  static final int BATCH = 32;

  /// The number of further policies that are checked to name them in a refusal.
  private static final int EXPLAINED = 64;

  private final Policies policies;
  private final String namespace;
  private final Strictness strictness;
  private final @Nullable Requesters askers;
  private final @Nullable Grants grants;
  private final Set<Policy> asked = new HashSet<>();
  private final Set<Policy> usable = new HashSet<>();
  private final Set<Policy> unknown = new HashSet<>();
  private final Map<Question, Search> searched = new HashMap<>();
  private final Map<Question, Proofs> proofs = new HashMap<>();
  private @Nullable RefusalText refusal;
  private String failure = "";

  /// Every policy counts for all users.
  static UsablePolicies ofAll(Policies policies, String namespace, Strictness strictness) {
    UsablePolicies usablePolicies = new UsablePolicies(policies, namespace, strictness, null, null);
    usablePolicies.asked.addAll(policies.all());
    usablePolicies.usable.addAll(policies.all());
    return usablePolicies;
  }

  static UsablePolicies of(
      Policies policies,
      String namespace,
      Strictness strictness,
      Requesters askers,
      Grants grants) {
    return new UsablePolicies(policies, namespace, strictness, askers, grants);
  }

  private UsablePolicies(
      Policies policies,
      String namespace,
      Strictness strictness,
      @Nullable Requesters askers,
      @Nullable Grants grants) {
    this.policies = policies;
    this.namespace = namespace;
    this.strictness = strictness;
    this.askers = askers;
    this.grants = grants;
  }

  /// The outcome of looking for a policy.
  sealed interface Search {
    /// A policy.
    ///
    /// @param certain whether no policy before it, by name, might have been the one
    record Found(Policy policy, boolean certain) implements Search {}

    record None() implements Search {}

    /// It could not be decided.
    record Unknown(String failure) implements Search {}
  }

  /// Asks at once for what a pod will need first: a batch for each profile that it names, and one
  /// for the default where it needs one.
  void prepare(Set<ProfileName> named, boolean needsDefault) {
    Set<Policy> batch = new LinkedHashSet<>();
    for (ProfileName profile : named) {
      firstBatch(policies.allowing(profile), batch);
    }
    if (needsDefault) {
      firstBatch(policies.withDefault(), batch);
    }
    ask(List.copyOf(batch));
  }

  private static void firstBatch(List<Policy> candidates, Set<Policy> into) {
    into.addAll(candidates.subList(0, Math.min(BATCH, candidates.size())));
  }

  /// What is asked of the policies. Containers for which a proof would hold are alike.
  ///
  /// @param unprovable why nothing can be proven for the container; empty where it can
  record Question(ProfileName profile, String unprovable) {
    static Question of(ProfileName profile, Container container) {
      return new Question(profile, Provable.problem(container));
    }
  }

  /// The first policy by name that may be used and allows a profile: by its name, else by proof.
  Search allowing(Question question) {
    Search known = searched.get(question);
    if (known == null) {
      known = search(question);
      searched.put(question, known);
    }
    return known;
  }

  private Search search(Question question) {
    ProfileName profile = question.profile();
    Search byName = first(policies.allowing(profile), _ -> true);
    if (byName instanceof Search.Found || !(profile instanceof ProfileName.Localhost localhost)) {
      return byName;
    }
    Proofs of = new Proofs(strictness, question.unprovable());
    proofs.put(question, of);
    Search byProof = first(policies.byProof(), policy -> of.allows(policy, localhost));
    return byProof instanceof Search.None ? byName : byProof;
  }

  /// What was proven about a profile; null where a list names it.
  @Nullable StrictnessEvidence proven(Question question) {
    Proofs of = proofs.get(question);
    return of == null ? null : of.proven();
  }

  /// Why nothing was proven about a profile.
  List<String> unproven(Question question) {
    Proofs of = proofs.get(question);
    return of == null ? List.of() : of.failures();
  }

  /// The first policy by name that may be used and has a default.
  Search withDefault() {
    return first(policies.withDefault(), _ -> true);
  }

  private Search first(List<Policy> candidates, Predicate<Policy> fits) {
    boolean certain = true;
    // Mostly the first batch has it, and there may be thousands behind it.
    for (int from = 0; from < candidates.size(); from += BATCH) {
      List<Policy> batch = candidates.subList(from, Math.min(from + BATCH, candidates.size()));
      ask(batch);
      for (Policy policy : batch) {
        if (usable.contains(policy) && fits.test(policy)) {
          return new Search.Found(policy, certain);
        }
        if (unknown.contains(policy)) {
          certain = false;
        }
      }
    }
    return certain ? new Search.None() : new Search.Unknown(failure);
  }

  private void ask(List<Policy> candidates) {
    if (grants == null || askers == null) {
      return;
    }
    List<Policy> open = candidates.stream().filter(policy -> !asked.contains(policy)).toList();
    if (open.isEmpty()) {
      return;
    }
    Answers answers = grants.ask(askers.users(), open, namespace);
    asked.addAll(open);
    usable.addAll(answers.usable());
    unknown.addAll(answers.unknown());
    if (answers.failure() != null) {
      failure = answers.failure();
    }
  }

  boolean withoutPolicies() {
    return policies.all().isEmpty();
  }

  /// The known facts about the policies, for a refusal.
  RefusalText refusal(NoPolicyDefault withoutPolicies) {
    if (refusal == null) {
      List<Policy> all = policies.all();
      ask(all.stream().filter(policy -> !asked.contains(policy)).limit(EXPLAINED).toList());
      refusal =
          new RefusalText(
              namespace,
              askers,
              all.stream().filter(usable::contains).toList(),
              policies,
              withoutPolicies,
              (int) all.stream().filter(policy -> !asked.contains(policy)).count());
    }
    return refusal;
  }
}
