/// Recordings of containers that run: what pods ask for, and what comes of it.
@NullMarked
package dev.portcullis.node.recording;

import org.jspecify.annotations.NullMarked;
