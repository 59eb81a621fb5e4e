/// What may stand after a verb: the options that mean the same everywhere, and how their values are
/// read. The only package that knows the parser of the command line.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cli.options;
