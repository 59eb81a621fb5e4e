package dev.portcullis.pods.rbac;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may run a pod under a profile in a namespace: the other direction of {@link Rbac#mayUse}.
///
/// @param everybody whether nobody needs a grant: there is no policy, and it is the profile that
///   everybody may use then
/// @param allowing the policies that allow the profile, by name
/// @param onlyDefault the policies whose default the profile is, and which do not allow it
public record WhoCan(boolean everybody, List<Allowing> allowing, List<Policy> onlyDefault) {

  /// A policy that allows the profile.
  ///
  /// @param grants who may use it; the group `system:masters` always may
  public record Allowing(Policy policy, List<Grant> grants) {
    public Allowing {
      grants = List.copyOf(grants);
    }
  }

  /// One way in which somebody may use a policy.
  ///
  /// @param binding null for who may everything without one
  /// @param role null like the binding
  public record Grant(Named subject, @Nullable Named binding, @Nullable Named role) {}

  /// An object or a subject of RBAC.
  ///
  /// @param namespace null where the kind has none
  public record Named(String kind, @Nullable String namespace, String name) {
    @Override
    public String toString() {
      return kind + " " + (namespace == null ? name : namespace + "/" + name);
    }
  }

  private static final Comparator<Grant> ORDER =
      Comparator.comparing((Grant grant) -> grant.binding() == null)
          .thenComparing(grant -> grant.subject().toString())
          .thenComparing(grant -> String.valueOf(grant.binding()));

  public WhoCan {
    allowing = List.copyOf(allowing);
    onlyDefault = List.copyOf(onlyDefault);
  }

  public static WhoCan use(
      ProfileName profile, String namespace, List<Policy> policies, Rbac rbac) {
    List<Allowing> allowing = new ArrayList<>();
    List<Policy> onlyDefault = new ArrayList<>();
    for (Policy policy : policies.stream().sorted(Policy.BY_NAME).toList()) {
      if (policy.allows(profile)) {
        allowing.add(new Allowing(policy, grants(policy, namespace, rbac)));
      } else if (profile.equals(policy.defaultProfile())) {
        onlyDefault.add(policy);
      }
    }
    boolean everybody = policies.isEmpty() && profile.equals(ProfileName.RUNTIME_DEFAULT);
    return new WhoCan(everybody, allowing, onlyDefault);
  }

  private static List<Grant> grants(Policy policy, String namespace, Rbac rbac) {
    Set<Grant> grants = new LinkedHashSet<>();
    for (Binding binding : rbac.bindings()) {
      if (binding.holdsIn(namespace) && Rbac.use(rbac.rules(binding.role()), policy)) {
        for (Binding.Subject subject : binding.subjects()) {
          grants.add(
              new Grant(
                  named(subject), named(binding.kind(), binding.key()), named(binding.role())));
        }
      }
    }
    grants.add(new Grant(new Named("Group", null, Rbac.MASTERS), null, null));
    return grants.stream().sorted(ORDER).toList();
  }

  private static Named named(Binding.Subject subject) {
    return new Named(
        subject.kind().text(),
        switch (subject.kind()) {
          case USER, GROUP -> null;
          case SERVICE_ACCOUNT -> subject.namespace();
        },
        subject.name());
  }

  private static Named named(Role.Key role) {
    return named(role.kind(), role);
  }

  private static Named named(String kind, Role.Key key) {
    return new Named(kind, key.namespace(), key.name());
  }
}
