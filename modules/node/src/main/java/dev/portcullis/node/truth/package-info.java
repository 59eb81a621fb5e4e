/// Which containers run, under which profile they should, and under which the kernel says they do.
@NullMarked
package dev.portcullis.node.truth;

import org.jspecify.annotations.NullMarked;
