package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.NewPolicy;
import java.util.List;

/// The profiles that all users may use in a cluster without any policy: the runtime's default, and
/// what the administrator set as the default of the cluster. Where the name came from does not
/// matter: what admission writes into a pod that names nothing is the pod's own field when it is
/// judged again.
///
/// @param clusterDefault of containers to which nothing else gives a profile
public record NoPolicyDefault(ProfileName clusterDefault) {
  public boolean allows(ProfileName profile) {
    return profile.equals(ProfileName.RUNTIME_DEFAULT) || profile.equals(clusterDefault);
  }

  /// What it is, for messages.
  public String text() {
    return clusterDefault.equals(ProfileName.RUNTIME_DEFAULT)
        ? clusterDefault.text()
        : ProfileName.RUNTIME_DEFAULT.text()
            + " and the cluster's default "
            + RefusalText.shown(clusterDefault);
  }

  /// The policy that, granted to everybody, leaves them what they have without one.
  public NewPolicy asPolicy() {
    return new NewPolicy(
        "everybody",
        List.of(ProfileName.RUNTIME_DEFAULT.text(), clusterDefault.text()),
        List.of(),
        clusterDefault.text());
  }
}
