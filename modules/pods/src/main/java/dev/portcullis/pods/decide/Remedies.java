package dev.portcullis.pods.decide;

import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.NearestName;
import dev.portcullis.pods.object.ShellQuote;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.NewPolicy;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyNames;
import dev.portcullis.pods.rbac.NewGrant;
import dev.portcullis.pods.rbac.Subject;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds what would help a pod that is refused because its profiles were not granted to it: first
/// what its author can do alone, then the narrowest grant that would do.
///
/// @param refused the decisions against its containers
/// @param known what is known about the policies
/// @param usable those that may be used, as {@link RefusalText} has them
record Remedies(
    Pod pod, List<Refused> refused, RefusalText known, Set<Policy> usable, Leniency leniency) {
  /// More profiles, or a longer line, are nothing to paste.
  private static final int MOST_PROFILES = 16;

  private static final int LONGEST_LINE = 1000;

  /// Names that are compared with a mistyped one.
  private static final int MOST_COMPARED = 500;

  /// Containers that are named.
  private static final int MOST_NAMED = 10;

  private static final Comparator<ProfileName> BY_TEXT = Comparator.comparing(ProfileName::text);

  /// Those of a pod in which nothing else is wrong: a grant would not help it otherwise.
  static List<Remedy> of(
      Pod pod,
      List<ContainerDecision> decisions,
      UsablePolicies policies,
      NoPolicyDefault withoutPolicies,
      Leniency leniency) {
    List<Refused> refused = new ArrayList<>();
    for (ContainerDecision decision : decisions) {
      switch (decision) {
        case Refused each -> refused.add(each);
        case Admitted _ -> {}
        case InvalidPod _, Undecided _, Unusable _ -> {
          return List.of();
        }
      }
    }
    return refused.isEmpty() || !pod.errors().isEmpty()
        ? List.of()
        : of(pod, refused, policies.refusal(withoutPolicies), leniency).all();
  }

  private static Remedies of(Pod pod, List<Refused> refused, RefusalText known, Leniency leniency) {
    return new Remedies(pod, refused, known, new HashSet<>(known.usable()), leniency);
  }

  private List<Remedy> all() {
    List<Remedy> all = new ArrayList<>();
    useAllowed().ifPresent(all::add);
    dropPrivileged().ifPresent(all::add);
    byAdministrator().ifPresent(all::add);
    return all;
  }

  /// The profile that a container is judged by.
  private ProfileName judgedAs(Refused each) {
    return isFiltered(each) ? each.profile() : ProfileName.UNCONFINED;
  }

  private boolean isFiltered(Refused each) {
    return UnfilteredReason.of(pod, each.container(), leniency) == null;
  }

  private boolean mayUse(ProfileName profile) {
    return known.all().all().isEmpty()
        ? known.withoutPolicies().allows(profile)
        : known.all().allowing(profile).stream().anyMatch(usable::contains);
  }

  private Optional<Remedy> useAllowed() {
    List<String> names =
        refused.stream().filter(this::isFiltered).map(each -> each.profile().text()).toList();
    if (names.isEmpty()) {
      return Optional.empty();
    }
    List<ProfileName> files =
        known.usable().stream()
            .flatMap(policy -> policy.allowed().stream())
            .flatMap(Remedies::file)
            .limit(MOST_COMPARED)
            .toList();
    // A slip of the keyboard, rather than a wish for another profile.
    String nearest =
        NearestName.of(names.getFirst(), files.stream().map(ProfileName::text).toList());
    Stream<ProfileName> better = files.stream().filter(profile -> profile.text().equals(nearest));
    Stream<ProfileName> usual =
        Stream.of(ProfileName.RUNTIME_DEFAULT, known.withoutPolicies().clusterDefault())
            .filter(profile -> !profile.equals(ProfileName.UNCONFINED));
    return Stream.of(better, usual, files.stream())
        .flatMap(each -> each)
        .filter(this::mayUse)
        .findFirst()
        .map(Remedy.UseAllowed::new);
  }

  private static Stream<ProfileName> file(AllowedProfile entry) {
    return switch (entry) {
      case AllowedProfile.Exactly(ProfileName.Localhost file) -> Stream.of(file);
      case AllowedProfile.Exactly _, AllowedProfile.Any _, AllowedProfile.Below _ -> Stream.empty();
    };
  }

  private Optional<Remedy> dropPrivileged() {
    List<String> containers = new ArrayList<>();
    for (Refused each : refused) {
      if (!isFiltered(each)) {
        if (pod.spec().windows() || !mayUse(each.profile())) {
          return Optional.empty();
        }
        containers.add(each.container().name());
      }
    }
    return containers.isEmpty() || containers.size() > MOST_NAMED
        ? Optional.empty()
        : Optional.of(new Remedy.DropPrivileged(containers));
  }

  private Optional<Remedy> byAdministrator() {
    Set<ProfileName> profiles =
        refused.stream()
            .map(this::judgedAs)
            .collect(Collectors.toCollection(() -> new TreeSet<>(BY_TEXT)));
    if (profiles.size() > MOST_PROFILES) {
      return Optional.empty();
    }
    Policy fitting = fitting(profiles);
    Remedy remedy;
    if (fitting != null) {
      NewGrant grant = grant(fitting.kind(), fitting.name());
      if (grant == null) {
        return Optional.empty();
      }
      remedy = new Remedy.GrantPolicy(grant);
    } else if (profiles.stream().allMatch(NewPolicy::canAllow)) {
      remedy = create(profiles);
    } else {
      return Optional.empty();
    }
    return isToBePasted(remedy) ? Optional.of(remedy) : Optional.empty();
  }

  private Remedy create(Set<ProfileName> profiles) {
    boolean first = known.all().all().isEmpty();
    NewPolicy everybody = first ? known.withoutPolicies().asPolicy() : null;
    Set<String> taken =
        known.all().all().stream().map(Policy::name).collect(Collectors.toCollection(TreeSet::new));
    if (everybody != null) {
      taken.add(everybody.name());
    }
    String name = PolicyNames.of(profiles, taken);
    return new Remedy.CreatePolicy(
        new NewPolicy(name, profiles.stream().map(ProfileName::text).toList(), List.of(), null),
        everybody,
        grant(Policy.Kind.SECCOMP_POLICY, name));
  }

  /// Null where every policy counts for all users, or the grantee cannot be named.
  private @Nullable NewGrant grant(Policy.Kind kind, String name) {
    return known.askers() == null || known.askers().grantee().name().length() > Subject.LONGEST_NAME
        ? null
        : new NewGrant(kind, name, List.of(known.askers().grantee()), known.namespace());
  }

  /// The narrowest policy that allows all of them, and nothing that may not be used already; null
  /// where there is none.
  private @Nullable Policy fitting(Set<ProfileName> profiles) {
    return known.all().allowing(profiles.iterator().next()).stream()
        // To use a PodSecurityPolicy is to use all of it, of which seccomp is a part.
        .filter(policy -> policy.kind() == Policy.Kind.SECCOMP_POLICY)
        .filter(policy -> profiles.stream().allMatch(policy::allows))
        .filter(policy -> addsNothing(policy, profiles))
        .min(
            Comparator.comparingInt((Policy policy) -> policy.allowed().size())
                .thenComparing(Policy.BY_NAME))
        .orElse(null);
  }

  private boolean addsNothing(Policy policy, Set<ProfileName> profiles) {
    return policy.stricterThan().isEmpty()
        && policy.allowed().stream()
            .allMatch(entry ->
                entry instanceof AllowedProfile.Exactly(ProfileName name)
                    && (profiles.contains(name) || mayUse(name)))
        && (policy.defaultProfile() == null || policy.defaultProfile().equals(currentDefault()));
  }

  /// What containers get now that name nothing: another default could take its place.
  private ProfileName currentDefault() {
    return known.usable().stream()
        .map(Policy::defaultProfile)
        .flatMap(Stream::ofNullable)
        .findFirst()
        .orElse(known.withoutPolicies().clusterDefault());
  }

  private static boolean isToBePasted(Remedy remedy) {
    return remedy.commands().stream()
        .allMatch(words ->
            words.stream().allMatch(ShellQuote::isShown)
                && ShellQuote.join(words).length() <= LONGEST_LINE);
  }
}
