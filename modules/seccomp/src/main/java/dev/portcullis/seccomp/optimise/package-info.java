/// Profiles that do the same with less work for the kernel.
@NullMarked
package dev.portcullis.seccomp.optimise;

import org.jspecify.annotations.NullMarked;
