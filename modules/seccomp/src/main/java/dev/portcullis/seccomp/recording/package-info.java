/// What was seen of the system calls of containers, and the profiles that come of it.
@NullMarked
package dev.portcullis.seccomp.recording;

import org.jspecify.annotations.NullMarked;
