package dev.portcullis.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The body of an answer that does not end, line by line. One line is in memory, and what the
/// connection had ready when somebody asked for it.
///
/// For one reader.
final class ResponseLines implements HttpResponse.BodySubscriber<ResponseLines>, AutoCloseable {
  private final int most;
  private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> ready = new ArrayDeque<>();
  private ByteArrayOutputStream line = new ByteArrayOutputStream();

  /// What the connection delivers.
  private sealed interface Part {
    record Bytes(List<ByteBuffer> buffers) implements Part {}

    /// @param broken null where it ended as it should
    record End(@Nullable Throwable broken) implements Part {}
  }

  /// @param most bytes of a line
  ResponseLines(int most) {
    this.most = most;
  }

  @Override
  public CompletionStage<ResponseLines> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscribed.complete(subscription);
    subscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    parts.add(new Part.Bytes(buffers));
  }

  @Override
  public void onError(Throwable broken) {
    parts.add(new Part.End(broken));
  }

  @Override
  public void onComplete() {
    parts.add(new Part.End(null));
  }

  /// The next line that is not empty.
  ///
  /// @param patience for it
  /// @return null at the end
  /// @throws IOException where the connection broke, or the line is too long or does not come
  byte @Nullable [] next(Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      while (ready.isEmpty()) {
        if (!fill(deadline)) {
          // Half a line is none.
          return null;
        }
      }
      ByteBuffer buffer = ready.element();
      while (buffer.hasRemaining()) {
        byte each = buffer.get();
        if (each != '\n') {
          line.write(each);
        } else if (line.size() > 0) {
          byte[] whole = line.toByteArray();
          line = new ByteArrayOutputStream();
          return whole;
        }
      }
      if (line.size() > most) {
        throw new TooLargeException(most);
      }
      ready.remove();
    }
  }

  /// @return false at the end
  private boolean fill(long deadline) throws IOException {
    Part part;
    try {
      part = parts.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    return switch (part) {
      case null -> throw new IOException("nothing came for too long");
      case Part.End(Throwable broken) -> {
        parts.add(part);
        if (broken != null) {
          throw new IOException(broken);
        }
        yield false;
      }
      case Part.Bytes(List<ByteBuffer> buffers) -> {
        ready.addAll(buffers);
        subscribed.join().request(1);
        yield true;
      }
    };
  }

  /// Ends the connection.
  @Override
  public void close() {
    var _ = subscribed.thenAccept(Flow.Subscription::cancel);
  }
}
