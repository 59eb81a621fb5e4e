/// A Kubernetes on this machine, of real parts, for tests.
@NullMarked
package dev.portcullis.e2e.cluster;

import org.jspecify.annotations.NullMarked;
