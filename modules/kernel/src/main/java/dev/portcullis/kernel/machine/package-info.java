/// This machine, as far as a profile may depend on it.
@NullMarked
package dev.portcullis.kernel.machine;

import org.jspecify.annotations.NullMarked;
