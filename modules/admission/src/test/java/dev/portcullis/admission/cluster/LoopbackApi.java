package dev.portcullis.admission.cluster;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.portcullis.cluster.ClusterConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/// An API server on loopback that answers as a test wants it, and a connection to it.
///
/// @param kubeconfig for others who connect to it
public record LoopbackApi(HttpServer server, Path kubeconfig, ClusterConnection connection)
    implements AutoCloseable {

  /// Starts one, on a port of its own.
  ///
  /// @param directory where its kubeconfig is written
  public static LoopbackApi start(Path directory, HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", handler);
    server.start();
    Path kubeconfig =
        Files.writeString(
            directory.resolve("config"),
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """
                .formatted(server.getAddress().getPort()));
    return new LoopbackApi(server, kubeconfig, ClusterConnection.open(kubeconfig));
  }

  @Override
  public void close() {
    connection.close();
    server.stop(0);
  }
}
