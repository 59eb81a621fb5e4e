package dev.portcullis.node.truth;

import dev.portcullis.container.proof.Proof;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.node.proxy.ContainerRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A running container, what it should run under, and what the kernel reports.
///
/// @param pod with its namespace, `default/web`
/// @param podUid null where the runtime does not report it
/// @param record what was decided when it was made; null where it was not made through Portcullis
/// @param changed whether the runtime reports it otherwise than was decided
/// @param pid its first process, in the node's numbering; null where the runtime does not report it
/// @param inherited how many of its filters it has from the runtime, which may be filtered itself
/// @param kernel null where the process could not be looked at: it has ended meanwhile, or has not
///   begun
/// @param excess what it may do beyond what was asked for, in words
/// @param proof whether its filter is that of its profile; null where that was not to be proven, or
///   could not be asked
public record ContainerFacts(
    String id,
    String pod,
    @Nullable String podUid,
    String name,
    @Nullable ContainerRecord record,
    boolean changed,
    @Nullable Long pid,
    int inherited,
    @Nullable SeccompState kernel,
    List<String> excess,
    @Nullable Proof proof) {
  public ContainerFacts {
    excess = List.copyOf(excess);
  }

  /// What the two together mean.
  public enum State {
    /// It has a filter of its own, as it should.
    FILTERED("filtered"),
    /// It has a filter, and it is proven that this is the one of its profile.
    PROVEN("proven"),
    /// It has a filter, and it is proven that this one is as severe as that of its profile with
    /// every call, but for errnos.
    EQUAL("equal"),
    /// It should have a filter and has none, or none but the runtime's own.
    ALARM("alarm"),
    /// It has a filter, and it is proven that this is not the one of its profile.
    DIFFERENT("different"),
    /// The runtime reports it otherwise than it was asked for: it was restored from a checkpoint,
    /// with what that brought along, or something else has changed it.
    CHANGED("changed"),
    /// It may do more than was asked for it.
    EXCESS("excess"),
    /// It has a filter, and whether this is the one of its profile was asked and is not known.
    UNPROVEN("unproven"),
    /// It need not have one.
    UNCONFINED("unconfined"),
    /// It was not made through Portcullis, so what it should have is unknown.
    FOREIGN("foreign"),
    /// The kernel could not be asked.
    UNSEEN("unseen");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /// The word for it in results and metrics.
    public String text() {
      return text;
    }

    /// Whether somebody has to do something.
    public boolean isBad() {
      return switch (this) {
        case ALARM, CHANGED, DIFFERENT, EXCESS, UNPROVEN -> true;
        case FILTERED, PROVEN, EQUAL, UNCONFINED, FOREIGN, UNSEEN -> false;
      };
    }
  }

  /// What the two together mean.
  public State state() {
    if (record == null) {
      return State.FOREIGN;
    }
    if (changed && (kernel == null || kernel.exceeds(inherited) || !record.mustBeFiltered())) {
      return State.CHANGED;
    }
    if (!record.mustBeFiltered()) {
      return excess.isEmpty() ? State.UNCONFINED : State.EXCESS;
    }
    if (kernel == null) {
      return State.UNSEEN;
    }
    if (!kernel.exceeds(inherited)) {
      return State.ALARM;
    }
    if (!excess.isEmpty() && !(proof instanceof Proof.Different)) {
      return State.EXCESS;
    }
    return switch (proof) {
      case null -> State.FILTERED;
      case Proof.Proven _ -> State.PROVEN;
      case Proof.Equal _ -> State.EQUAL;
      case Proof.Different _ -> State.DIFFERENT;
      case Proof.Unknown _ -> State.UNPROVEN;
    };
  }
}
