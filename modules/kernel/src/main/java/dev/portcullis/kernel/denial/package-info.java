/// Which system calls of processes their filters refuse: what was traced, held against the filters
/// that the kernel gives back.
@NullMarked
package dev.portcullis.kernel.denial;

import org.jspecify.annotations.NullMarked;
