@NullMarked
package dev.portcullis.cel;

import org.jspecify.annotations.NullMarked;
