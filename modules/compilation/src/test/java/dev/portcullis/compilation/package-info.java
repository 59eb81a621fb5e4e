@NullMarked
package dev.portcullis.compilation;

import org.jspecify.annotations.NullMarked;
