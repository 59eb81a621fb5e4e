/// What a verb is given to read: files, directories and standard input, and the objects in them.
@NullMarked
package dev.portcullis.cli.input;

import org.jspecify.annotations.NullMarked;
