/// Containers of a run whose calls are recorded.
@NullMarked
package dev.portcullis.run.recording;

import org.jspecify.annotations.NullMarked;
