/// What the kernel says of a container's processes, read from /proc.
@NullMarked
package dev.portcullis.node.kernel;

import org.jspecify.annotations.NullMarked;
