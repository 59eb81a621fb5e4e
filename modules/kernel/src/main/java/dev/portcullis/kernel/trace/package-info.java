/// The kernel's trace of system calls, by the files of tracefs alone: who is followed, which calls
/// make an event, and the events.
@NullMarked
package dev.portcullis.kernel.trace;

import org.jspecify.annotations.NullMarked;
