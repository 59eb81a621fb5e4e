/// The log of a verb that serves: lines of JSON, no matter which part of this process writes them.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cli.log;
