package dev.portcullis.profiles.exposure;

import java.util.List;

/// What became of one step.
///
/// @param step the step
/// @param possible whether it can be taken
/// @param ways calls by which it is taken, those of the machine's own architecture first: one of
///   them is enough, but of namespaces there is one for each kind; none for what needs no call
/// @param barrier what keeps the process from it, or why it is undecided; empty where it can be
///   taken
public record StepResult(Need.Step step, boolean possible, List<Way> ways, String barrier) {
  public StepResult {
    ways = List.copyOf(ways);
  }
}
