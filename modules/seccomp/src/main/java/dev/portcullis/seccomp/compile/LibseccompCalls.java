package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.libseccomp.ArgumentComparison;
import dev.portcullis.seccomp.libseccomp.FilterContext;
import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.libseccomp.LibseccompException;
import java.nio.ByteOrder;
import java.util.Optional;

/// Calls libseccomp on the thread that asks, for as long as that takes. It cannot be interrupted.
public final class LibseccompCalls implements RulesetCompiler {
  private final Libseccomp library;

  LibseccompCalls(Libseccomp library) {
    this.library = library;
  }

  /// With the libseccomp of this machine; nothing where there is none. Loads it.
  public static Optional<LibseccompCalls> ofThisMachine() {
    return Libseccomp.load(Libseccomp.FILE).map(LibseccompCalls::new);
  }

  @Override
  public Answer compile(Ruleset ruleset) {
    int entry = -1;
    try (FilterContext context = library.filter(ruleset.defaultAction())) {
      for (int token : ruleset.architectures()) {
        context.addArchitecture(token);
      }
      if (ruleset.tree()) {
        // A library without it makes a list, which means the same.
        boolean _ = context.attribute(FilterContext.OPTIMIZE, 2);
      }
      for (Ruleset.Entry each : ruleset.entries()) {
        entry++;
        context.add(
            each.action(),
            each.number(),
            each.conditions().stream().map(LibseccompCalls::comparison).toList());
      }
      entry = -1;
      return new Made(Program.decode(context.export(), ByteOrder.nativeOrder()));
    } catch (LibseccompException failed) {
      return failed.isOfTheMachine()
          ? new Undecided("libseccomp did not finish: " + failed.getMessage())
          : new Refused(entry, String.valueOf(failed.getMessage()));
    }
  }

  private static ArgumentComparison comparison(Ruleset.Condition condition) {
    return new ArgumentComparison(
        condition.argument(), condition.operator(), condition.first(), condition.second());
  }
}
