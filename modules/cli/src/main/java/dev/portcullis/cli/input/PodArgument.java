package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.PodOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.KnownContainer;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.pods.object.ObjectNames;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A container of a pod on the command line, as the runtime of this machine has it: `pod/NAME`.
///
/// @param container null for the only one that runs
record PodArgument(String namespace, String name, @Nullable String container) {
  /// As kubectl takes them.
  private static final Set<String> WORDS = Set.of("pod", "pods", "po");

  // The kubelet's labels, `pkg/kubelet/types/labels.go`. CRI has no other place for a pod's name
  // in a list of containers.
  private static final String POD_NAME = "io.kubernetes.pod.name";
  private static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";

  static boolean isOne(String operand) {
    int slash = operand.indexOf('/');
    return slash > 0 && WORDS.contains(operand.substring(0, slash));
  }

  static PodArgument read(String operand, Arguments arguments) throws UsageException {
    String name = operand.substring(operand.indexOf('/') + 1);
    String namespace = arguments.text(PodOptions.NAMESPACE);
    String container = arguments.value(PodOptions.CONTAINER);
    if (!ObjectNames.isSubdomain(name)) {
      throw new UsageException("\"" + operand + "\": the name of a pod " + ObjectNames.SUBDOMAIN);
    }
    if (!ObjectNames.isLabel(namespace)) {
      throw new UsageException(
          PodOptions.NAMESPACE.text() + " \"" + namespace + "\" " + ObjectNames.LABEL);
    }
    if (container != null && !ObjectNames.isLabel(container)) {
      throw new UsageException(
          PodOptions.CONTAINER.text() + " \"" + container + "\" " + ObjectNames.LABEL);
    }
    return new PodArgument(namespace, name, container);
  }

  /// The first process of the container.
  ///
  /// @param endpoint of the runtime that is asked
  /// @param node who is asked where the pod runs, if not here
  OpenProcess open(String endpoint, PodNode node) throws UsageException, IOException {
    try (Cri cri = Cri.observe(endpoint)) {
      List<KnownContainer> all = cri.all();
      List<KnownContainer> own = all.stream().filter(this::isOurs).toList();
      if (own.isEmpty()) {
        throw new IOException(missing(cri, endpoint, all, node));
      }
      return open(cri, chosen(own));
    } catch (CriException e) {
      throw new IOException(
          label()
              + ": "
              + e.getMessage()
              + (e.kind() == CriException.Kind.UNREACHABLE ? node.of(this) : ""),
          e);
    }
  }

  private boolean isOurs(KnownContainer known) {
    return name.equals(known.labels().get(POD_NAME))
        && namespace.equals(known.labels().get(POD_NAMESPACE));
  }

  private String missing(Cri cri, String endpoint, List<KnownContainer> all, PodNode node)
      throws CriException {
    if (!cri.sandboxes(Map.of(POD_NAME, name, POD_NAMESPACE, namespace)).isEmpty()) {
      return label() + ": it has no container yet";
    }
    Set<String> elsewhere =
        all.stream()
            .filter(known -> name.equals(known.labels().get(POD_NAME)))
            .map(known -> known.labels().getOrDefault(POD_NAMESPACE, ""))
            .collect(Collectors.toCollection(TreeSet::new));
    return label()
        + ": the runtime at "
        + endpoint
        + " has no such pod"
        + (elsewhere.isEmpty()
            ? node.of(this)
            : "; it has one in namespace "
                + String.join(", ", elsewhere)
                + ": say "
                + PodOptions.NAMESPACE.text());
  }

  private KnownContainer chosen(List<KnownContainer> own) throws UsageException, IOException {
    List<KnownContainer> running =
        own.stream()
            .filter(KnownContainer::running)
            .filter(known -> container == null || known.name().equals(container))
            .toList();
    if (running.size() == 1) {
      return running.getFirst();
    }
    if (running.isEmpty()) {
      throw new IOException(
          label()
              + (container == null
                  ? ": no container of it runs; it has " + names(own)
                  : own.stream().anyMatch(known -> known.name().equals(container))
                      ? ": container \"" + container + "\" does not run"
                      : ": there is no container \"" + container + "\"; it has " + names(own)));
    }
    throw new UsageException(
        label()
            + (container == null
                ? ": several containers run: "
                    + names(running)
                    + "; choose one with "
                    + PodOptions.CONTAINER.text()
                : ": the runtime has "
                    + running.size()
                    + " pods of this name with a container \""
                    + container
                    + "\"; give the process itself, pid:N"));
  }

  private static String names(List<KnownContainer> containers) {
    return containers.stream()
        .map(KnownContainer::name)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /// Holds the process, and then makes sure that it is the container's: the number may belong to
  /// another one by now, or count in another namespace of processes than ours.
  private OpenProcess open(Cri cri, KnownContainer chosen) throws CriException, IOException {
    String text = label() + ", container \"" + chosen.name() + "\"";
    Long pid = cri.containerStatus(chosen.id()).pid();
    if (pid == null) {
      throw new IOException(text + ": the runtime does not tell its process; it may have ended");
    }
    LiveProcess process =
        LiveProcess.open(pid)
            .orElseThrow(() ->
                new IOException(text + ": its process, " + pid + ", has ended or is not here"));
    try {
      if (!process.inContainer(chosen.id())) {
        throw new IOException(
            text
                + ": process "
                + pid
                + " is not in this container; it has ended, or the runtime counts processes in"
                + " another namespace");
      }
      return new OpenProcess(
          text + " (pid:" + pid + ")",
          process,
          new DenialPlace.OfContainer(namespace, name, chosen.name()));
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  /// The pod for messages.
  String label() {
    return "pod " + namespace + "/" + name;
  }
}
