/// The profile root: from the path in a `localhost/` name to a file that a runtime may be given.
///
/// The API server has checked the path once; kubelet has not, and neither has the one that calls
/// this. So everything is checked here again, on the file as it is on this node.
@org.jspecify.annotations.NullMarked
package dev.portcullis.container.profiles;
