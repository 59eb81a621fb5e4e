import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The webhook in Go.
record Peer(Process process, ProcessorShare share) implements AutoCloseable {
  static void build(Path source, Path binary) throws IOException, InterruptedException {
    ProcessBuilder go =
        new ProcessBuilder("/usr/lib/go-1.19/bin/go", "build", "-o", binary.toString(), source.toString())
            .inheritIO();
    go.environment().put("GO111MODULE", "off");
    go.environment().put("CGO_ENABLED", "0");
    go.environment().put("GOCACHE", binary.resolveSibling("go-cache").toString());
    Process process = go.start();
    if (process.waitFor() != 0) {
      throw new IOException("go build " + source + " failed");
    }
  }

  /// Makes a certificate for the address by which API servers call it.
  static void certify(String address, Path certificate, Path key)
      throws IOException, InterruptedException {
    Process openssl =
        new ProcessBuilder(
                ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1"
                        + " -subj /CN=peer -addext subjectAltName=IP:%s -keyout %s -out %s")
                    .formatted(address, key, certificate)
                    .split(" "))
            .redirectErrorStream(true)
            .start();
    String out = new String(openssl.getInputStream().readAllBytes());
    if (openssl.waitFor() != 0) {
      throw new IOException("openssl: " + out);
    }
  }

  /// @param port on every address of the machine
  /// @param podProcess of a pod, whose share of the processors it gets
  static Peer start(
      Path binary, int port, Path certificate, Path key, Path policies, long podProcess)
      throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    binary.toString(),
                    ":" + port,
                    certificate.toString(),
                    key.toString(),
                    policies.toString()))
            .redirectErrorStream(true)
            // What it says of handshakes that a client broke off.
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Peer(process, ProcessorShare.asPodOf(podProcess, process.pid()));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.destroy();
    process.waitFor();
    share.close();
  }
}
