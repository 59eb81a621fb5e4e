package dev.portcullis.pods.policy;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.GoQuote;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which profiles may be used by those who may use the policy, and which one a pod gets that names
/// none.
///
/// @param stricterThan profiles: one that is proven to be no weaker than any of them is allowed,
///   too
/// @param defaultProfile null where the policy has none. It is not allowed by being the default
public record Policy(
    Kind kind,
    String name,
    List<AllowedProfile> allowed,
    List<ProfileName> stricterThan,
    @Nullable ProfileName defaultProfile) {

  /// By name, in byte order; where a SeccompPolicy and a PodSecurityPolicy share one, ours first.
  public static final Comparator<Policy> BY_NAME =
      Comparator.comparing(Policy::name).thenComparing(Policy::kind);

  /// By how much they allow: patterns and `unconfined` last, then by the number of entries.
  public static final Comparator<Policy> NARROWEST_FIRST =
      Comparator.comparingInt(Policy::reach)
          .thenComparingInt(policy -> policy.allowed().size() + policy.stricterThan().size())
          .thenComparing(BY_NAME);

  public Policy {
    allowed = List.copyOf(allowed);
    stricterThan = List.copyOf(stricterThan);
  }

  /// By its name, which is all that most policies differ by: decisions keep them in sets, and some
  /// have hundreds of entries.
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /// Its kind and name, for messages: `SeccompPolicy "developers"`.
  public String label() {
    return kind.text() + " " + GoQuote.quote(name);
  }

  /// A policy that allows by name alone.
  public Policy(
      Kind kind, String name, List<AllowedProfile> allowed, @Nullable ProfileName defaultProfile) {
    this(kind, name, allowed, List.of(), defaultProfile);
  }

  /// The kind of object that a policy is, and what RBAC calls it.
  public enum Kind {
    SECCOMP_POLICY("SeccompPolicy", "seccomppolicies"),
    POD_SECURITY_POLICY("PodSecurityPolicy", "podsecuritypolicies");

    private final String text;
    private final String resource;

    Kind(String text, String resource) {
      this.text = text;
      this.resource = resource;
    }

    public String text() {
      return text;
    }

    /// The resource's name in RBAC rules.
    public String resource() {
      return resource;
    }

    /// The API groups in which the verb `use` on the policy is a grant. PodSecurityPolicy moved
    /// from `extensions` to `policy`; either counts.
    public List<String> groups() {
      return switch (this) {
        case SECCOMP_POLICY -> List.of("portcullis.dev");
        case POD_SECURITY_POLICY -> List.of("policy", "extensions");
      };
    }
  }

  /// Whether a profile is allowed by its name; what `stricterThan` allows takes a proof.
  public boolean allows(ProfileName profile) {
    for (AllowedProfile entry : allowed) {
      if (entry.allows(profile)) {
        return true;
      }
    }
    return false;
  }

  /// What it allows, for messages.
  public String allowedText() {
    List<String> texts = new ArrayList<>(allowed.stream().map(AllowedProfile::text).toList());
    if (!stricterThan.isEmpty()) {
      texts.add(
          "profiles no weaker than "
              + String.join(" or ", stricterThan.stream().map(ProfileName::text).toList()));
    }
    return texts.isEmpty() ? "nothing" : String.join(", ", texts);
  }

  private int reach() {
    int widest = stricterThan.isEmpty() ? 0 : 1;
    for (AllowedProfile entry : allowed) {
      widest =
          Math.max(
              widest,
              switch (entry) {
                case AllowedProfile.Exactly(ProfileName.Unconfined _) -> 2;
                case AllowedProfile.Exactly _ -> 0;
                case AllowedProfile.Below _ -> 1;
                case AllowedProfile.Any _ -> 3;
              });
    }
    return widest;
  }
}
