package dev.portcullis.admission.http;

/// Answers a request. It may be called on many threads at once, and is interrupted when the request
/// has taken too long. What it throws is a bug: the client gets 500 without the reason, the log
/// gets the reason.
public interface Handler {
  Response answer(Request request);
}
