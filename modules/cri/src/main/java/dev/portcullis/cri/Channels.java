package dev.portcullis.cri;

import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// How gRPC is spoken over a unix socket.
final class Channels {
  // containerd's and kubelet's own bound for what they send and take.
  static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

  // Netty warns that a unix socket has no SO_KEEPALIVE, which gRPC always sets; both repeat as log
  // lines what a call returns as its error. Held here because a logger without a reference loses
  // its level.
  private static final List<Logger> QUIET =
      List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.netty"));

  static {
    QUIET.forEach(logger -> logger.setLevel(Level.OFF));
  }

  private Channels() {}

  /// One thread for the sockets; it is a daemon.
  static EventLoopGroup events(String name) {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }

  static NettyChannelBuilder to(Endpoint endpoint, EventLoopGroup events) {
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(endpoint.socket()))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
        .eventLoopGroup(events)
        .directExecutor()
        .usePlaintext()
        // The path of a socket is not an authority that HTTP/2 takes.
        .overrideAuthority("localhost")
        .maxInboundMessageSize(LARGEST_MESSAGE)
        .disableRetry();
  }
}
