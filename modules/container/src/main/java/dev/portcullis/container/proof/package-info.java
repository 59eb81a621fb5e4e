/// Whether a living process runs the filter that it should, by what both do with every call.
@NullMarked
package dev.portcullis.container.proof;

import org.jspecify.annotations.NullMarked;
