/// libseccomp called within limits of time and memory: it does not end on every ruleset, and a
/// thread that it holds cannot be freed. So it runs in a process of its own that can be killed.
@NullMarked
package dev.portcullis.compilation;

import org.jspecify.annotations.NullMarked;
