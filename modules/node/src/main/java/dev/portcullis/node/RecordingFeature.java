package dev.portcullis.node;

import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.node.recording.RecordingMonitor;
import dev.portcullis.node.truth.NodeInspector;
import dev.portcullis.pods.spec.SeccompKeys;
import dev.portcullis.seccomp.compile.Compiler;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The recordings that pods ask for: as files and, where there is a cluster, as ConfigMaps.
final class RecordingFeature implements NodeFeature {
  private static final Logger LOG = Logger.getLogger(RecordingFeature.class.getName());

  private final @Nullable ProposalPublisher proposals;
  private final RecordingMonitor monitor;
  private final @Nullable RecordingWishes wishes;

  /// @param directory of the results
  /// @param namespace of the ConfigMaps with the same; null for none
  /// @param cluster null where pods are known by what the kubelet asks for alone
  /// @param look inspects the containers soon
  RecordingFeature(
      ThisMachine machine,
      Path directory,
      @Nullable String namespace,
      @Nullable DistributionOptions cluster,
      Compiler compiler,
      Runnable look) {
    proposals =
        cluster == null || namespace == null ? null : new ProposalPublisher(cluster, namespace);
    monitor =
        new RecordingMonitor(
            machine,
            directory,
            compiler,
            proposal -> {
              if (proposals != null) {
                proposals.publish(proposal);
              }
            });
    wishes = cluster == null ? null : new RecordingWishes(cluster, monitor, look);
  }

  @Override
  public void begin() {
    monitor.begin();
    if (wishes != null) {
      wishes.begin();
    } else {
      LOG.info(
          "pods that run already are not recorded when they get the annotation "
              + SeccompKeys.RECORD
              + ", only when a container of theirs is made: this needs the API server"
              + " (--profiles-namespace)");
    }
  }

  /// See {@link RecordingMonitor#expect}.
  Consumer<String> expect(RecordableContainer container) {
    return monitor.expect(container);
  }

  @Override
  public void looked(NodeInspector.Look look) {
    monitor.looked(look);
  }

  @Override
  public boolean followsStarts() {
    return true;
  }

  @Override
  public void close() {
    if (wishes != null) {
      wishes.close();
    }
    monitor.close();
    if (proposals != null) {
      proposals.close();
    }
  }
}
