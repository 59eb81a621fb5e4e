package dev.portcullis.admission.http;

/// A response on its way through the handlers of a connection, with the head of its request.
record Answer(RequestHead head, Response response) {}
