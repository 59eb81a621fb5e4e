package dev.portcullis.admission.http;

import org.jspecify.annotations.Nullable;

/// A request, as far as its head describes it.
///
/// @param route null where nothing is at its path
/// @param length of its body in bytes; negative where it is not given
/// @param persistent whether the connection may stay when it is answered
/// @param begin by [System#nanoTime]
record RequestHead(
    @Nullable Route route, String path, String query, long length, boolean persistent, long begin) {

  /// Of what is not a request.
  static RequestHead unreadable() {
    return new RequestHead(null, "", "", -1, false, System.nanoTime());
  }

  /// The same, whose answer ends the connection.
  RequestHead last() {
    return new RequestHead(route, path, query, length, false, begin);
  }

  /// For metrics: never a text that a client has chosen.
  String label() {
    return route == null ? "other" : path;
  }

  /// Whether it is a question, and not for a page.
  boolean asks() {
    return route != null && route.method() == Route.Method.POST;
  }
}
