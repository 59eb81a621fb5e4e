package dev.portcullis.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;

/// Sends reviews as an API server does, one after another, and notes what came of each.
final class HonestReviews implements AutoCloseable {
  private final HttpClient client;
  private final URI webhook;
  private final List<Long> micros = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private int sent;

  HonestReviews(String address, SSLContext tls) {
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
    webhook = URI.create("https://" + address + "/validate");
  }

  /// A pod in JSON.
  ///
  /// @param more of its annotations, to make it large
  static String pod(String type, String more) {
    return ("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"namespace\":\"hostile\","
            + "\"annotations\":{\"a\":\"%s\"}},\"spec\":{\"serviceAccountName\":\"default\","
            + "\"securityContext\":{\"seccompProfile\":{\"type\":\"%s\"}},"
            + "\"containers\":[{\"name\":\"c\",\"image\":\"x\"}]}}")
        .formatted(more, type);
  }

  /// Sends one that the policies allow, one that they do not, and a large one.
  void send() throws InterruptedException {
    one("RuntimeDefault", "", "\"allowed\":true");
    one("Unconfined", "", "may not run under unconfined");
    one("RuntimeDefault", "x".repeat(100_000), "\"allowed\":true");
  }

  private void one(String type, String more, String expected) throws InterruptedException {
    String review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u%d",
         "kind":{"group":"","version":"v1","kind":"Pod"},
         "resource":{"group":"","version":"v1","resource":"pods"},
         "namespace":"hostile","name":"p","operation":"CREATE",
         "userInfo":{"username":"alice","groups":["developers","system:authenticated"]},
         "object":%s}}
        """
            .formatted(++sent, pod(type, more));
    long begin = System.nanoTime();
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(webhook)
                  .timeout(Duration.ofSeconds(10))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(review))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() != 200 || !answer.body().contains(expected)) {
        wrong.add(answer.statusCode() + " " + answer.body());
      }
    } catch (IOException e) {
      wrong.add("" + e);
    }
    micros.add((System.nanoTime() - begin) / 1_000);
  }

  List<String> wrong() {
    return wrong;
  }

  int count() {
    return sent;
  }

  /// Milliseconds below which a part of all answers came.
  double within(double part) {
    List<Long> sorted = new ArrayList<>(micros);
    Collections.sort(sorted);
    return sorted.get((int) Math.min(sorted.size() - 1L, (long) (part * sorted.size()))) / 1e3;
  }

  @Override
  public void close() {
    client.close();
  }
}
