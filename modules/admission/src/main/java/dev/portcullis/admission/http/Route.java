package dev.portcullis.admission.http;

/// What answers at a path.
///
/// @param weight whether its requests count against {@link Options#inFlight}
public record Route(Method method, Weight weight, Handler handler) {
  /// A method that is served.
  public enum Method {
    GET,
    /// With a body of `application/json`.
    POST
  }

  /// Who may be turned away when much is going on.
  public enum Weight {
    /// Counts.
    COUNTED,
    /// Always let in: a saturated server must still tell the kubelet that it lives.
    FREE
  }

  /// A page that is always answered, such as a probe's.
  public static Route page(Handler handler) {
    return new Route(Method.GET, Weight.FREE, handler);
  }

  /// A question in JSON.
  public static Route question(Handler handler) {
    return new Route(Method.POST, Weight.COUNTED, handler);
  }
}
