package dev.portcullis.admission;

import dev.portcullis.admission.ruling.Scope;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a webhook is to run.
///
/// @param clusterDefault the profile of pods that name none where no policy has a default
/// @param leniency where pods are taken at their word
/// @param grantCache how long an answer about a grant counts
/// @param inFlight reviews that are worked on at once
/// @param connectionsOfAddress connections of one address that may be open at once
/// @param clients who may ask; null where everybody may who reaches the port
/// @param profilesNamespace where the ConfigMaps are from which nodes have their profiles; null for
///   none
/// @param kubeconfig null for the service account of the pod this runs in, or kubectl's own
public record WebhookOptions(
    InetSocketAddress listen,
    Scope scope,
    ProfileName clusterDefault,
    Leniency leniency,
    Certificate certificate,
    Duration grantCache,
    int inFlight,
    int connectionsOfAddress,
    @Nullable Clients clients,
    @Nullable String profilesNamespace,
    @Nullable Path kubeconfig) {

  /// Whose API servers may ask.
  ///
  /// @param authorities a file of certificates, which somebody else keeps
  /// @param names common names or DNS names of which a certificate must have one; empty for any
  public record Clients(Path authorities, Set<String> names) {
    public Clients {
      names = Set.copyOf(names);
    }
  }

  /// Where the serving certificate comes from.
  public sealed interface Certificate {

    /// Files that somebody else keeps.
    record Mounted(Path certificate, Path key) implements Certificate {}

    /// Made here, and kept in a Secret that all replicas share.
    ///
    /// @param service the name under which API servers call
    record SelfMade(String namespace, String secret, String service) implements Certificate {}
  }
}
