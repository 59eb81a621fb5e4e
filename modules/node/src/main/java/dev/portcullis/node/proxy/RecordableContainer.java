package dev.portcullis.node.proxy;

/// A container that is about to be made, and whose pod asks for a recording.
///
/// @param podUid as the kubelet gives it
/// @param sandbox the id of the sandbox that it will be in
/// @param image as the kubelet names it to the runtime
/// @param request the value of the pod's annotation
public record RecordableContainer(
    String namespace,
    String pod,
    String podUid,
    String sandbox,
    String container,
    String image,
    String request) {}
