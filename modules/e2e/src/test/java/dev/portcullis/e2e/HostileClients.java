package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.portcullis.e2e.cluster.AnyCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;

/// Clients without a certificate that take from a webhook what they can get. They go on until they
/// are closed.
final class HostileClients implements AutoCloseable {
  /// Where they come from.
  enum From {
    /// Each kind from an address of its own: this machine has many.
    LOOPBACK,
    /// All from the one address that a pod has.
    POD
  }

  private final InetSocketAddress webhook;
  private final From from;
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  /// What they did, for people.
  final LongAdder connections = new LongAdder();

  final LongAdder answers = new LongAdder();

  HostileClients(InetSocketAddress webhook, From from) {
    this.webhook = webhook;
    this.from = from;
    // As many silent connections as there are places, and more.
    repeat(700, 5_000, () -> silent("127.0.0.2"));
    repeat(12, 100, () -> slowBody("127.0.0.3", 100_000));
    repeat(12, 100, () -> slowBody("127.0.0.3", 200));
    repeat(12, 100, () -> slowHead("127.0.0.4"));
    String huge = "x".repeat(2_700_000);
    repeat(
        3,
        20,
        () -> ask("127.0.0.5", "/validate", forged("{\"k\":[\"" + huge + number() + "\"]}")));
    String large = "x".repeat(60_000);
    repeat(
        4,
        5,
        () -> ask("127.0.0.5", "/validate", forged("{\"k\":[\"" + large + number() + "\"]}")));
    String dense = IntStream.range(0, 490_000).mapToObj(_ -> "0").collect(Collectors.joining(","));
    repeat(
        4,
        20,
        () ->
            ask(
                "127.0.0.6",
                "/validate",
                review("Pod", "pods", "u", "{}", "{\"a\":[" + dense + "]}")));
    String small = "{\"a\":[0" + ",0".repeat(15_000) + "]}";
    repeat(8, 20, () -> ask("127.0.0.6", "/validate", review("Pod", "pods", "u", "{}", small)));
    repeat(4, 20, () -> ask("127.0.0.6", "/profiles", configMap()));
    repeat(2, 5, () -> deaf("127.0.0.7"));
  }

  /// In a pod: against each of several webhooks, for so many seconds. Says every second what was
  /// done so far.
  static void main(String[] arguments) throws InterruptedException {
    List<HostileClients> all = new ArrayList<>();
    for (String address : List.of(arguments).subList(1, arguments.length)) {
      all.add(new HostileClients(new InetSocketAddress(address, 8443), From.POD));
    }
    for (int second = 0; second < Integer.parseInt(arguments[0]); second++) {
      Thread.sleep(1_000);
      System.out.printf(
          "%d connections %d answers%n",
          all.stream().mapToLong(it -> it.connections.sum()).sum(),
          all.stream().mapToLong(it -> it.answers.sum()).sum());
    }
    all.forEach(HostileClients::close);
  }

  private long number() {
    connections.increment();
    return connections.sum();
  }

  private static String review(
      String kind, String resource, String user, String extra, String object) {
    return ("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u\","
            + "\"kind\":{\"group\":\"\",\"version\":\"v1\",\"kind\":\"%s\"},"
            + "\"resource\":{\"group\":\"\",\"version\":\"v1\",\"resource\":\"%s\"},"
            + "\"namespace\":\"%s\",\"name\":\"p\",\"operation\":\"CREATE\","
            + "\"userInfo\":{\"username\":\"%s\",\"groups\":[\"developers\"],\"extra\":%s},"
            + "\"object\":%s}}")
        .formatted(kind, resource, "hostile", user, extra, object);
  }

  private String forged(String extra) {
    return review("Pod", "pods", "u" + number(), extra, HonestReviews.pod("RuntimeDefault", ""));
  }

  private String configMap() {
    String profile = "{\\\"defaultAction\\\":\\\"SCMP_ACT_ALLOW\\\",\\\"x\\\":" + number() + "}";
    return review(
        "ConfigMap",
        "configmaps",
        "nobody",
        "{}",
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"p\",\"namespace\":"
            + "\"hostile\",\"labels\":{\"portcullis.dev/seccomp-profiles\":\"true\"}},\"data\":{"
            + IntStream.range(0, 50)
                .mapToObj(i -> "\"%d.json\":\"%s\"".formatted(i, profile))
                .collect(Collectors.joining(","))
            + "}}");
  }

  private interface Deed {
    void done() throws IOException, InterruptedException;
  }

  private void repeat(int clients, long pauseMillis, Deed deed) {
    for (int i = 0; i < clients; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!over.get()) {
                  try {
                    deed.done();
                    Thread.sleep(pauseMillis);
                  } catch (IOException hungUpOn) {
                    pause();
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              }));
    }
  }

  /// They are as quick as this machine bears.
  private static void pause() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Socket connect(String address) throws IOException {
    connections.increment();
    Socket socket = new Socket();
    try {
      if (from == From.LOOPBACK) {
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
      }
      socket.setSoTimeout(15_000);
      socket.connect(webhook, 5_000);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private SSLSocket secured(String address) throws IOException {
    Socket tcp = connect(address);
    try {
      SSLSocket tls =
          (SSLSocket)
              AnyCertificate.trusted()
                  .getSocketFactory()
                  .createSocket(tcp, webhook.getHostString(), webhook.getPort(), true);
      tls.startHandshake();
      return tls;
    } catch (GeneralSecurityException e) {
      tcp.close();
      throw new IOException("no TLS", e);
    } catch (IOException e) {
      tcp.close();
      throw e;
    }
  }

  private void silent(String address) throws IOException {
    try (Socket socket = connect(address)) {
      socket.getInputStream().read();
    }
  }

  private static String head(String path, int length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: w\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private void slowBody(String address, int length) throws IOException {
    try (SSLSocket socket = secured(address)) {
      socket
          .getOutputStream()
          .write((head("/validate", length) + " ".repeat(length / 2)).getBytes(US_ASCII));
      socket.getInputStream().read();
    }
  }

  private void slowHead(String address) throws IOException, InterruptedException {
    try (SSLSocket socket = secured(address)) {
      for (int i = 0; i < 20 && !over.get(); i++) {
        socket
            .getOutputStream()
            .write("POST /validate HT".substring(0, 1 + i % 5).getBytes(US_ASCII));
        Thread.sleep(1_000);
      }
    }
  }

  /// Asks for pages and reads none.
  private void deaf(String address) throws IOException {
    try (SSLSocket socket = secured(address)) {
      byte[] question = "GET /metrics HTTP/1.1\r\nHost: w\r\n\r\n".getBytes(US_ASCII);
      for (int i = 0; i < 2_000 && !over.get(); i++) {
        socket.getOutputStream().write(question);
      }
    }
  }

  private void ask(String address, String path, String review) throws IOException {
    byte[] body = review.getBytes(US_ASCII);
    try (SSLSocket socket = secured(address)) {
      socket.getOutputStream().write(head(path, body.length).getBytes(US_ASCII));
      socket.getOutputStream().write(body);
      InputStream answer = socket.getInputStream();
      if (answer.read() >= 0) {
        answers.increment();
      }
    }
  }

  @Override
  public void close() {
    over.set(true);
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(20));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
