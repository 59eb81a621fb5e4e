/// Profiles that arrive from the cluster: what is to stand below the profile root, what does, what
/// has to be done about it, and what there is to be reported of it.
///
/// Planning is pure; {@link ProfileDirectory} touches the disk.
@NullMarked
package dev.portcullis.node.distribution;

import org.jspecify.annotations.NullMarked;
