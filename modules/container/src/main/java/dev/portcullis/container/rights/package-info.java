/// What the first process of a container may do, held against what was asked for it.
@NullMarked
package dev.portcullis.container.rights;

import org.jspecify.annotations.NullMarked;
