package dev.portcullis.cli.input;

import dev.portcullis.admission.cluster.ClusterPods;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import java.io.IOException;

/// Finds out where a pod runs that does not run here: as the API server knows it, where one can be
/// asked.
record PodNode(Arguments arguments) {

  /// What to do about it; the end of a sentence.
  String of(PodArgument pod) {
    try (ClusterConnection connection = ClusterOptions.open(arguments)) {
      Mapping found = new ClusterPods(connection).pod(pod.namespace(), pod.name());
      return found.present("spec") instanceof Mapping spec
              && spec.present("nodeName") instanceof Value.Text(_, String node)
          ? "; it runs on node \"" + node + "\": run this there" + orAnotherRuntime()
          : "; it has no node yet";
    } catch (IOException | UsageException unknown) {
      boolean asked =
          arguments.has(ClusterOptions.KUBECONFIG) || arguments.has(ClusterOptions.CONTEXT);
      return "; run this on the node of the pod, which kubectl get pod "
          + pod.name()
          + " -n "
          + pod.namespace()
          + " -o wide shows"
          + orAnotherRuntime()
          + (asked ? " (" + unknown.getMessage() + ")" : "");
    }
  }

  private static String orAnotherRuntime() {
    return ", or name its runtime with " + RuntimeOptions.USUAL_ENDPOINT.text();
  }
}
