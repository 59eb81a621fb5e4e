package dev.portcullis.pods.decide;

import dev.portcullis.documents.Position;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Grant;
import dev.portcullis.pods.resolve.Origin;
import java.util.List;

/// How a decision about a container came to be, for people who ask.
///
/// @param levels where a profile could be named, in the order in which they count
/// @param unfiltered why the container has no filter whatever it names; empty where it has
/// @param asked whose grants count; empty where every policy counts for all users
/// @param policies all that there are, by name
public record Explanation(
    List<Level> levels, String unfiltered, String asked, List<Considered> policies) {
  public Explanation {
    levels = List.copyOf(levels);
    policies = List.copyOf(policies);
  }

  /// A place where a profile could be named.
  ///
  /// @param value what stands there; empty where nothing does
  /// @param decides whether it is the first where something does
  public record Level(Origin origin, String value, Position at, boolean decides) {}

  /// A policy.
  ///
  /// @param allows whether it allows the profile
  /// @param grants by which those who ask may use it; none where they may not, or where every
  ///   policy counts for all users
  public record Considered(Policy policy, boolean allows, List<Grant> grants) {
    public Considered {
      grants = List.copyOf(grants);
    }
  }
}
