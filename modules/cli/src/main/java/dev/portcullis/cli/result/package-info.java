/// What a verb found out, as a table for people and as JSON for programs.
@NullMarked
package dev.portcullis.cli.result;

import org.jspecify.annotations.NullMarked;
