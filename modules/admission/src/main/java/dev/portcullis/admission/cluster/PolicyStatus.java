package dev.portcullis.admission.cluster;

import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ApiFailure;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.PatchKind;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.object.FieldError;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Writes into a SeccompPolicy how many of its entries cannot be used, and which.
///
/// Every replica writes the same, and only where it is not there yet; the second one finds nothing
/// to do. A status that cannot be written does no harm: it is logged, and written after the next
/// change.
public final class PolicyStatus implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PolicyStatus.class.getName());

  private static final ApiCollection POLICIES =
      ApiCollection.of("/apis/portcullis.dev/v1alpha1/seccomppolicies");

  /// How many errors the message names.
  private static final int NAMED = 5;

  private final ClusterConnection connection;
  private final InstantSource clock;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("policy status").factory());

  public PolicyStatus(ClusterConnection connection, InstantSource clock) {
    this.connection = connection;
    this.clock = clock;
  }

  void write(StoredObject policy, List<FieldError> errors) {
    Long generation = StoredObject.number(policy.metadata(), "generation");
    long observed = generation == null ? 0 : generation;
    if (isThere(policy, observed, errors.size())) {
      return;
    }
    Mapping patch = patch(observed, errors, clock.instant());
    String name = policy.name();
    writer.execute(() -> send(name, patch));
  }

  private static boolean isThere(StoredObject policy, long observed, int invalid) {
    Mapping status = StoredObject.mapping(policy.whole(), "status");
    return Objects.equals(StoredObject.number(status, "observedGeneration"), observed)
        && Objects.equals(StoredObject.number(status, "invalidEntries"), (long) invalid);
  }

  static Mapping patch(long observed, List<FieldError> errors, Instant now) {
    boolean valid = errors.isEmpty();
    // Never empty: an API server of 1.20, built with Go 1.19, takes an empty string in a custom
    // resource for null, and refuses it.
    StringBuilder message = new StringBuilder(valid ? "all entries are valid" : "");
    for (FieldError error : errors.subList(0, Math.min(NAMED, errors.size()))) {
      message
          .append(message.isEmpty() ? "" : "; ")
          .append(error.field())
          .append(": ")
          .append(error.message());
    }
    if (errors.size() > NAMED) {
      message.append("; and ").append(errors.size() - NAMED).append(" more");
    }
    Mapping condition =
        new MappingBuilder()
            .put("type", "Valid")
            .put("status", valid ? "True" : "False")
            .put("reason", valid ? "AllEntriesUsable" : "InvalidEntries")
            .put("message", message.substring(0, Math.min(message.length(), 4096)))
            .put("observedGeneration", observed)
            .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
            .build();
    return new MappingBuilder()
        .put(
            "status",
            new MappingBuilder()
                .put("observedGeneration", observed)
                .put("invalidEntries", errors.size())
                .put("conditions", List.of(condition))
                .build())
        .build();
  }

  private void send(String name, Mapping patch) {
    String what = "write the status of SeccompPolicy \"" + name + "\"";
    try {
      connection.patch(POLICIES.item(name) + "/status", PatchKind.MERGE, patch, what);
    } catch (ApiFailure failed) {
      LOG.log(Level.WARNING, "cannot " + what + ": " + failed.words());
    }
  }

  @Override
  public void close() {
    writer.shutdownNow();
  }
}
