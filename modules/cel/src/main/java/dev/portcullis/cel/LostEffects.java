package dev.portcullis.cel;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Rbac;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is lost when policies are compiled, for some policies and some cluster.
final class LostEffects {
  private final List<Policy> policies;
  private final GrantRank rank;
  private final List<ProvenName> proven;
  private final PolicyTarget target;
  private final GrantTable table;
  private final @Nullable DefaultChain chain;
  private final List<LostEffect> all = new ArrayList<>();

  LostEffects(
      List<Policy> policies,
      Rbac rbac,
      List<ProvenName> proven,
      PolicyTarget target,
      GrantTable table,
      @Nullable DefaultChain chain) {
    this.policies = policies;
    this.rank = new GrantRank(rbac);
    this.proven = proven;
    this.target = target;
    this.table = table;
    this.chain = chain;
  }

  List<LostEffect> all() {
    if (chain == null) {
      withoutMutation();
    }
    unasked();
    defaults();
    accounts();
    stricterThan();
    told();
    return all;
  }

  private void verdict(String text) {
    all.add(new LostEffect(true, text));
  }

  private void withoutMutation() {
    verdict(
        "Kubernetes 1."
            + target.minor()
            + " has no MutatingAdmissionPolicy in v1 (1."
            + PolicyTarget.WITH_MUTATION
            + " has): nothing is written into pods. A pod with an annotation and no field is"
            + " refused, with the field to write; a container that names nothing counts as "
            + (target.kubeletDefault()
                ? ProfileName.RUNTIME_DEFAULT.text() + ", as --kubelet-seccomp-default says"
                : ProfileName.UNCONFINED.text()
                    + " (give --kubelet-seccomp-default if all kubelets run with"
                    + " --seccomp-default)")
            + "; records portcullis.dev/... are neither written nor removed");
    List<String> withDefault =
        policies.stream().filter(each -> each.defaultProfile() != null).map(Policy::label).toList();
    if (!withDefault.isEmpty()) {
      verdict("the default of " + names(withDefault) + " is not applied");
    }
  }

  private void unasked() {
    if (!table.uncut.isEmpty()) {
      Map.Entry<String, Integer> most =
          table.uncut.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
      verdict(
          most.getKey()
              + " is allowed by policies that take "
              + most.getValue()
              + " questions"
              + (table.uncut.size() > 1
                  ? ", and " + (table.uncut.size() - 1) + " more names by too many"
                  : "")
              + "; an API server answers "
              + GrantTable.MOST_ASKED
              + " for a pod. A user who may use only one of the others names it in the pod's"
              + " annotation portcullis.dev/policy, or is refused");
    } else if (table.keys > GrantTable.MOST_ASKED) {
      verdict(
          "a pod whose profiles are allowed by policies that take more than "
              + GrantTable.MOST_ASKED
              + " questions together may be refused though a later one allows it; its annotation"
              + " portcullis.dev/policy names the policy that is asked for first");
    }
  }

  private void defaults() {
    if (chain == null) {
      return;
    }
    if (chain.truncated()) {
      verdict(
          "not every policy that allows a default is asked whether it does: allow the default in"
              + " the policy that sets it");
    }
    int left = GrantTable.MOST_ASKED - chain.questionsWithGrant();
    if (table.keys > left && chain.questionsWithGrant() > 1) {
      verdict(
          "where modes warn or audit, and for workloads, a pod of which one container names a"
              + " profile and another gets a default is judged by the first "
              + left
              + " policies that allow its profiles; the warning may be false");
    }
    for (Policy policy : policies) {
      ProfileName name = policy.defaultProfile();
      if (name != null && table.candidates(name).isEmpty()) {
        verdict(
            policy.label()
                + " has the default "
                + name.text()
                + ", which no policy names: containers that get it are refused, also where"
                + " stricterThan would allow it");
      }
    }
  }

  private void accounts() {
    List<String> missing =
        policies.stream().filter(rank::missesAccounts).map(Policy::label).toList();
    if (!missing.isEmpty()) {
      verdict(
          names(missing)
              + " is granted to system:authenticated and not to system:serviceaccounts: an API"
              + " server does not count the accounts of controllers to the first group, so the"
              + " warnings about workloads are false. Bind the second group, too");
    }
  }

  private void stricterThan() {
    List<String> with =
        policies.stream()
            .filter(each -> !each.stricterThan().isEmpty())
            .map(Policy::label)
            .toList();
    if (!with.isEmpty()) {
      verdict(
          "stricterThan of "
              + names(with)
              + " allows the profiles that it names, and "
              + proven.stream().map(ProvenName::profile).distinct().count()
              + " that were proven now, by these spellings of their names: contents that change"
              + " are not compared again until policies are compiled again (--check tells), pods"
              + " do not record what was proven, and no ConfigMap is refused");
    }
  }

  private void told() {
    all.add(
        new LostEffect(
            false,
            "a pod that names more than "
                + GrantQuestions.MOST_NAMES
                + " different profiles is refused"));
    all.add(
        new LostEffect(
            false,
            "portcullis.dev/policy says \"compiled\", or what the pod's author wrote, and not which"
                + " policies admitted the pod"));
    all.add(
        new LostEffect(
            false,
            "a refusal names the policies that would help, not what one may use already; there are"
                + " no warnings about nodes without the profile, similar annotation keys and odd"
                + " paths, no metrics per outcome and no log of Portcullis"));
    all.add(
        new LostEffect(
            false,
            "a change of a policy, of an exemption or of the default takes effect when the policies"
                + " are compiled and applied again; grants in RBAC count at once"));
  }

  private static String names(List<String> labels) {
    int most = 3;
    return labels.size() <= most
        ? String.join(", ", labels)
        : String.join(", ", labels.subList(0, most)) + " and " + (labels.size() - most) + " more";
  }
}
