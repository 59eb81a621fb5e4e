package dev.portcullis.node.proxy;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Is notified of what was decided.
public interface GateListener {

  /// Which container it is about.
  ///
  /// @param pod with its namespace, `default/web`
  record Subject(String pod, String container) {}

  /// The runtime is asked for the container.
  ///
  /// @param note what its owner may not expect; null where there is nothing
  void admitted(Subject subject, ContainerRecord record, @Nullable String note);

  /// The runtime is asked for the container, and somebody should know: its profile may not do what
  /// its author meant, or what was decided could not be kept.
  void warned(Subject subject, String words);

  /// The kubelet got an error.
  void refused(Subject subject, String message);

  /// A sandbox was asked of the runtime without some annotations of its pod, as runtimes obey them.
  ///
  /// @param pod with its namespace
  /// @param keys of the annotations
  void withheld(String pod, List<String> keys);

  /// A container is about to be made whose pod asks for a recording. It may take two seconds.
  ///
  /// @return is given the id that the runtime gave the container, before its program begins; must
  ///   not block
  Consumer<String> recordable(RecordableContainer container);

  /// A container or a sandbox may have been removed.
  void removed();
}
