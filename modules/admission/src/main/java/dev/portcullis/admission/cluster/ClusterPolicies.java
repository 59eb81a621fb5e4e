package dev.portcullis.admission.cluster;

import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ObjectWatch;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.cluster.WatchPace;
import dev.portcullis.cluster.WatchTarget;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyReader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The policies of the cluster: SeccompPolicies, and PodSecurityPolicies where the server has them.
///
/// Of a policy with a wrong entry the others count: they allow no more than was meant, and one slip
/// must not stop everybody whom the policy serves.
public final class ClusterPolicies implements Supplier<Policies>, AutoCloseable {
  private static final Logger LOG = System.getLogger(ClusterPolicies.class.getName());

  private final ClusterConnection connection;
  private final @Nullable PolicyStatus status;
  private final Map<Key, Known> known = new HashMap<>();
  private final List<ObjectWatch> watches = new ArrayList<>();

  /// Null from a change until it is needed: a first list of thousands is sorted once.
  private volatile @Nullable Policies current;

  private record Key(Policy.Kind kind, String name) {}

  /// What is known of one object.
  ///
  /// @param policy null where it is none, such as a PodSecurityPolicy that does not mention seccomp
  record Known(@Nullable Policy policy, int invalidEntries) {

    static Known of(Policy.Kind kind, String name, PolicyReader.Found found) {
      return switch (found) {
        case PolicyReader.Usable(Policy policy) -> new Known(policy, 0);
        case PolicyReader.Broken(List<FieldError> wrong, Policy sound) ->
            sound == null ? unusable(kind, name, wrong.size()) : new Known(sound, wrong.size());
        case PolicyReader.Silent _, PolicyReader.NoPolicy _ -> new Known(null, 0);
      };
    }

    /// A policy that allows nothing, and yet is one: were it passed over, a cluster without another
    /// would count as one without policies, where some profiles need no grant.
    static Known unusable(Policy.Kind kind, String name, int invalidEntries) {
      return new Known(new Policy(kind, name, List.of(), null), invalidEntries);
    }
  }

  private ClusterPolicies(ClusterConnection connection, @Nullable PolicyStatus status) {
    this.connection = connection;
    this.status = status;
  }

  /// Begins to follow the policies.
  ///
  /// @param status is given what was found wrong in a policy; null where that is not reported
  public static ClusterPolicies follow(ClusterConnection connection, @Nullable PolicyStatus status)
      throws IOException {
    // First what can fail: a watch that was begun would go on.
    boolean two = ServerVersion.servesPodSecurityPolicies(connection);
    ClusterPolicies policies = new ClusterPolicies(connection, status);
    policies.watch(Policy.Kind.SECCOMP_POLICY, "portcullis.dev/v1alpha1");
    if (two) {
      policies.watch(Policy.Kind.POD_SECURITY_POLICY, ServerVersion.POLICY_V1BETA1);
    }
    return policies;
  }

  private void watch(Policy.Kind kind, String apiVersion) {
    watches.add(
        ObjectWatch.start(
            connection,
            ApiCollection.of("/apis/" + apiVersion + "/" + kind.resource()),
            new WatchTarget(kind.resource(), WatchTarget.Need.NEEDED),
            WatchPace.ofReplicas(),
            ObjectWatch.PAGE,
            object -> changed(kind, apiVersion, object),
            name -> removed(kind, name)));
  }

  /// All of them, as they are now.
  @Override
  public Policies get() {
    Policies policies = current;
    if (policies == null) {
      synchronized (known) {
        policies =
            Policies.of(
                known.values().stream().map(Known::policy).filter(Objects::nonNull).toList());
        current = policies;
      }
    }
    return policies;
  }

  /// Whether the first list of every kind is in: before that nothing can be judged.
  public boolean synced() {
    return watches.stream().allMatch(ObjectWatch::synced);
  }

  /// How many policies have entries that cannot be used.
  public int invalid() {
    synchronized (known) {
      return (int) known.values().stream().filter(it -> it.invalidEntries() > 0).count();
    }
  }

  private void changed(Policy.Kind kind, String apiVersion, StoredObject object) {
    String name = object.name();
    // Until it has been read: were it passed over, there might be none at all.
    put(new Key(kind, name), Known.unusable(kind, name, 1));
    List<FieldError> errors = List.of();
    PolicyReader.Found found =
        PolicyReader.read(new KubernetesObject(apiVersion, kind.text(), object.whole()));
    if (found instanceof PolicyReader.Broken(List<FieldError> wrong, _)) {
      errors = wrong;
      LOG.log(
          Level.WARNING,
          "{0} \"{1}\" has {2} invalid entries, which allow nothing; the first: {3}: {4}",
          kind.text(),
          name,
          wrong.size(),
          wrong.getFirst().field(),
          wrong.getFirst().message());
    }
    put(new Key(kind, name), Known.of(kind, name, found));
    if (status != null && kind == Policy.Kind.SECCOMP_POLICY) {
      status.write(object, errors);
    }
  }

  private void removed(Policy.Kind kind, String name) {
    synchronized (known) {
      known.remove(new Key(kind, name));
      current = null;
    }
  }

  private void put(Key key, Known policy) {
    synchronized (known) {
      known.put(key, policy);
      current = null;
    }
  }

  @Override
  public void close() {
    watches.forEach(ObjectWatch::close);
  }
}
