/// The Container Runtime Interface: a client of `runtime.v1`, and a relay that passes the calls of
/// `runtime.v1` and `runtime.v1alpha2` on.
///
/// The only package that sees generated protobuf and gRPC types: what goes in and comes out are
/// records. Other packages would otherwise depend on how a version of the interface spells things.
@NullMarked
package dev.portcullis.cri;

import org.jspecify.annotations.NullMarked;
