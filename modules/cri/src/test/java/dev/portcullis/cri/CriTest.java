package dev.portcullis.cri;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

class CriTest {
  @TempDir Path directory;

  private TestingRuntime runtime() {
    return new TestingRuntime(directory.resolve("runtime.sock"))
        .on(
            RuntimeServiceGrpc.getVersionMethod(),
            _ ->
                Api.VersionResponse.newBuilder()
                    .setRuntimeName("testing")
                    .setRuntimeVersion("1.2.3")
                    .setRuntimeApiVersion("v1")
                    .build());
  }

  private static CriException failure(ThrowingCallable call) {
    CriException e = catchThrowableOfType(CriException.class, call);
    assertThat(e).isNotNull();
    return e;
  }

  @Test
  void saysWhoIsThere() throws Exception {
    try (var runtime = runtime().start();
        Cri cri = Cri.connect(runtime.endpoint())) {
      assertThat(cri.version()).isEqualTo(new RuntimeVersion("testing", "1.2.3", "v1"));
    }
  }

  @Test
  void aNodesPortcullisIsToldFromARuntime() throws Exception {
    Path socket = directory.resolve("cri.sock");
    try (var runtime = runtime().start();
        var _ =
            Relay.serve(
                socket,
                runtime.endpoint(),
                Path.of("/link/seccomp"),
                RelayTest.NOBODY,
                (_, _, _) -> {});
        Cri direct = Cri.connect(runtime.endpoint());
        Cri through = Cri.connect("unix://" + socket)) {
      assertThat(direct.profileRootOfNode()).isEmpty();
      assertThat(through.profileRootOfNode()).hasValue(Path.of("/link/seccomp"));
      assertThat(through.version().name()).isEqualTo("testing");
    }
  }

  @Test
  void aRuntimeOfOnlyTheAlphaIsNamed() throws Exception {
    var alpha =
        RuntimeServiceGrpc.getVersionMethod().toBuilder()
            .setFullMethodName("runtime.v1alpha2.RuntimeService/Version")
            .build();
    try (var runtime =
        new TestingRuntime(directory.resolve("alpha.sock"))
            .on(alpha, _ -> Api.VersionResponse.getDefaultInstance())
            .start()) {
      CriException e = failure(() -> Cri.connect(runtime.endpoint()));
      assertThat(e.kind()).isEqualTo(CriException.Kind.NOT_CRI);
      assertThat(e)
          .hasMessageContaining("only CRI v1alpha2")
          .hasMessageContaining("containerd 1.6");
      // For looking it will do.
      try (Cri cri = Cri.observe(runtime.endpoint())) {
        assertThat(cri.version().name()).isEmpty();
      }
    }
  }

  @Test
  void aServiceThatIsNoRuntime() throws Exception {
    var other =
        RuntimeServiceGrpc.getVersionMethod().toBuilder()
            .setFullMethodName("some.Other/Thing")
            .build();
    try (var runtime =
        new TestingRuntime(directory.resolve("other.sock"))
            .on(other, _ -> Api.VersionResponse.getDefaultInstance())
            .start()) {
      CriException e = failure(() -> Cri.connect(runtime.endpoint()));
      assertThat(e.kind()).isEqualTo(CriException.Kind.NOT_CRI);
      assertThat(e).hasMessageContaining("disabled_plugins");
    }
  }

