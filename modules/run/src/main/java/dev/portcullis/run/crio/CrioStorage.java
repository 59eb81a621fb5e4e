package dev.portcullis.run.crio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a CRI-O keeps its images, and which of them it trusts, by its configuration.
///
/// @param driver of the storage, such as `overlay`
/// @param options of the storage (containers-storage.conf(5)), as `overlay.mountopt=nodev`
/// @param signaturePolicy the file; empty for that of the system
record CrioStorage(
    String driver, String root, String runroot, List<String> options, String signaturePolicy) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LONGEST = 4 * 1024 * 1024;
  private static final Pattern ITEM = Pattern.compile("\"([^\"\\\\]*)\"");

  CrioStorage {
    options = List.copyOf(options);
  }

  /// Asks a CRI-O. It answers HTTP on the socket of CRI, too (`server/inspect.go`, `/config`, in
  /// TOML).
  ///
  /// @param endpoint `unix:///...`
  static CrioStorage of(String endpoint) throws IOException {
    String answer = get(endpoint.substring("unix://".length()), "/config");
    int body = answer.indexOf("\r\n\r\n");
    if (!answer.matches("(?s)HTTP/1\\.[01] 200 .*") || body < 0) {
      throw new IOException(
          endpoint
              + " does not report where its images are, which CRI-O does over HTTP at /config; name"
              + " the socket of CRI-O itself, or load the image with its tools");
    }
    return read(answer.substring(body), endpoint);
  }

  static CrioStorage read(String toml, String endpoint) throws IOException {
    List<String> options = new ArrayList<>();
    Matcher list = Pattern.compile("(?m)^\\s*storage_option\\s*=\\s*\\[([^\\]]*)\\]").matcher(toml);
    if (list.find()) {
      Matcher item = ITEM.matcher(list.group(1));
      while (item.find()) {
        options.add(item.group(1));
      }
    }
    String driver = text(toml, "storage_driver");
    String imageStore = text(toml, "imagestore");
    if (!imageStore.isEmpty()) {
      options.add(driver + ".imagestore=" + imageStore);
    }
    if (driver.equals("overlay")) {
      // Else a bind mount of the storage is left behind, wherever CRI-O has none in this namespace.
      options.add("overlay.skip_mount_home=true");
    }
    CrioStorage storage =
        new CrioStorage(
            driver,
            text(toml, "root"),
            text(toml, "runroot"),
            options,
            text(toml, "signature_policy"));
    if (storage.driver.isEmpty() || storage.root.isEmpty() || storage.runroot.isEmpty()) {
      throw new IOException(
          "the configuration of the CRI-O at "
              + endpoint
              + " has no storage_driver, root or runroot");
    }
    return storage;
  }

  /// The only value of a key, which none of CRI-O's tables but one has; empty where there is none.
  private static String text(String toml, String key) {
    Matcher line =
        Pattern.compile("(?m)^\\s*" + key + "\\s*=\\s*" + ITEM.pattern() + "\\s*$").matcher(toml);
    return line.find() ? line.group(1) : "";
  }

  /// An image in it, as skopeo has it (containers-transports(5)).
  String image(String name) {
    return "containers-storage:["
        + driver
        + "@"
        + root
        + "+"
        + runroot
        + (options.isEmpty() ? "" : ":" + String.join(",", options))
        + "]"
        + name;
  }

  private static String get(String socket, String path) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      Thread limit = Thread.ofVirtual().start(() -> closeAfterPatience(channel));
      ByteBuffer request =
          ByteBuffer.wrap(("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
      while (request.hasRemaining()) {
        int _ = channel.write(request);
      }
      ByteBuffer part = ByteBuffer.allocate(16 * 1024);
      while (channel.read(part) >= 0) {
        answer.write(part.array(), 0, part.position());
        part.clear();
        if (answer.size() > LONGEST) {
          throw new IOException("the answer of " + socket + " to GET " + path + " is too long");
        }
      }
      limit.interrupt();
    } catch (AsynchronousCloseException late) {
      throw new IOException(
          socket + " did not answer GET " + path + " within " + PATIENCE.toSeconds() + " s", late);
    }
    return answer.toString(UTF_8);
  }

  private static void closeAfterPatience(SocketChannel channel) {
    try {
      Thread.sleep(PATIENCE);
      channel.close();
    } catch (InterruptedException | IOException answered) {
      Thread.currentThread().interrupt();
    }
  }
}
