/// The agent of a node: between a kubelet and its runtime, and the profiles that arrive from the
/// cluster.
@NullMarked
package dev.portcullis.node;

import org.jspecify.annotations.NullMarked;
