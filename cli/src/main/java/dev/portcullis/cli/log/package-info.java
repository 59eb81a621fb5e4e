/// The log of a verb that serves: lines of JSON, whoever of this process writes them.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cli.log;
