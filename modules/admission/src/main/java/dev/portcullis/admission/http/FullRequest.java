package dev.portcullis.admission.http;

/// A request that has arrived to its end.
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each body would cost
record FullRequest(RequestHead head, byte[] body) {}
