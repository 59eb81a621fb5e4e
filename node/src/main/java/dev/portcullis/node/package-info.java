/// Everything on a machine.
@NullMarked
package dev.portcullis.node;

import org.jspecify.annotations.NullMarked;