  @Test
  void aSocketThatSpeaksNoGrpc() throws Exception {
    Path socket = directory.resolve("web.sock");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                answer(server.accept());
              }
            } catch (IOException closed) {
              Thread.currentThread().interrupt();
            }
          });
      CriException e = failure(() -> Cri.connect("unix://" + socket));
      assertThat(e.kind()).isEqualTo(CriException.Kind.NOT_CRI);
    }
  }

  private static void answer(SocketChannel peer) throws IOException {
    try (peer) {
      // Waits for the caller's first bytes: the probe hangs up before it sends any.
      if (peer.read(ByteBuffer.allocate(64)) > 0) {
        peer.write(ByteBuffer.wrap("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII)));
      }
    }
  }

  @Test
  void refusalsKeepTheRuntimesText() throws Exception {
    try (var runtime =
            runtime()
                .on(
                    RuntimeServiceGrpc.getStartContainerMethod(),
                    _ -> {
                      throw Status.UNKNOWN.withDescription("no such profile").asRuntimeException();
                    })
                .start();
        Cri cri = Cri.connect(runtime.endpoint())) {
      CriException e = failure(() -> cri.startContainer("c"));
      assertThat(e.kind()).isEqualTo(CriException.Kind.REFUSED);
      assertThat(e.method()).isEqualTo("StartContainer");
      assertThat(e.code()).isEqualTo("UNKNOWN");
      assertThat(e).hasMessageContaining("no such profile");
    }
  }

  @Test
  void stoppingAndRemovingWhatIsNotThereIsDone() throws Exception {
    try (var runtime =
            runtime()
                .on(
                    RuntimeServiceGrpc.getStopContainerMethod(),
                    _ -> {
                      throw Status.NOT_FOUND.asRuntimeException();
                    })
                .on(
                    RuntimeServiceGrpc.getRemovePodSandboxMethod(),
                    _ -> {
                      throw Status.NOT_FOUND.asRuntimeException();
                    })
                .on(
                    RuntimeServiceGrpc.getContainerStatusMethod(),
                    _ -> {
                      throw Status.NOT_FOUND.asRuntimeException();
                    })
                .start();
        Cri cri = Cri.connect(runtime.endpoint())) {
      cri.stopContainer("c", Duration.ofSeconds(1));
      cri.removeSandbox("s");
      assertThat(failure(() -> cri.containerStatus("c")).kind())
          .isEqualTo(CriException.Kind.NOT_FOUND);
    }
  }

  @Test
  void aRuntimeThatDiedIsGone() throws Exception {
    var runtime = runtime().start();
    try (Cri cri = Cri.connect(runtime.endpoint())) {
      runtime.close();
      assertThat(failure(cri::version).kind()).isEqualTo(CriException.Kind.GONE);
    }
  }

  @Test
  void anInterruptCancelsTheCall() throws Exception {
    var called = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var runtime =
            runtime()
                .on(
                    RuntimeServiceGrpc.getStopPodSandboxMethod(),
                    _ -> {
                      called.countDown();
                      try {
                        release.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return Api.StopPodSandboxResponse.getDefaultInstance();
                    })
                .start();
        Cri cri = Cri.connect(runtime.endpoint())) {
      var failed = new AtomicReference<CriException>();
      var caller = Thread.ofPlatform().start(() -> failed.set(failure(() -> cri.stopSandbox("s"))));
      called.await();
      caller.interrupt();
      caller.join();
      release.countDown();
      assertThat(failed.get().kind()).isEqualTo(CriException.Kind.INTERRUPTED);
    }
  }

  @Test
  void readsPidAndHandlersFromVerboseAnswers() throws Exception {
    try (var runtime =
            runtime()
                .on(
                    RuntimeServiceGrpc.getContainerStatusMethod(),
                    _ ->
                        Api.ContainerStatusResponse.newBuilder()
                            .setStatus(
                                Api.ContainerStatus.newBuilder()
                                    .setId("c")
                                    .setState(Api.ContainerState.CONTAINER_EXITED)
                                    .setExitCode(3)
                                    .setReason("Error"))
                            .putInfo("info", "{\"sandboxID\":\"s\",\"pid\":4711}")
                            .build())
                .on(
                    RuntimeServiceGrpc.getStatusMethod(),
                    _ ->
                        Api.StatusResponse.newBuilder()
                            .setStatus(
                                Api.RuntimeStatus.newBuilder()
                                    .addConditions(
                                        Api.RuntimeCondition.newBuilder()
                                            .setType("RuntimeReady")
                                            .setStatus(true)))
                            .putInfo(
                                "config", "{\"containerd\":{\"runtimes\":{\"runc\":{},\"x\":{}}}}")
                            .build())
                .start();
        Cri cri = Cri.connect(runtime.endpoint())) {
      ContainerStatus status = cri.containerStatus("c");
      assertThat(status.pid()).isEqualTo(4711);
      assertThat(status.state())
          .isInstanceOfSatisfying(
              ContainerStatus.Exited.class, it -> assertThat(it.exitCode()).isEqualTo(3));
      assertThat(cri.status().handlers()).containsExactlyInAnyOrder("runc", "x");
      assertThat(cri.status().runtime().ready()).isTrue();
      assertThat(cri.status().network().ready()).isFalse();
    }
  }
}
