package dev.portcullis.seccomp.heal;

import dev.portcullis.seccomp.derive.ArgumentBlocks;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.MultiplexedCalls;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The calls that a change is about, and those that stand for them: libseccomp allows both.
public final class EditedCalls {
  private EditedCalls() {}

  /// Those among some calls; nothing where there are too many conditions. Arguments are compared as
  /// the kernel takes them.
  public static Optional<CallSet> among(CallSet calls, ProfileEdit edit, SyscallTable table) {
    CallSet found = calls.none();
    for (String name : edit.names()) {
      List<List<ArgumentValues.Masked>> blocks = ArgumentBlocks.of(name, edit.conditions());
      if (blocks == null) {
        return Optional.empty();
      }
      found = found.or(among(calls, name, blocks, table));
      for (MultiplexedCalls.Entry entry : MultiplexedCalls.of(name)) {
        found = found.or(among(calls, entry.call(), List.of(behind(entry)), table));
      }
    }
    return Optional.of(found);
  }

  private static CallSet among(
      CallSet calls, String name, List<List<ArgumentValues.Masked>> blocks, SyscallTable table) {
    CallSet found = calls.none();
    for (Architecture architecture : Architecture.values()) {
      for (Map.Entry<Integer, String> each : table.of(architecture).entrySet()) {
        if (each.getValue().equals(name)) {
          CallSet same = calls.ofArchitecture(architecture.token()).ofNumbers(-1, each.getKey());
          for (List<ArgumentValues.Masked> block : blocks) {
            found = found.or(same.ofArguments(block));
          }
        }
      }
    }
    return found;
  }

  /// The call that stands for another one, whose own arguments no filter sees.
  private static List<ArgumentValues.Masked> behind(MultiplexedCalls.Entry entry) {
    List<ArgumentValues.Masked> arguments = new ArrayList<>();
    arguments.add(new ArgumentValues.Masked(entry.taken(), entry.number()));
    arguments.addAll(Collections.nCopies(5, new ArgumentValues.Masked(0, 0)));
    return arguments;
  }
}
