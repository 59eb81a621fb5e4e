/// What the kernel reports about a process: read from /proc, and by ptrace(2).
@NullMarked
package dev.portcullis.kernel.process;

import org.jspecify.annotations.NullMarked;
