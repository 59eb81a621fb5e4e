/// A client of the Container Runtime Interface, `runtime.v1`.
///
/// The only room that sees generated protobuf and gRPC types: what goes in and comes out are
/// records. Other rooms would otherwise depend on how a version of the interface spells things.
@NullMarked
package dev.portcullis.node.cri;

import org.jspecify.annotations.NullMarked;
