package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import java.util.List;

/// The programs that a runtime may make of one profile, all of the same meaning: runc puts the
/// architectures of its prologue in an order that changes from run to run, as it goes through maps
/// of Go.
public final class Spellings {
  private final List<List<Instruction>> prologues;
  private final List<Instruction> rest;

  /// @param rest what follows each of the prologues
  Spellings(List<List<Instruction>> prologues, List<Instruction> rest) {
    this.prologues = List.copyOf(prologues);
    this.rest = List.copyOf(rest);
  }

  /// Whether a program is one of them, instruction for instruction.
  public boolean include(Program program) {
    List<Instruction> all = program.instructions();
    int prologue = all.size() - rest.size();
    return prologue >= 0
        && all.subList(prologue, all.size()).equals(rest)
        && prologues.contains(all.subList(0, prologue));
  }
}
