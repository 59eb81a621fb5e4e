package dev.portcullis.report;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The calls that filters refused to containers, as the nodes wrote them down.
///
/// @param known whether anybody was asked; if not, nothing is said of what was refused
/// @param containers those of the report, the one with the most refused calls first
/// @param elsewhere what was refused to others
/// @param missing how many events the nodes say they do not have, at least
public record RefusalAccount(
    boolean known, List<OfContainer> containers, Elsewhere elsewhere, long missing) {
  /// Refused calls were not asked for.
  public static final RefusalAccount UNKNOWN =
      new RefusalAccount(false, List.of(), new Elsewhere(0, List.of()), 0);

  public RefusalAccount {
    containers = List.copyOf(containers);
  }

  /// Those of a container of a workload, in all its pods.
  ///
  /// @param pods to how many of them calls were refused
  /// @param calls the most frequent first
  /// @param command that allows them; empty where there is none
  /// @param remark what to know about the command, or why there is none; may be empty
  public record OfContainer(
      Workload workload,
      WorkloadContainer container,
      int pods,
      List<Call> calls,
      String command,
      String remark) {
    public OfContainer {
      calls = List.copyOf(calls);
    }

    /// The names of the profiles that it runs under, today and with Portcullis.
    List<String> profiles() {
      return Stream.of(container.today(), container.withPortcullis())
          .map(Confinement::profile)
          .filter(each -> !each.isEmpty())
          .distinct()
          .toList();
    }

    /// How often a call was refused to it.
    public long refused() {
      return calls.stream()
          .filter(each -> !each.logged())
          .mapToLong(Call::count)
          .reduce(0, RefusalAccount::sum);
    }

    /// How often a call was made that a filter only logged.
    public long logged() {
      return calls.stream()
          .filter(Call::logged)
          .mapToLong(Call::count)
          .reduce(0, RefusalAccount::sum);
    }
  }

  /// A call with an answer.
  ///
  /// @param name or the number of one without a name
  /// @param architecture `x86_64`
  /// @param foreign whether the machine has another one
  /// @param answer `EPERM`, `KILL_PROCESS`
  /// @param logged whether it was made, and only logged
  /// @param span null where the nodes did not say when
  public record Call(
      String name,
      String architecture,
      boolean foreign,
      String answer,
      boolean logged,
      long count,
      @Nullable Span span) {
    /// `socket`, `socket on x86`
    String label() {
      return foreign ? name + " on " + architecture : name;
    }
  }

  /// The first and the last time.
  public record Span(Moment first, Moment last) {
    /// From the earlier first to the later last.
    public Span and(Span other) {
      return new Span(
          first.millis() <= other.first.millis() ? first : other.first,
          last.millis() >= other.last.millis() ? last : other.last);
    }
  }

  /// A time.
  ///
  /// @param millis since 1970
  /// @param text to the second: `2026-11-29T20:30:00Z`
  public record Moment(long millis, String text) {
    /// For people: `2026-11-29 20:30:00`.
    String words() {
      return text.replace('T', ' ').replace("Z", "");
    }
  }

  /// What was refused to containers that the report does not have, and to processes of no pod.
  ///
  /// @param calls how often
  /// @param places whose they are, each once
  public record Elsewhere(long calls, List<String> places) {
    public Elsewhere {
      places = List.copyOf(places);
    }
  }

  /// From the first time to the last of all that is known; null where no time is.
  @Nullable Span span() {
    return containers.stream()
        .flatMap(each -> each.calls().stream())
        .flatMap(each -> Stream.ofNullable(each.span()))
        .reduce(Span::and)
        .orElse(null);
  }

  /// How often a call was refused to containers of the report.
  public long refused() {
    return containers.stream().mapToLong(OfContainer::refused).reduce(0, RefusalAccount::sum);
  }

  /// Both together, or the largest number: who writes a document may write any counts, and a sum
  /// that wraps around would hide the others.
  public static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }
}
