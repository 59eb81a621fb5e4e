package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;

/// Whether a filter does what was wished: each change is tried with a call that it is about.
public final class Fulfilment {
  private Fulfilment() {}

  /// What the filter does otherwise, in words; empty where all is as wished.
  public static List<String> unmet(
      List<Change> changes, Filters filters, Architecture architecture, SyscallTable table) {
    List<String> unmet = new ArrayList<>();
    for (int at = 0; at < changes.size(); at++) {
      Change change = changes.get(at);
      long[] arguments = new long[Call.ARGUMENTS];
      for (ArgumentCondition condition : change.conditions()) {
        arguments[condition.index()] = condition.example().orElse(0L);
      }
      List<Change> later = changes.subList(at + 1, changes.size());
      table
          .of(architecture)
          .forEach((number, name) -> {
            // What is changed twice is as the last change wants it.
            if (change.names().contains(name)
                && later.stream().noneMatch(each -> each.names().contains(name))) {
              Verdict verdict = filters.run(Call.of(architecture.token(), number, arguments));
              if (change.allow() != (verdict.kind() == Kind.ALLOW)) {
                unmet.add("\"" + change.text() + "\": " + name + " is " + verdict);
              }
            }
          });
    }
    return unmet;
  }
}
