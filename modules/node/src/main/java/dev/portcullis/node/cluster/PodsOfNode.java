package dev.portcullis.node.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import dev.portcullis.pods.spec.SeccompField;
import dev.portcullis.profiles.record.PodRecord;
import dev.portcullis.profiles.record.ProofRecord;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The pods that the API server has bound to a node, asked for when somebody wants to know.
public final class PodsOfNode {
  /// A node has a hundred pods or so, of 10 kB and 300 values each, and hardly more than five
  /// hundred. A larger list is not read, and so all profiles count as used: what reads it is the
  /// process that every pod of the node depends on, with little memory. A value takes up to 130
  /// bytes.
  private static final Limits LIMITS = new Limits(8 * 1024 * 1024, 100, 200_000);

  private PodsOfNode() {}

  /// The paths of all `localhost/` profiles that the node's pods name anywhere: by a field or an
  /// annotation, whichever counts in the end, or as what they are no weaker than. Pods that have
  /// ended name none.
  public static Set<String> profiles(ClusterConnection connection, String node) throws IOException {
    // resourceVersion=0: from the API server's memory, where pods are indexed by their node. Any
    // other list is read from etcd as a whole, the pods of all nodes.
    String path =
        "/api/v1/pods?resourceVersion=0&fieldSelector="
            + URLEncoder.encode(
                "spec.nodeName=" + node + ",status.phase!=Succeeded,status.phase!=Failed", UTF_8);
    Mapping list = connection.get(path, "GET " + path, LIMITS);
    if (list == null) {
      throw new IOException("the API server at " + connection.server() + " has no pods");
    }
    return read(list);
  }

  /// Those of one pod.
  static Set<String> ofPod(Mapping pod) throws IOException {
    Set<String> paths = new HashSet<>();
    add(pod, paths);
    return paths;
  }

  static Set<String> read(Mapping list) throws IOException {
    if (!(list.get("items") instanceof Sequence items)) {
      throw new IOException("the list of this node's pods cannot be read");
    }
    Set<String> paths = new HashSet<>();
    for (Value item : items.items()) {
      add(item, paths);
    }
    return paths;
  }

  private static void add(Value item, Set<String> paths) throws IOException {
    Pod pod =
        item instanceof Mapping manifest
            ? PodReader.read(new KubernetesObject("v1", "Pod", manifest))
            : null;
    if (pod == null) {
      throw new IOException("a pod of this node cannot be read");
    }
    add(pod, paths);
  }

  private static void add(Pod pod, Set<String> paths) {
    for (Annotation annotation : pod.annotations().values()) {
      add(ProfileText.read(annotation.value()), paths);
    }
    add(pod.spec().seccomp(), paths);
    addBases(pod, paths);
    for (Container container : pod.spec().containers()) {
      add(container.seccomp(), paths);
    }
  }

  /// The profiles that others of the pod's are no weaker than. Without their files the node could
  /// not check that, when it makes a container anew.
  private static void addBases(Pod pod, Set<String> paths) {
    if (pod.object().manifest().present("metadata") instanceof Mapping metadata
        && metadata.present("annotations") instanceof Mapping annotations
        && annotations.present(PodRecord.PROVEN) instanceof Value.Text(_, String text)) {
      ProofRecord record = ProofRecord.read(text);
      if (record != null) {
        record
            .byProfile()
            .values()
            .forEach(proven -> add(new ProfileText.Named(proven.than()), paths));
      }
    }
  }

  private static void add(@Nullable SeccompField field, Set<String> paths) {
    if (field != null && field.localhostProfile() != null) {
      add(ProfileText.localhost(field.localhostProfile()), paths);
    }
  }

  private static void add(ProfileText.Meaning meaning, Set<String> paths) {
    if (meaning instanceof ProfileText.Named(ProfileName.Localhost localhost)) {
      paths.add(localhost.cleaned());
    }
  }
}
