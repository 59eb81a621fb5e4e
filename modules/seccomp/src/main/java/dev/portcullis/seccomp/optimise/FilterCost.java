package dev.portcullis.seccomp.optimise;

import dev.portcullis.seccomp.bpf.Program;

/// What a filter costs some calls.
///
/// @param steps instructions that run for all of them, each call as often as it is made; those that
///   the kernel lets through by its bitmap run none
/// @param instructions of the program
public record FilterCost(double steps, int instructions) implements Comparable<FilterCost> {

  static FilterCost of(Program program, CallWeights weights) {
    double steps = 0;
    for (CallWeights.Weighted each : weights.calls()) {
      boolean constant = program.isConstantAllow(each.call().architecture(), each.call().number());
      steps += constant ? 0 : (double) program.steps(each.call()) * each.count();
    }
    return new FilterCost(steps, program.size());
  }

  /// First by what runs, then by what lies in memory.
  @Override
  public int compareTo(FilterCost other) {
    int first = Double.compare(steps, other.steps);
    return first != 0 ? first : Integer.compare(instructions, other.instructions);
  }
}
