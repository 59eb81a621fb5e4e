/// The calls that containers make, by the trace: of those that run, without a change of them.
@NullMarked
package dev.portcullis.kernel.recording;

import org.jspecify.annotations.NullMarked;
