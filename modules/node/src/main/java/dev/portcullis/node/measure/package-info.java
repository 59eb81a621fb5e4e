/// What a node counts, as Prometheus reads it. The only package here that sees its types.
@NullMarked
package dev.portcullis.node.measure;

import org.jspecify.annotations.NullMarked;
