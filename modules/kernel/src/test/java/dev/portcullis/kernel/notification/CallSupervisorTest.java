package dev.portcullis.kernel.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.seccomp.profile.KernelVersion;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Who connects may be anybody that root runs: nothing that comes, or does not, stops the others.
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class CallSupervisorTest {
  private static final String STATE = "{\"pid\":1,\"metadata\":\"%s\",\"state\":{\"id\":\"c\"}}";

  @TempDir private Path directory;

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private final class Ends implements CallObserver {
    @Override
    public int pointer(int architecture, int number) {
      return NONE;
    }

    @Override
    public void seen(int thread, int architecture, int number, long[] arguments) {
      seen.add("call");
    }

    @Override
    public void ended(String failure) {
      seen.add(failure);
    }
  }

  private CallSupervisor supervisor(Path path) throws IOException {
    return CallSupervisor.listen(
        path,
        new KernelVersion(6, 18),
        handover -> handover.metadata().equals("known") ? new Ends() : null);
  }

  private SocketChannel connection(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(path));
    return channel;
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private static boolean isClosed(SocketChannel channel) throws IOException {
    return channel.read(ByteBuffer.allocate(1)) < 0;
  }

  @Test
  void whoSendsNoListenerIsTold() throws IOException, InterruptedException {
    Path path = directory.resolve("s");
    try (CallSupervisor supervisor = supervisor(path);
        SocketChannel silent = connection(path);
        SocketChannel half = connection(path);
        SocketChannel unknown = connection(path);
        SocketChannel known = connection(path)) {
      connection(path).close();
      write(half, "{\"pid\":1,\"metadata\":");
      write(unknown, STATE.formatted("other"));
      assertThat(isClosed(unknown)).isTrue();
      write(known, STATE.formatted("known").substring(0, 20));
      write(known, STATE.formatted("known").substring(20));
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("the runtime handed over no listener");
      assertThat(isClosed(known)).isTrue();
      assertThat(supervisor.failure()).isNull();
      // They have not said what they want, and are not waited for for ever.
      assertThat(silent.isConnected() && half.isConnected()).isTrue();
      assertThat(isClosed(silent)).isTrue();
      assertThat(isClosed(half)).isTrue();
      assertThat(supervisor.awaitEnd(Duration.ofSeconds(20))).isTrue();
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void closedItTakesNobody() throws IOException {
    Path path = directory.resolve("s");
    CallSupervisor supervisor = supervisor(path);
    supervisor.close();
    supervisor.close();
    assertThat(supervisor.failure()).isNull();
    assertThatThrownBy(() -> connection(path)).isInstanceOf(IOException.class);
  }

  @Test
  void aPathThatIsTakenIsAnError() throws IOException {
    Path path = directory.resolve("s");
    try (CallSupervisor first = supervisor(path)) {
      assertThat(first.failure()).isNull();
      assertThatThrownBy(() -> supervisor(path))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("bind");
    }
  }
}
