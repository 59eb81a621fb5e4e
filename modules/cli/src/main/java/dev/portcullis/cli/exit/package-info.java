/// How the command ends.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cli.exit;
