/// Calls that were refused, and the smallest change of a profile that allows them.
@NullMarked
package dev.portcullis.seccomp.heal;

import org.jspecify.annotations.NullMarked;
