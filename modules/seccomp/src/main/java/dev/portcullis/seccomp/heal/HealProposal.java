package dev.portcullis.seccomp.heal;

import dev.portcullis.seccomp.derive.ProfileEdit;
import java.util.List;
import java.util.stream.Stream;

/// Calls that a profile refuses, and the changes that allow them.
///
/// @param name of the call
/// @param edits all of which it takes
/// @param count how often they were made; not negative
/// @param where in words, each once; anything may stand there
/// @param answers of the profile
/// @param absent whether the profile lets the call seem to be absent from the kernel
public record HealProposal(
    String name,
    List<ProfileEdit> edits,
    long count,
    List<String> where,
    List<String> answers,
    boolean absent) {
  static final int MOST_PLACES = 1000;

  public HealProposal {
    edits = List.copyOf(edits);
    where = List.copyOf(where);
    answers = List.copyOf(answers);
  }

  /// All together, for all arguments.
  ///
  /// @param some of the same name, at least one
  static HealProposal whole(List<HealProposal> some) {
    String name = some.getFirst().name();
    List<ProfileEdit> always = List.of(new ProfileEdit(name, true, List.of(name), List.of()));
    return some.stream().reduce((a, b) -> a.with(b)).orElseThrow().allowedBy(always);
  }

  private HealProposal allowedBy(List<ProfileEdit> others) {
    return new HealProposal(name, others, count, where, answers, absent);
  }

  /// Both together, with the edits of this one.
  HealProposal with(HealProposal other) {
    return new HealProposal(
        name,
        edits,
        sum(count, other.count),
        Stream.concat(where.stream(), other.where.stream()).distinct().limit(MOST_PLACES).toList(),
        Stream.concat(answers.stream(), other.answers.stream()).distinct().toList(),
        absent || other.absent);
  }

  /// Who writes a log may write any count; of more than a number can say, the largest stands.
  static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }
}
