/// Which runtime is behind a socket, what is known of it, and what its defaults are.
@NullMarked
package dev.portcullis.cri.runtime;

import org.jspecify.annotations.NullMarked;
