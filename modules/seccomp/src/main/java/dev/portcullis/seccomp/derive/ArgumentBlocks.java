package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls of which all conditions hold, as bits of each of the six arguments.
public final class ArgumentBlocks {
  /// Conditions on 64 bits of three arguments.
  private static final int MOST_CALLS = 64 * 64 * 64;

  private ArgumentBlocks() {}

  /// Alternatives, each with six arguments. Conditions are those on the bits that the kernel takes;
  /// whatever the others are, the call is one of these.
  ///
  /// @param name of the call, by which the kernel's widths are known
  /// @return null where there are too many: then nothing may be concluded
  public static @Nullable List<List<ArgumentValues.Masked>> of(
      String name, List<ArgumentCondition> conditions) {
    List<List<ArgumentValues.Masked>> calls = List.of(List.of());
    for (int argument = 0; argument < Call.ARGUMENTS; argument++) {
      List<Block> blocks = List.of(new Block(0, 0));
      for (ArgumentCondition condition : conditions) {
        if (condition.index() == argument) {
          long taken = ArgumentWidths.taken(name, argument);
          blocks = Block.and(blocks, Block.of(condition, taken));
        }
      }
      if ((long) calls.size() * blocks.size() > MOST_CALLS) {
        return null;
      }
      List<List<ArgumentValues.Masked>> longer = new ArrayList<>();
      for (List<ArgumentValues.Masked> call : calls) {
        for (Block block : blocks) {
          List<ArgumentValues.Masked> all = new ArrayList<>(call);
          all.add(new ArgumentValues.Masked(block.mask(), block.bits()));
          longer.add(all);
        }
      }
      calls = longer;
    }
    return calls;
  }
}
