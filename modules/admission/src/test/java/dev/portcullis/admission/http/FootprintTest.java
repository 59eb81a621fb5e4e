package dev.portcullis.admission.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.ReviewReader;
import dev.portcullis.testing.Wait;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FootprintTest {
  private static byte[] zeros(int count) {
    return ("{\"a\":[0" + ",0".repeat(count - 1) + "]}").getBytes(US_ASCII);
  }

  @Test
  void aBodyTakesManyTimesItsSize() {
    assertThat(Footprint.kib(zeros(10_000))).isBetween(900, 1_100);
    assertThat(Footprint.kib(" ".repeat(10_000).getBytes(US_ASCII))).isBetween(15, 30);
    assertThat(Footprint.kib(new byte[0])).isEqualTo(1);
  }

  /// Three that take 6 MiB each are worked on two at a time.
  @Test
  void whatIsReadAtOnceIsBounded() throws Exception {
    ConcurrencyLimits turns = new ConcurrencyLimits(100, Duration.ofMillis(100));
    int large = 6 * 1024;
    assertThat(turns.entered(large)).isTrue();
    assertThat(turns.entered(large)).isTrue();
    assertThat(turns.entered(large)).isFalse();
    assertThat(turns.entered(100)).isTrue();
    turns.left(large);
    assertThat(turns.entered(large)).isTrue();
    turns.left(large);
    turns.left(large);
    turns.left(100);
    // More than there is.
    assertThat(turns.entered(Integer.MAX_VALUE)).isTrue();
    assertThat(turns.entered(1)).isFalse();
    turns.left(Integer.MAX_VALUE);
    assertThat(turns.entered(1)).isTrue();
  }

  @Test
  void oneThatDoesNotFitWaitsForTheOthers() throws Exception {
    Semaphore arrived = new Semaphore(0);
    CountDownLatch gate = new CountDownLatch(1);
    Route held =
        Route.question(request -> {
          arrived.release();
          try {
            gate.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return Response.text(200, "" + request.body().length);
        });
    Options many = TestServer.OPTIONS.withInFlight(100);
    try (TestServer server = new TestServer(many, Map.of("/validate", held))) {
      // Each below the size from which bodies have turns of their own, and 1.5 MiB once read.
      byte[] dense = zeros(15_000);
      List<CompletableFuture<HttpResponse<String>>> asked =
          IntStream.range(0, 14)
              .mapToObj(_ ->
                  server.client.sendAsync(
                      server.question("/validate", dense), BodyHandlers.ofString()))
              .toList();
      // Until each has its turn or none: the gate lets in those that still wait.
      Wait.until(
          "each has its turn or none",
          () -> arrived.availablePermits() + server.refused.size() == 14);
      assertThat(server.refused).hasSizeBetween(3, 4).containsOnly(HttpRefusal.BUSY);
      assertThat(arrived.availablePermits()).isBetween(10, 11);
      gate.countDown();
      assertThat(asked.stream().filter(it -> it.join().statusCode() == 200)).hasSizeBetween(10, 11);
    }
  }

  @Test
  void aReviewOfZerosIsNotRead() {
    assertThat(ReviewReader.read(zeros(490_000)))
        .isInstanceOfSatisfying(
            ReviewReader.Unreadable.class,
            unreadable -> assertThat(unreadable.why()).contains("more than 60000 values"));
  }
}
