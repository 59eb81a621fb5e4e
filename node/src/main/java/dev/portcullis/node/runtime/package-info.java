/// Which runtime is behind a socket, and what is known of it.
@NullMarked
package dev.portcullis.node.runtime;

import org.jspecify.annotations.NullMarked;
