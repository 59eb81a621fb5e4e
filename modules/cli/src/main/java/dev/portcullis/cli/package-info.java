/// The command `portcullis`: reads the arguments, finds the verb, and turns whatever happens into
/// an exit code and words on the terminal.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cli;
