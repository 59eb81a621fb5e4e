/// Pods on real containerd, runc, crun and kernel.
@NullMarked
package dev.portcullis.e2e;

import org.jspecify.annotations.NullMarked;
