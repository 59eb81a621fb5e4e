/// Between a kubelet and its runtime: which profile each container gets, whatever the versions of
/// the two are.
@NullMarked
package dev.portcullis.node.proxy;

import org.jspecify.annotations.NullMarked;
