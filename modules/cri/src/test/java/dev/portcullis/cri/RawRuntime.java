package dev.portcullis.cri;

import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server on a real socket that treats bytes as a test tells it to, whatever the method.
final class RawRuntime implements AutoCloseable {
  private final EventLoopGroup events = Channels.events("raw");
  private final Server server;

  RawRuntime(Path socket, ServerCallHandler<byte[], byte[]> handler) throws IOException {
    Files.deleteIfExists(socket);
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(events)
            .workerEventLoopGroup(events)
            .fallbackHandlerRegistry(
                new HandlerRegistry() {
                  @Override
                  public ServerMethodDefinition<?, ?> lookupMethod(
                      String name, @Nullable String authority) {
                    return ServerMethodDefinition.create(method(name), handler);
                  }
                })
            .build()
            .start();
  }

  static MethodDescriptor<byte[], byte[]> method(String fullName) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setFullMethodName(fullName)
        .setType(MethodType.BIDI_STREAMING)
        .setRequestMarshaller(RawBytes.INSTANCE)
        .setResponseMarshaller(RawBytes.INSTANCE)
        .build();
  }

  /// Breaks its connections without a word, as the end of its process does.
  void kill() {
    // Without a quiet time an event loop of Netty 4.2 may end between two looks at whether it
    // should,
    // and leaves its connections open: in one of twelve runs.
    events.shutdownGracefully(20, 5_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(5_000);
  }

  @Override
  public void close() {
    server.shutdownNow();
    events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
  }
}
