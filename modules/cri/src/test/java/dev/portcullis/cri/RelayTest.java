package dev.portcullis.cri;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portcullis.testing.Wait;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayTest {
  private static final String VERSION = "runtime.v1.RuntimeService/Version";
  private static final String EVENTS = "runtime.v1.RuntimeService/GetContainerEvents";
  private static final Metadata.Key<String> WORD =
      Metadata.Key.of("word", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  static final Interceptor NOBODY = interceptor("", (_, it) -> new Interceptor.Pass(it, () -> {}));

  @TempDir Path directory;
  private final EventLoopGroup events = Channels.events("test");
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private Path runtimeSocket;
  private Path socket;
  private ManagedChannel channel;

  interface Judging {
    Interceptor.Verdict judge(String method, byte[] request);
  }

  static Interceptor interceptor(String wanted, Judging judging) {
    return new Interceptor() {
      @Override
      public boolean wants(String method) {
        return method.endsWith("/" + wanted);
      }

      @Override
      public Verdict judge(String method, byte[] request) {
        return judging.judge(method, request);
      }
    };
  }

  @BeforeEach
  void connect() throws Exception {
    runtimeSocket = directory.resolve("runtime.sock");
    socket = directory.resolve("cri.sock");
    channel =
        Channels.to(Endpoint.parse("unix://" + socket), events)
            .maxInboundMetadataSize(1 << 20)
            .build();
  }

  @AfterEach
  void hangUp() {
    channel.shutdownNow();
    var _ = events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private Relay relay(Interceptor interceptor) throws Exception {
    return Relay.serve(
        socket,
        "unix://" + runtimeSocket,
        Path.of("/profiles"),
        interceptor,
        (method, code, _) -> told.add(method + code));
  }

  private byte[] call(String method, byte[] request) {
    return ClientCalls.blockingUnaryCall(
        channel,
        RawRuntime.method(method),
        CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MINUTES),
        request);
  }

  private Status failure(String method) {
    StatusRuntimeException e =
        catchThrowableOfType(StatusRuntimeException.class, () -> call(method, new byte[0]));
    assertThat(e).isNotNull();
    return e.getStatus();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /// Answers with the method's name and the request.
  private static ServerCall.Listener<byte[]> echo(
      ServerCall<byte[], byte[]> call, Metadata headers) {
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(byte[] message) {
        call.sendHeaders(headers);
        call.sendMessage(
            bytes(
                call.getMethodDescriptor().getFullMethodName() + " " + new String(message, UTF_8)));
        call.close(Status.OK, new Metadata());
      }
    };
  }

  private static ServerCallHandler<byte[], byte[]> failing(Status status, Metadata trailers) {
    return (call, _) -> {
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onHalfClose() {
          call.close(status, trailers);
        }
      };
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        VERSION,
        "runtime.v1alpha2.RuntimeService/CreateContainer",
        "runtime.v1.ImageService/PullImage",
        "runtime.v1alpha2.ImageService/ListImages",
        "runtime.v1.RuntimeService/MadeUpTomorrow"
      })
  void everyMethodOfCriIsPassedOn(String method) throws Exception {
    try (var _ = new RawRuntime(runtimeSocket, RelayTest::echo);
        var _ = relay(NOBODY)) {
      assertThat(call(method, bytes("\u0000\u0007x"))).isEqualTo(bytes(method + " \u0000\u0007x"));
    }
    String name = method.substring(method.indexOf('/') + 1);
    assertThat(told(1)).containsExactly((name.startsWith("Made") ? "other" : name) + "OK");
  }

  @Test
  void otherServicesOfTheRuntimeAreNotThere() throws Exception {
    try (var _ = new RawRuntime(runtimeSocket, RelayTest::echo);
        var _ = relay(NOBODY)) {
      assertThat(failure("containerd.services.tasks.v1.Tasks/Kill").getCode())
          .isEqualTo(Status.Code.UNIMPLEMENTED);
    }
  }

  @Test
  void metadataGoesThereAndBack() throws Exception {
    try (var _ = new RawRuntime(runtimeSocket, RelayTest::echo);
        var _ = relay(NOBODY)) {
      Metadata sent = new Metadata();
      sent.put(WORD, "hello");
      AtomicReference<Metadata> headers = new AtomicReference<>();
      var calling =
          io.grpc.ClientInterceptors.intercept(
              channel,
              MetadataUtils.newAttachHeadersInterceptor(sent),
              MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()));
      ClientCalls.blockingUnaryCall(
          calling, RawRuntime.method(VERSION), CallOptions.DEFAULT, bytes("x"));
      assertThat(headers.get().get(WORD)).isEqualTo("hello");
    }
  }

  @Test
  void errorsKeepTheirTextAndTheirDetails() throws Exception {
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, new byte[] {0, 1, -1});
    String text = "runc: öops\n".repeat(4000);
    try (var _ =
            new RawRuntime(runtimeSocket, failing(Status.UNKNOWN.withDescription(text), trailers));
        var _ = relay(NOBODY)) {
      StatusRuntimeException e =
          catchThrowableOfType(StatusRuntimeException.class, () -> call(VERSION, new byte[] {1}));
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
      assertThat(e.getStatus().getDescription()).isEqualTo(text);
      Metadata got = e.getTrailers();
      assertThat(got).isNotNull();
      assertThat(got.get(DETAILS)).containsExactly(0, 1, -1);
    }
    assertThat(told(1)).containsExactly("VersionUNKNOWN");
  }

  @Test
  void theRuntimesOwnUnavailableIsNotOurs() throws Exception {
    try (var _ =
            new RawRuntime(
                runtimeSocket,
                failing(Status.UNAVAILABLE.withDescription("busy"), new Metadata()));
        var _ = relay(NOBODY)) {
      assertThat(failure(VERSION).getDescription()).isEqualTo("busy");
    }
  }

  private static final class Slow implements ServerCallHandler<byte[], byte[]> {
    final CountDownLatch called = new CountDownLatch(1);
    final CountDownLatch cancelled = new CountDownLatch(1);
    final AtomicReference<io.grpc.Deadline> deadline = new AtomicReference<>();

    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata headers) {
      deadline.set(io.grpc.Context.current().getDeadline());
      called.countDown();
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onCancel() {
          cancelled.countDown();
        }
      };
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRuntimeHasTheCallersDeadline(boolean judged) throws Exception {
    Slow slow = new Slow();
    Interceptor interceptor =
        judged ? interceptor("Version", (_, it) -> new Interceptor.Pass(it, () -> {})) : NOBODY;
    try (var _ = new RawRuntime(runtimeSocket, slow);
        var _ = relay(interceptor)) {
      // Longer where the machine is slow, and the call does not reach the runtime in time.
      for (int i = 0; i < 8 && slow.called.getCount() > 0; i++) {
        CallOptions options =
            CallOptions.DEFAULT.withDeadlineAfter(400L << i, TimeUnit.MILLISECONDS);
        assertThatThrownBy(() ->
                ClientCalls.blockingUnaryCall(
                    channel, RawRuntime.method(VERSION), options, new byte[0]))
            .hasMessageContaining("DEADLINE_EXCEEDED");
      }
      assertThat(slow.called.getCount()).isZero();
      assertThat(slow.deadline.get()).isNotNull();
      assertThat(slow.cancelled.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void aCancelledCallIsCancelledAtTheRuntime() throws Exception {
    Slow slow = new Slow();
    try (var _ = new RawRuntime(runtimeSocket, slow);
        var _ = relay(NOBODY)) {
      ClientCall<byte[], byte[]> call =
          channel.newCall(RawRuntime.method(VERSION), CallOptions.DEFAULT);
      call.start(new ClientCall.Listener<>() {}, new Metadata());
      call.sendMessage(new byte[0]);
      call.halfClose();
      assertThat(slow.called.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(slow.deadline.get()).isNull();
      assertThat(slow.cancelled.getCount()).isEqualTo(1);
      call.cancel("enough", null);
      assertThat(slow.cancelled.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  /// Sends events as long as somebody takes them.
  private static final class Sender implements ServerCallHandler<byte[], byte[]> {
    final AtomicInteger sent = new AtomicInteger();
    private final int most;

    Sender(int most) {
      this.most = most;
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata headers) {
      call.request(2);
      return new ServerCall.Listener<>() {
        private boolean asked;

        @Override
        public void onHalfClose() {
          call.sendHeaders(new Metadata());
          asked = true;
          onReady();
        }

        @Override
        public void onReady() {
          while (asked && call.isReady() && sent.get() < most) {
            call.sendMessage(new byte[1024]);
            if (sent.incrementAndGet() == most) {
              call.close(Status.OK, new Metadata());
            }
          }
        }
      };
    }
  }

  @Test
  void aSlowReaderHoldsTheRuntimeAndLosesNothing() throws Exception {
    int all = 50_000;
    Sender sender = new Sender(all);
    try (var _ = new RawRuntime(runtimeSocket, sender);
        var _ = relay(NOBODY)) {
      AtomicInteger got = new AtomicInteger();
      CountDownLatch end = new CountDownLatch(1);
      ClientCall<byte[], byte[]> call =
          channel.newCall(RawRuntime.method(EVENTS), CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(byte[] message) {
              got.incrementAndGet();
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              end.countDown();
            }
          },
          new Metadata());
      call.sendMessage(new byte[0]);
      call.halfClose();
      call.request(1);
      Wait.until("the first event", () -> got.get() == 1);
      int before = -1;
      while (sender.sent.get() != before) {
        before = sender.sent.get();
        Thread.sleep(200);
      }
      // 50 MB wait at the runtime; what is between are the windows of two connections.
      assertThat(before).isLessThan(all / 4);
      assertThat(got.get()).isEqualTo(1);
      call.request(all);
      assertThat(end.await(2, TimeUnit.MINUTES)).isTrue();
      assertThat(got.get()).isEqualTo(all);
    }
  }

  private static ServerCallHandler<byte[], byte[]> answering(int size) {
    return (call, _) -> {
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onHalfClose() {
          call.sendHeaders(new Metadata());
          call.sendMessage(new byte[size]);
          call.close(Status.OK, new Metadata());
        }
      };
    };
  }

  /// A call whose caller takes no answer before it is told to.
  private ClientCall<byte[], byte[]> unread(Consumer<Status> end) {
    ClientCall<byte[], byte[]> call =
        channel.newCall(RawRuntime.method(EVENTS), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.accept(status);
          }
        },
        new Metadata());
    call.sendMessage(new byte[0]);
    call.halfClose();
    return call;
  }

  /// Each of 15 MiB: more than three at once would not be good for a small heap.
  @Test
  void answersThatNobodyTakesDoNotFillTheMemory() throws Exception {
    try (var runtime = new RawRuntime(runtimeSocket, answering(15 << 20));
        var _ = relay(NOBODY)) {
      List<Status.Code> ends = new CopyOnWriteArrayList<>();
      List<ClientCall<byte[], byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        calls.add(unread(status -> ends.add(status.getCode())));
      }
      Wait.until("eight refusals", () -> ends.size() >= 8);
      assertThat(ends).hasSize(8).containsOnly(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(runtime).isNotNull();
      calls.forEach(call -> call.request(2));
      Wait.until("two answers", () -> ends.size() >= 10);
      assertThat(ends.subList(8, 10)).containsOnly(Status.Code.OK);
      // What was taken was given back: each of these needs more than a third of it.
      for (int i = 0; i < 6; i++) {
        assertThat(call(VERSION, new byte[0])).hasSize(15 << 20);
      }
      assertThat(told).contains("GetContainerEventsRESOURCE_EXHAUSTED");
    }
  }

  @Test
  void smallCallsPassWhileLargeOnesHoldAll() throws Exception {
    AtomicInteger size = new AtomicInteger(15 << 20);
    ServerCallHandler<byte[], byte[]> handler =
        (call, headers) -> answering(size.get()).startCall(call, headers);
    try (var runtime = new RawRuntime(runtimeSocket, handler);
        var _ = relay(NOBODY)) {
      CountDownLatch full = new CountDownLatch(2);
      List<ClientCall<byte[], byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(unread(_ -> full.countDown()));
      }
      assertThat(full.await(2, TimeUnit.MINUTES)).isTrue();
      size.set(12 * 1024);
      assertThat(call(VERSION, new byte[100])).hasSize(12 * 1024);
      assertThat(runtime).isNotNull();
      calls.forEach(call -> call.cancel("enough", null));
    }
  }

  /// A stream may bring more in its life than there may be at once.
  @Test
  void aLongStreamHoldsOnlyWhatIsUnderWay() throws Exception {
    Sender sender = new Sender(80_000);
    try (var _ = new RawRuntime(runtimeSocket, sender);
        var _ = relay(NOBODY)) {
      CountDownLatch end = new CountDownLatch(1);
      AtomicReference<Status> status = new AtomicReference<>();
      unread(
              it -> {
                status.set(it);
                end.countDown();
              })
          .request(100_000);
      assertThat(end.await(2, TimeUnit.MINUTES)).isTrue();
      assertThat(status.get().getCode()).isEqualTo(Status.Code.OK);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void requestsAreCountedToo(boolean judged) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Interceptor waiting =
        interceptor(
            judged ? "Version" : "",
            (_, it) -> {
              try {
                go.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new Interceptor.Refuse(Interceptor.Reason.INTERNAL, String.valueOf(it.length));
            });
    // It never takes what it is sent.
    try (var _ = new RawRuntime(runtimeSocket, (_, _) -> new ServerCall.Listener<>() {});
        var _ = relay(waiting)) {
      List<Status.Code> ends = new CopyOnWriteArrayList<>();
      List<ClientCall<byte[], byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ClientCall<byte[], byte[]> call =
            channel.newCall(RawRuntime.method(VERSION), CallOptions.DEFAULT);
        call.start(
            new ClientCall.Listener<>() {
              @Override
              public void onClose(Status status, Metadata trailers) {
                ends.add(status.getCode());
              }
            },
            new Metadata());
        call.request(2);
        call.sendMessage(new byte[15 << 20]);
        call.halfClose();
        calls.add(call);
      }
      Wait.until("four refusals", () -> ends.size() >= 4);
      assertThat(ends).hasSize(4).containsOnly(Status.Code.RESOURCE_EXHAUSTED);
      go.countDown();
      calls.forEach(call -> call.cancel("enough", null));
    }
  }

  @Test
  void manyRequestsOfOneCallAreHeldWhereTheRuntimeDoesNotTakeThem() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    AtomicReference<ServerCall<byte[], byte[]>> server = new AtomicReference<>();
    CountDownLatch ended = new CountDownLatch(1);
    try (var _ =
            new RawRuntime(
                runtimeSocket,
                (call, _) -> {
                  server.set(call);
                  call.request(1);
                  return new ServerCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] message) {
                      taken.incrementAndGet();
                    }

                    @Override
                    public void onHalfClose() {
                      ended.countDown();
                      call.close(Status.OK, new Metadata());
                    }
                  };
                });
        var _ = relay(NOBODY)) {
      ClientCall<byte[], byte[]> call =
          channel.newCall(
              RawRuntime.method("runtime.v1.RuntimeService/MadeUpTomorrow"), CallOptions.DEFAULT);
      call.start(new ClientCall.Listener<>() {}, new Metadata());
      int sent = 0;
      int idle = 0;
      while (sent < 50_000 && idle < 30) {
        if (call.isReady()) {
          call.sendMessage(new byte[1024]);
          sent++;
          idle = 0;
        } else {
          idle++;
          Thread.sleep(10);
        }
      }
      assertThat(sent).isLessThan(12_500);
      Wait.until("the first request is taken", () -> taken.get() == 1);
      server.get().request(100_000);
      call.halfClose();
      assertThat(ended.await(2, TimeUnit.MINUTES)).isTrue();
      assertThat(taken.get()).isEqualTo(sent);
    }
  }

  @Test
  void aRuntimeThatIsRestartedIsFoundAgainAtOnce() throws Exception {
    try (var relay = relay(NOBODY)) {
      Status none = failure(VERSION);
      assertThat(none.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(none.getDescription())
          .contains("portcullis", "unix://" + runtimeSocket, "cannot be reached");
      for (int i = 0; i < 3; i++) {
        try (var _ = new RawRuntime(runtimeSocket, RelayTest::echo)) {
          assertThat(call(VERSION, bytes("a"))).isNotEmpty();
        }
        assertThat(failure(VERSION).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      }
      assertThat(relay.alive(Duration.ofMinutes(1))).isTrue();
    }
  }

  @Test
  void aCallUnderWayWhenTheRuntimeDiesIsUnavailable() throws Exception {
    Slow slow = new Slow();
    var runtime = new RawRuntime(runtimeSocket, slow);
    try (var _ = relay(NOBODY)) {
      AtomicReference<Status> status = new AtomicReference<>();
      Thread caller = Thread.ofVirtual().start(() -> status.set(failure(VERSION)));
      assertThat(slow.called.await(1, TimeUnit.MINUTES)).isTrue();
      runtime.kill();
      caller.join();
      assertThat(status.get().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void twoAnswersOrNoneAreAnError() throws Exception {
    try (var _ =
            new RawRuntime(
                runtimeSocket,
                (call, _) -> {
                  call.request(2);
                  return new ServerCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] message) {
                      call.sendHeaders(new Metadata());
                      for (int i = 0; i < message.length; i++) {
                        call.sendMessage(new byte[1]);
                      }
                      call.close(Status.OK, new Metadata());
                    }
                  };
                });
        var _ = relay(NOBODY)) {
      assertThat(call(VERSION, new byte[1])).hasSize(1);
      for (int answers : new int[] {0, 2}) {
        assertThatThrownBy(() -> call(VERSION, new byte[answers]))
            .hasMessageContaining("INTERNAL")
            .hasMessageContaining(answers == 0 ? "no answer" : "more than one answer");
      }
      assertThat(call(VERSION, new byte[1])).hasSize(1);
    }
  }

  @Test
  void aRequestCanBeChangedOrRefused() throws Exception {
    CountDownLatch afterwards = new CountDownLatch(1);
    Interceptor interceptor =
        interceptor(
            "CreateContainer",
            (method, request) ->
                switch (new String(request, UTF_8)) {
                  case "bad" ->
                      new Interceptor.Refuse(
                          Interceptor.Reason.FAILED_PRECONDITION, "no file for " + method);
                  case "bug" -> throw new IllegalStateException("gremlin");
                  default -> new Interceptor.Pass(bytes("changed"), afterwards::countDown);
                });
    String create = "runtime.v1.RuntimeService/CreateContainer";
    try (var _ = new RawRuntime(runtimeSocket, RelayTest::echo);
        var _ = relay(interceptor)) {
      assertThat(call(create, bytes("good"))).isEqualTo(bytes(create + " changed"));
      assertThat(afterwards.await(1, TimeUnit.MINUTES)).isTrue();
      assertThatThrownBy(() -> call(create, bytes("bad")))
          .hasMessage("FAILED_PRECONDITION: no file for " + create);
      assertThatThrownBy(() -> call(create, bytes("bug")))
          .hasMessageContaining("INTERNAL")
          .hasMessageContaining("gremlin");
    }
    assertThat(told(3))
        .containsExactlyInAnyOrder(
            "CreateContainerOK", "CreateContainerFAILED_PRECONDITION", "CreateContainerINTERNAL");
  }

  /// What the relay told of this many calls: it does so after the caller has its answer.
  private Set<String> told(int calls) throws Exception {
    Wait.until(calls + " calls are told", () -> told.size() >= calls);
    return told;
  }

  @Test
  void aSocketThatNobodyServesIsReplacedAndOneThatIsServedIsNot() throws Exception {
    // As a process leaves it that was killed.
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    assertThat(socket).exists();
    try (var _ = new RawRuntime(runtimeSocket, RelayTest::echo);
        var _ = relay(NOBODY)) {
      assertThat(call(VERSION, bytes("a"))).isNotEmpty();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-rw----");
      assertThatThrownBy(() -> relay(NOBODY)).hasMessageContaining("another process serves");
      assertThat(call(VERSION, bytes("a"))).isNotEmpty();
    }
    assertThat(socket).doesNotExist();
    try (var _ = new RawRuntime(socket, RelayTest::echo)) {
      assertThatThrownBy(() -> relay(NOBODY)).hasMessageContaining("another process serves");
    }
    Files.deleteIfExists(socket);
    Files.writeString(socket, "precious");
    assertThatThrownBy(() -> relay(NOBODY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a socket");
    assertThat(socket).hasContent("precious");
  }

  @Test
  void drainingLetsCallsEndAndEndsStreamsThatWouldNot() throws Exception {
    Slow slow = new Slow();
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ServerCallHandler<byte[], byte[]> handler =
        (call, headers) -> {
          if (call.getMethodDescriptor().getFullMethodName().equals(EVENTS)) {
            return slow.startCall(call, headers);
          }
          call.request(2);
          return new ServerCall.Listener<>() {
            @Override
            public void onHalfClose() {
              arrived.countDown();
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      release.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    call.sendHeaders(new Metadata());
                    call.sendMessage(bytes("late"));
                    call.close(Status.OK, new Metadata());
                  });
            }
          };
        };
    try (var _ = new RawRuntime(runtimeSocket, handler)) {
      Relay relay = relay(NOBODY);
      AtomicReference<Status> stream = new AtomicReference<>();
      AtomicReference<byte[]> answer = new AtomicReference<>();
      Thread events = Thread.ofVirtual().start(() -> stream.set(failure(EVENTS)));
      Thread calling = Thread.ofVirtual().start(() -> answer.set(call(VERSION, new byte[0])));
      assertThat(slow.called.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(arrived.await(1, TimeUnit.MINUTES)).isTrue();
      relay.drain();
      events.join();
      assertThat(stream.get().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(stream.get().getDescription()).contains("portcullis is stopping");
      release.countDown();
      calling.join();
      assertThat(answer.get()).isEqualTo(bytes("late"));
      relay.close(Duration.ofMinutes(1));
      assertThat(socket).doesNotExist();
    }
  }

  /// A caller that is told UNAVAILABLE asks again; CANCELLED would look like its own doing.
  @Test
  void whatOutlivesTheGraceIsToldThatPortcullisStops() throws Exception {
    Slow never = new Slow();
    try (var _ = new RawRuntime(runtimeSocket, never)) {
      Relay relay = relay(NOBODY);
      AtomicReference<Status> told = new AtomicReference<>();
      Thread calling = Thread.ofVirtual().start(() -> told.set(failure(VERSION)));
      assertThat(never.called.await(1, TimeUnit.MINUTES)).isTrue();
      relay.close(Duration.ofMillis(50));
      calling.join();
      assertThat(told.get().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(told.get().getDescription()).isEqualTo("portcullis is stopping");
    }
  }
}
