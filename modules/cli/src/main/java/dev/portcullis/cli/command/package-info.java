/// The verbs, one class each, and the list of them.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cli.command;
