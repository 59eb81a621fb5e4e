package dev.portcullis.admission.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;

/// The handlers of a connection behind TLS.
///
/// Bytes become parts of a request, then its head and its body, then an [Answer], which goes all
/// the way back through them: each writes it to the channel, and not to the next handler. All of
/// them run on the connection's event loop; what may wait has a virtual thread ([BlockingTask]).
final class HttpPipeline {
  private HttpPipeline() {}

  static void addTo(
      ChannelPipeline pipeline, RequestRouter router, ConnectionPlace connection, Caller caller) {
    ConnectionDeadline limit = connection.limit();
    RequestGate gate = new RequestGate();
    LargeBodyHandler large = new LargeBodyHandler(router.limits().large(), connection, gate);
    pipeline.addLast(
        new StrictDecoder(),
        new HttpResponseEncoder(),
        gate,
        new LingerHandler(gate, limit),
        new ResponseWriter(router, gate, limit),
        new StandingHandler(connection, caller),
        new RequestHeadHandler(router, caller, limit),
        large,
        new BodyHandler(),
        new WorkHandler(router, gate, large, limit),
        new FailureHandler());
  }
}
