/// Coverage-guided fuzzing: one class for each kind of input from outside, and the test that runs
/// them.
@org.jspecify.annotations.NullMarked
package dev.portcullis.fuzz;
