package dev.portcullis.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A socket that hangs up on whoever calls. It takes a whole gRPC client to find that out, so
/// {@link Training} can have `run` load one where there is no runtime.
record SilentRuntime(Path directory, ServerSocketChannel server) implements AutoCloseable {

  static SilentRuntime listen() throws IOException {
    Path directory = Files.createTempDirectory("portcullis-training");
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    SilentRuntime runtime = new SilentRuntime(directory, server);
    server.bind(UnixDomainSocketAddress.of(runtime.socket()));
    Thread.ofPlatform().daemon().name("silent runtime").start(runtime::hangUp);
    return runtime;
  }

  String endpoint() {
    return "unix://" + socket();
  }

  private Path socket() {
    return directory.resolve("runtime.sock");
  }

  private void hangUp() {
    try {
      while (true) {
        server.accept().close();
      }
    } catch (IOException closed) {
      // Its end: accept() fails once the server is closed.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket());
    Files.delete(directory);
  }
}
