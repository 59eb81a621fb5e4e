/// The Kubernetes API, as far as a node needs it: the ConfigMaps with profiles followed, its pods
/// asked for, its own object written. The only package here that sees objects of that API.
@NullMarked
package dev.portcullis.node.cluster;

import org.jspecify.annotations.NullMarked;
