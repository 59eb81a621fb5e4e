package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Table.Cell;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.node.proxy.ContainerRecord;
import dev.portcullis.node.proxy.SelectionOrigin;
import dev.portcullis.node.truth.ContainerFacts;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The containers of a node.
public record NodeReport(List<ContainerFacts> running) implements Report {
  private static final int SHOWN_OF_DIGEST = 12;
  private static final Comparator<ContainerFacts> BY_NAME =
      Comparator.comparing(ContainerFacts::pod).thenComparing(ContainerFacts::name);

  public NodeReport {
    running = List.copyOf(running);
  }

  @Override
  public void table(Terminal terminal) {
    Table table = new Table("POD", "CONTAINER", "PROFILE", "ORIGIN", "FILE", "KERNEL", "STATE");
    for (ContainerFacts container : running.stream().sorted(BY_NAME).toList()) {
      ContainerRecord record = container.record();
      table.row(
          Cell.of(container.pod()),
          Cell.of(container.name()),
          Cell.of(record == null ? "-" : record.profile()),
          Cell.of(record == null ? "-" : record.origin()),
          Cell.of(
              record == null || record.file() == null
                  ? "-"
                  : record.file().substring(0, Math.min(SHOWN_OF_DIGEST, record.file().length()))),
          Cell.of(KernelWords.of(container.kernel())),
          new Cell(container.state().text(), paint(container.state())));
    }
    table.print(terminal);
  }

  private static Paint paint(ContainerFacts.State state) {
    return switch (state) {
      case ALARM, CHANGED, DIFFERENT, EXCESS, UNPROVEN -> Paint.BAD;
      case FILTERED, PROVEN -> Paint.GOOD;
      case EQUAL -> Paint.WARNING;
      case UNCONFINED, FOREIGN, UNSEEN -> Paint.PLAIN;
    };
  }

  /// What is to be reported of a container that is as it should be; null where there is nothing.
  public static @Nullable String remark(ContainerFacts container) {
    String who = "container \"" + container.name() + "\" of pod " + container.pod();
    ContainerRecord record = container.record();
    SeccompState kernel = container.kernel();
    if (container.proof() instanceof Proof.Equal equal) {
      return who + " has not exactly the filter of its profile: " + equal.detail();
    }
    return record != null
            && record.origin().equals(SelectionOrigin.PRIVILEGED.text())
            && kernel != null
            && kernel.exceeds(container.inherited())
        ? who
            + " is privileged, and has a filter: one of its program's own, or that of the runtime for"
            + " privileged containers (privileged_seccomp_profile of CRI-O)"
        : null;
  }

  /// What is wrong with a container whose state is bad.
  public static String alarm(ContainerFacts container) {
    ContainerRecord record = container.record();
    Proof proof = container.proof();
    if (container.state() == ContainerFacts.State.CHANGED) {
      return "container \""
          + container.name()
          + "\" of pod "
          + container.pod()
          + " is told of by the runtime otherwise than it was asked for: it was restored from a"
          + " checkpoint image, or something between Portcullis and the runtime changes it";
    }
    if (container.state() == ContainerFacts.State.EXCESS) {
      return "container \""
          + container.name()
          + "\" of pod "
          + container.pod()
          + " has more rights than were requested: "
          + String.join("; ", container.excess());
    }
    return "container \""
        + container.name()
        + "\" of pod "
        + container.pod()
        + " should run under "
        + (record == null ? "a profile" : record.profile())
        + switch (proof) {
          case Proof.Different different -> ", and has another filter: " + different.detail();
          case Proof.Unknown(String reason) -> ", and it is not proven that it does: " + reason;
          case null -> saysTheKernel(container);
          case Proof.Proven _, Proof.Equal _ -> saysTheKernel(container);
        };
  }

  private static String saysTheKernel(ContainerFacts container) {
    return " and the kernel says " + KernelWords.of(container.kernel());
  }

  /// One document: `{"containers": [...]}`.
  @Override
  public Mapping document() {
    return new MappingBuilder()
        .put("containers", running.stream().sorted(BY_NAME).map(NodeReport::json).toList())
        .build();
  }

  private static Mapping json(ContainerFacts container) {
    MappingBuilder object =
        new MappingBuilder()
            .put("id", container.id())
            .put("pod", container.pod())
            .put("name", container.name())
            .put("state", container.state().text());
    ContainerRecord record = container.record();
    if (record != null) {
      object.put("profile", record.profile()).put("origin", record.origin());
      if (record.file() != null) {
        object.put("sha256", record.file());
      }
    }
    Long pid = container.pid();
    if (pid != null) {
      object.put("pid", pid);
    }
    if (!container.excess().isEmpty()) {
      object.put(
          "excess",
          container.excess().stream().map(text -> new Value.Text(Position.NONE, text)).toList());
    }
    SeccompState state = container.kernel();
    if (state != null) {
      MappingBuilder kernel = new MappingBuilder().put("mode", state.mode().number());
      Integer filters = state.filters();
      if (filters != null) {
        kernel.put("filters", filters);
      }
      if (container.proof() != null) {
        ProofWords.put(container.proof(), kernel);
      }
      object.put("kernel", kernel.build());
    }
    return object.build();
  }
}
