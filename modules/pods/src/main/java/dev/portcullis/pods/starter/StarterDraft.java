package dev.portcullis.pods.starter;

import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.decide.NeededProfile;
import dev.portcullis.pods.decide.NoPolicyDefault;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.policy.NewPolicy;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyNames;
import dev.portcullis.pods.rbac.NewGrant;
import dev.portcullis.pods.rbac.Subject;
import dev.portcullis.pods.starter.StarterPolicies.LeftOut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What is known so far about the pods that starter policies are made from.
final class StarterDraft {
  private static final Comparator<ProfileName> BY_TEXT = Comparator.comparing(ProfileName::text);

  private static final Comparator<List<ProfileName>> SETS =
      (a, b) ->
          Arrays.compare(a.toArray(ProfileName[]::new), b.toArray(ProfileName[]::new), BY_TEXT);

  /// A service account, in whose name pods ask.
  private record Account(String namespace, String name) {
    static final Comparator<Account> ORDER =
        Comparator.comparing(Account::namespace).thenComparing(Account::name);

    Subject subject() {
      return Subject.serviceAccount(namespace, name);
    }
  }

  private final NewPolicy everybody;
  private final ProfileUses usual;
  private final Leniency leniency;
  private final Map<Account, Map<ProfileName, ProfileUses>> needs = new TreeMap<>(Account.ORDER);
  private final List<LeftOut> leftOut = new ArrayList<>();
  private int pods;

  StarterDraft(ProfileName clusterDefault, Leniency leniency) {
    this.everybody = new NoPolicyDefault(clusterDefault).asPolicy();
    this.usual = new ProfileUses(clusterDefault);
    this.leniency = leniency;
  }

  void observe(ObservedPod pod) {
    Judgement judgement = pod.judgement();
    List<NeededProfile> needed = NeededProfile.of(judgement, leniency);
    String problem = problem(judgement, needed);
    if (!problem.isEmpty()) {
      leftOut.add(new LeftOut(pod, problem));
      return;
    }
    pods++;
    Account account = new Account(judgement.namespace(), judgement.pod().spec().serviceAccount());
    for (NeededProfile each : needed) {
      uses(account, each.profile()).add(pod, each);
    }
  }

  private ProfileUses uses(Account account, ProfileName profile) {
    return everybody.allowed().contains(profile.text())
        ? usual
        : needs
            .computeIfAbsent(account, _ -> new TreeMap<>(BY_TEXT))
            .computeIfAbsent(profile, ProfileUses::new);
  }

  /// Why no policy helps a pod; empty where one does.
  private static String problem(Judgement judgement, List<NeededProfile> needed) {
    if (!judgement.admitted()) {
      FieldError reason = judgement.reasons().getFirst();
      return reason.field() + ": " + reason.message();
    }
    for (NeededProfile each : needed) {
      if (!NewPolicy.canAllow(each.profile())) {
        return GoQuote.quote(each.container())
            + ": a SeccompPolicy cannot allow the name of its profile, which is too long or has an"
            + " asterisk: rename the file";
      }
    }
    return "";
  }

  StarterPolicies policies() {
    Map<List<ProfileName>, List<Account>> bySet = new TreeMap<>(SETS);
    for (Map.Entry<Account, Map<ProfileName, ProfileUses>> each : needs.entrySet()) {
      int profiles = each.getValue().size();
      if (profiles > NewPolicy.MOST_ALLOWED) {
        return new StarterPolicies.TooMany(
            each.getKey().subject().text()
                + " uses "
                + profiles
                + " profiles, and a policy has at most "
                + NewPolicy.MOST_ALLOWED
                + ": put them below one directory, and write a policy that allows it");
      }
      bySet
          .computeIfAbsent(List.copyOf(each.getValue().keySet()), _ -> new ArrayList<>())
          .add(each.getKey());
    }
    if (bySet.size() >= StarterPolicies.MOST_POLICIES) {
      return new StarterPolicies.TooMany(
          "the service accounts use "
              + bySet.size()
              + " different sets of profiles, and at most "
              + (StarterPolicies.MOST_POLICIES - 1)
              + " policies are made for them: take fewer namespaces at a time");
    }
    List<StarterObject> objects = new ArrayList<>();
    addEverybody(objects);
    Set<String> names = new HashSet<>(Set.of(everybody.name()));
    bySet.forEach((profiles, accounts) -> {
      String name = PolicyNames.of(profiles, names);
      names.add(name);
      add(name, profiles, accounts, objects);
    });
    return new StarterPolicies.Made(objects, leftOut);
  }

  private void addEverybody(List<StarterObject> objects) {
    List<String> comments = new ArrayList<>();
    comments.add(
        "Made by portcullis policy generate from "
            + pods
            + (pods == 1 ? " pod" : " pods")
            + ". Read it before you apply it: it grants what they run with now.");
    comments.add("");
    comments.add(
        "Everybody: containers that name no profile get " + usual.profile().text() + ". Used by");
    comments.addAll(usual.lines());
    objects.add(new StarterObject(everybody.object(), comments));
    new NewGrant(Policy.Kind.SECCOMP_POLICY, everybody.name(), Subject.EVERYBODY, null)
        .objects()
        .forEach(object -> objects.add(new StarterObject(object, List.of())));
  }

  /// @param accounts all that need these profiles, by namespace
  private void add(
      String name,
      List<ProfileName> profiles,
      List<Account> accounts,
      List<StarterObject> objects) {
    List<String> comments = new ArrayList<>();
    for (ProfileName profile : profiles) {
      ProfileUses together = new ProfileUses(profile);
      accounts.forEach(account -> together.addAll(uses(account, profile)));
      comments.add(profile.text() + " is used by");
      comments.addAll(together.lines());
    }
    List<String> texts = profiles.stream().map(ProfileName::text).toList();
    objects.add(new StarterObject(new NewPolicy(name, texts, List.of(), null).object(), comments));
    Map<String, List<Subject>> byNamespace = new TreeMap<>();
    for (Account account : accounts) {
      byNamespace
          .computeIfAbsent(account.namespace(), _ -> new ArrayList<>())
          .add(account.subject());
    }
    List<NewGrant> grants = new ArrayList<>();
    byNamespace.forEach((namespace, subjects) ->
        grants.add(new NewGrant(Policy.Kind.SECCOMP_POLICY, name, subjects, namespace)));
    objects.add(new StarterObject(grants.getFirst().role(), List.of()));
    for (NewGrant grant : grants) {
      grant.bindings().forEach(binding -> objects.add(new StarterObject(binding, List.of())));
    }
  }
}
