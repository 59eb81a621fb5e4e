/// A pod on one machine: what its manifest asks for, made of CRI calls, watched, and taken away
/// again.
@NullMarked
package dev.portcullis.run.pod;

import org.jspecify.annotations.NullMarked;
