/// Files that only their owner may read, written whole or not at all.
@NullMarked
package dev.portcullis.container.file;

import org.jspecify.annotations.NullMarked;
