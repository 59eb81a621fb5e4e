/// Profiles that log in place of refusing.
@NullMarked
package dev.portcullis.seccomp.complain;

import org.jspecify.annotations.NullMarked;
