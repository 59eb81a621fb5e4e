/// Directories that were made for one run, and what is left of them.
@NullMarked
package dev.portcullis.run.directory;

import org.jspecify.annotations.NullMarked;
