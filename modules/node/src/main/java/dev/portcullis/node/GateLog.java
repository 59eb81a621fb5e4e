package dev.portcullis.node;

import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.node.measure.NodeMetrics;
import dev.portcullis.node.proxy.ContainerRecord;
import dev.portcullis.node.proxy.GateListener;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.pods.rbac.Subject;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Logs and counts what was decided about containers, and passes on what features of the agent need
/// to know.
///
/// @param recording null where the agent records nothing
/// @param removal is run when a container or a sandbox may have been removed
record GateLog(NodeMetrics metrics, @Nullable RecordingFeature recording, Runnable removal)
    implements GateListener {
  private static final Logger LOG = Logger.getLogger(GateLog.class.getName());

  @Override
  public void admitted(Subject subject, ContainerRecord record, @Nullable String note) {
    metrics.created(record, note != null);
    MappingBuilder fields =
        about(subject).put("profile", record.profile()).put("origin", record.origin());
    if (record.file() != null) {
      fields.put("sha256", record.file());
    }
    if (note != null) {
      fields.put("note", note);
    }
    LOG.log(note == null ? Level.INFO : Level.WARNING, "container", fields.build());
  }

  @Override
  public void warned(Subject subject, String words) {
    LOG.log(
        Level.WARNING,
        "container made with a warning",
        about(subject).put("reason", words).build());
  }

  @Override
  public void refused(Subject subject, String message) {
    metrics.refused();
    LOG.log(Level.WARNING, "container refused", about(subject).put("reason", message).build());
  }

  private static MappingBuilder about(Subject subject) {
    return new MappingBuilder().put("pod", subject.pod()).put("container", subject.container());
  }

  @Override
  public void withheld(String pod, List<String> keys) {
    LOG.log(
        Level.WARNING,
        "annotations that runtimes obey are not passed on",
        new MappingBuilder().put("pod", pod).put("annotations", String.join(", ", keys)).build());
  }

  @Override
  public Consumer<String> recordable(RecordableContainer container) {
    if (recording != null) {
      return recording.expect(container);
    }
    LOG.log(
        Level.WARNING,
        "a pod asks for a recording, and this agent was started without --record",
        new MappingBuilder()
            .put("pod", container.namespace() + "/" + container.pod())
            .put("container", container.container())
            .build());
    return _ -> {};
  }

  @Override
  public void removed() {
    removal.run();
  }
}
