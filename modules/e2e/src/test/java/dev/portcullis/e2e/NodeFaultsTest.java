package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.run.containerd.PrivateContainerd;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

/// What fails around `portcullis node`, and what it does then.
@ExtendWith(RealRuntime.class)
class NodeFaultsTest {
  private static final String KEY = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private NodeProcess node(String endpoint) throws IOException {
    NodeProcess node = new NodeProcess(directory, endpoint);
    open.add(node);
    return node;
  }

  private KubeletCalls kubelet(NodeProcess node) throws IOException {
    KubeletCalls calls =
        new KubeletCalls(node.socket(), true, Files.createDirectories(directory.resolve("logs")));
    open.add(calls);
    return calls;
  }

  private static void profile(NodeProcess node, String name, int errno) throws IOException {
    Files.writeString(
        node.profileRoot().resolve(name),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": %d}]}
        """
            .formatted(errno));
  }

  private static int errno(String spec) {
    Matcher errno = Pattern.compile("\"errnoRet\":([0-9]+)").matcher(spec);
    assertThat(errno.find()).as(spec).isTrue();
    return Integer.parseInt(errno.group(1));
  }

  /// A kubelet that tries again what failed, as it does.
  private static <T> T again(Callable<T> call) throws Exception {
    StatusRuntimeException last = null;
    for (int i = 0; i < 100; i++) {
      try {
        return call.call();
      } catch (StatusRuntimeException e) {
        // A clean error, and never one that says that something is wrong with the pod.
        assertThat(e.getStatus().getCode())
            .as(e.toString())
            .isIn(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN, Status.Code.DEADLINE_EXCEEDED);
        last = e;
        LockSupport.parkNanos(100_000_000);
      }
    }
    throw new AssertionError("does not come back", last);
  }

  /// Makes 100 containers, five to a pod, each under one of 8 profiles, while something happens.
  private void oneHundredContainers(NodeProcess node, String endpoint, Callable<?> meanwhile)
      throws Exception {
    for (int i = 0; i < 8; i++) {
      profile(node, "p" + i + ".json", 100 + i);
    }
    KubeletCalls kubelet = kubelet(node);
    Map<String, Integer> containers = new ConcurrentHashMap<>();
    Map<String, String> annotations = new HashMap<>();
    for (int i = 0; i < 5; i++) {
      for (int attempt = 0; attempt < 200; attempt++) {
        annotations.put(KEY + "c" + i + "-" + attempt, "localhost/p" + i + ".json");
      }
    }
    List<KubeletCalls.Pod> pods = new CopyOnWriteArrayList<>();
    AtomicInteger names = new AtomicInteger();
    try (var pool = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(
            pool.submit(() -> {
              // What was broken off may have been made, and keeps its name.
              KubeletCalls.Pod pod =
                  again(() -> kubelet.runPod("f" + names.incrementAndGet(), "", annotations));
              pods.add(pod);
              for (int c = 0; c < 5; c++) {
                String name = "c" + c + "-";
                AtomicInteger attempt = new AtomicInteger();
                containers.put(
                    again(() -> kubelet.create(pod, name + attempt.getAndIncrement())), 100 + c);
              }
              return null;
            }));
      }
      for (int i = 0; i < 1200 && containers.size() < 20; i++) {
        LockSupport.parkNanos(20_000_000);
      }
      assertThat(containers).hasSizeBetween(20, 90);
      meanwhile.call();
      for (Future<?> each : all) {
        got(each);
      }
    }
    assertThat(containers).hasSize(100);
    try (KubeletCalls direct = new KubeletCalls(path(endpoint), true, directory)) {
      containers.forEach((id, errno) -> assertThat(errno(direct.spec(id))).isEqualTo(errno));
      // Nothing that came into being on the way there is without a profile.
      assertThat(
              direct
                  .call(
                      RuntimeServiceGrpc.getListContainersMethod(),
                      Api.ListContainersRequest.getDefaultInstance())
                  .getContainersList())
          .hasSizeGreaterThanOrEqualTo(100)
          .allMatch(it -> it.getAnnotationsMap().containsKey("portcullis.dev/seccomp-profile"));
      pods.forEach(direct::remove);
    }
  }

  private static <T> T got(Future<T> made) throws InterruptedException {
    try {
      return made.get();
    } catch (ExecutionException e) {
      throw new AssertionError("not made", e);
    }
  }

  private static Path path(String endpoint) {
    return Path.of(endpoint.substring("unix://".length()));
  }

  @Test
  void theRuntimeIsKilledAndStartedWhileAHundredContainersAreMade() throws Exception {
    Path parent = Files.createDirectories(Path.of("/var/lib/portcullis-e2e"));
    try (PrivateContainerd own =
        PrivateContainerd.start(
            new PrivateContainerd.Options(parent, Map.of(), Duration.ofSeconds(60)), _ -> {})) {
      NodeProcess node = node(own.endpoint());
      long descriptors = node.descriptors();
      oneHundredContainers(
          node,
          own.endpoint(),
          () -> {
            killAndStart(own);
            return null;
          });
      assertThat(node.page("/readyz").statusCode()).isEqualTo(200);
      node.keepsAtMost(descriptors + 8, Long.MAX_VALUE);
    }
  }

  /// By SIGKILL, in the mount namespace that it has; its shims and containers run on.
  private void killAndStart(PrivateContainerd own) throws IOException, InterruptedException {
    ProcessHandle process =
        ProcessHandle.current()
            .children()
            .filter(it -> commandLine(it.pid()).contains(own.directory() + "/config.toml"))
            .findFirst()
            .orElseThrow();
    // The namespace ends with its last process.
    Process holder = new ProcessBuilder(own.inside(List.of("sleep", "1000"))).inheritIO().start();
    open.add(() -> holder.destroyForcibly().waitFor());
    while (!commandLine(holder.pid()).startsWith("sleep")) {
      LockSupport.parkNanos(10_000_000);
    }
    process.destroyForcibly();
    while (process.isAlive()) {
      LockSupport.parkNanos(10_000_000);
    }
    Process next =
        new ProcessBuilder(
                "nsenter",
                "--mount=/proc/" + holder.pid() + "/ns/mnt",
                "containerd",
                "--config",
                own.directory() + "/config.toml")
            .redirectErrorStream(true)
            .redirectOutput(own.directory().resolve("second.log").toFile())
            .start();
    open.add(() -> next.destroyForcibly().waitFor());
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
    } catch (IOException gone) {
      return "";
    }
  }

  @Test
  void portcullisIsKilledAndStartedWhileAHundredContainersAreMade() throws Exception {
    NodeProcess node = node(RealRuntime.endpoint());
    oneHundredContainers(
        node,
        RealRuntime.endpoint(),
        () -> {
          node.kill();
          node.start();
          return null;
        });
  }

  @Test
  void aThousandAnnotationsAndOddOnes() throws Exception {
    NodeProcess node = node(RealRuntime.endpoint());
    profile(node, "p.json", 30);
    KubeletCalls kubelet = kubelet(node);
    Map<String, String> annotations = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      annotations.put("example.org/a" + i, "x".repeat(200));
    }
    annotations.put(KEY + "one", "localhost/p.json");
    annotations.put(KEY + "two", "Localhost/p.json");
    annotations.put(KEY + "three", " unconfined");
    annotations.put(KEY + "four", "localhost/../p.json");
    annotations.put(KEY, "unconfined");
    KubeletCalls.Pod pod = kubelet.runPod("thousand", "", annotations);
    open.add(() -> kubelet.remove(pod));
    assertThat(errno(kubelet.spec(kubelet.create(pod, "one")))).isEqualTo(30);
    for (String name : List.of("two", "three", "four")) {
      assertThatThrownBy(() -> kubelet.create(pod, name))
          .hasMessageContaining("INVALID_ARGUMENT")
          .hasMessageContaining(KEY + name);
    }
  }

  @Test
  void theRootIsRemovedAndTheRunDirectoryIsReadOnly() throws Exception {
    NodeProcess node = node(RealRuntime.endpoint());
    profile(node, "p.json", 30);
    KubeletCalls kubelet = kubelet(node);
    KubeletCalls.Pod pod = kubelet.runPod("faults", "", Map.of(KEY + "one", "localhost/p.json"));
    open.add(() -> kubelet.remove(pod));
    Files.move(node.profileRoot(), directory.resolve("away"));
    assertThatThrownBy(() -> kubelet.create(pod, "one"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("the profile root is not a directory or does not exist");
    Files.move(directory.resolve("away"), node.profileRoot());
    // As where a disk is full or read-only; root may write whatever the mode says.
    Files.writeString(node.snapshots(), "in the way");
    assertThatThrownBy(() -> kubelet.create(pod, "one"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("cannot write a snapshot of it");
    // Who needs no file is made all the same.
    assertThat(kubelet.create(pod, "silent")).isNotEmpty();
    Files.delete(node.snapshots());
    assertThat(errno(kubelet.spec(kubelet.create(pod, "one")))).isEqualTo(30);
  }

  @Test
  void aFullRunDirectoryIsSaidAndLeavesNoHalf() throws Exception {
    NodeProcess node = node(RealRuntime.endpoint());
    profile(node, "p.json", 30);
    KubeletCalls kubelet = kubelet(node);
    KubeletCalls.Pod pod = kubelet.runPod("faults", "", Map.of(KEY + "one", "localhost/p.json"));
    open.add(() -> kubelet.remove(pod));
    Files.createDirectories(node.snapshots());
    // Two pages of memory.
    run("mount", "-t", "tmpfs", "-o", "size=8k,mode=700", "tmpfs", "" + node.snapshots());
    try {
      Path filler = node.snapshots().resolve("filler");
      assertThatThrownBy(() -> Files.write(filler, new byte[64 * 1024]))
          .hasMessageContaining("No space left");
      assertThatThrownBy(() -> kubelet.create(pod, "one"))
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("No space left on device");
      try (Stream<Path> left = Files.list(node.snapshots())) {
        assertThat(left).containsExactly(filler);
      }
    } finally {
      run("umount", "" + node.snapshots());
    }
    assertThat(errno(kubelet.spec(kubelet.create(pod, "one")))).isEqualTo(30);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void aClockThatJumpsByHoursChangesNothing() throws Exception {
    Optional<FakeClock> clock = FakeClock.in(directory);
    assumeTrue(clock.isPresent(), FakeClock.MISSING);
    NodeProcess node =
        new NodeProcess(directory, RealRuntime.endpoint(), clock.orElseThrow().environment());
    open.add(node);
    profile(node, "p.json", 30);
    KubeletCalls kubelet = kubelet(node);
    KubeletCalls.Pod pod =
        kubelet.runPod(
            "faults",
            "",
            Map.of(
                KEY + "a",
                "localhost/p.json",
                KEY + "b",
                "localhost/p.json",
                KEY + "c",
                "localhost/p.json",
                KEY + "missing",
                "localhost/missing.json"));
    open.add(() -> kubelet.remove(pod));
    Map<String, Integer> jumps = new LinkedHashMap<>();
    jumps.put("a", 3);
    jumps.put("b", -3);
    jumps.put("c", 0);
    for (Map.Entry<String, Integer> jump : jumps.entrySet()) {
      clock.orElseThrow().set("%+dh".formatted(jump.getValue()));
      for (int i = 0; ; i++) {
        assertThatThrownBy(() -> kubelet.create(pod, "missing"))
            .hasMessageContaining("FAILED_PRECONDITION");
        if (Math.round(hoursAhead(node)) == jump.getValue()) {
          break;
        }
        assertThat(i).as(node.said()).isLessThan(100);
        Thread.sleep(200);
      }
      assertThat(errno(kubelet.spec(kubelet.create(pod, jump.getKey())))).isEqualTo(30);
      assertThat(node.page("/healthz").statusCode()).isEqualTo(200);
      assertThat(node.page("/readyz").statusCode()).isEqualTo(200);
    }
  }

  /// By the time of its last word on a container that it refused, which is of this moment.
  private static double hoursAhead(NodeProcess node) throws IOException {
    String last =
        node.said()
            .lines()
            .filter(line -> line.contains("container refused"))
            .reduce("", (_, line) -> line);
    Instant time = Instant.parse(last.replaceAll(".*\"time\":\"([^\"]+)\".*", "$1"));
    return Duration.between(Instant.now(), time).toSeconds() / 3600.0;
  }

  /// Takes what it is sent, and answers with something that is no HTTP/2, or not at all.
  private static final class Nonsense implements AutoCloseable {
    private final ServerSocketChannel server =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final List<SocketChannel> connections = new ArrayList<>();
    private final byte[] words;

    Nonsense(Path socket, byte[] words) throws IOException {
      this.words = words;
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              while (true) {
                SocketChannel connection = server.accept();
                synchronized (connections) {
                  connections.add(connection);
                }
                say(connection);
              }
            } catch (IOException closed) {
              // The test is over.
            }
          });
    }

    private void say(SocketChannel connection) {
      try {
        connection.write(ByteBuffer.wrap(words));
      } catch (IOException hungUp) {
        // It has heard enough.
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      synchronized (connections) {
        for (SocketChannel connection : connections) {
          connection.close();
        }
      }
    }
  }

  @Test
  void aRuntimeThatAnswersNonsenseIsUnavailable() throws Exception {
    Path socket = directory.resolve("nonsense.sock");
    byte[] words = "HTTP/1.1 400 Bad Request\r\n\r\nno CRI here".repeat(100).getBytes(UTF_8);
    try (var _ = new Nonsense(socket, words)) {
      NodeProcess node = node("unix://" + socket);
      KubeletCalls kubelet = kubelet(node);
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> kubelet.runPod("p", "", Map.of()))
            .hasMessageContaining("UNAVAILABLE: portcullis: the runtime at unix://" + socket);
      }
      assertThat(node.page("/healthz").statusCode()).isEqualTo(200);
      assertThat(node.page("/readyz").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void aRuntimeThatIsSilentHoldsNobodyBeyondItsDeadline() throws Exception {
    Path socket = directory.resolve("silent.sock");
    try (var _ = new Nonsense(socket, new byte[0])) {
      NodeProcess node = node("unix://" + socket);
      KubeletCalls kubelet = kubelet(node);
      kubelet.haveAtMost(Duration.ofMillis(500));
      long threads = node.threads();
      try (var pool = Executors.newFixedThreadPool(50)) {
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          calls.add(() -> {
            try {
              kubelet.runPod("p", "", Map.of());
              return false;
            } catch (StatusRuntimeException e) {
              return e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
            }
          });
        }
        for (Future<Boolean> each : pool.invokeAll(calls, 60, TimeUnit.SECONDS)) {
          assertThat(got(each)).isTrue();
        }
      }
      node.keepsAtMost(Long.MAX_VALUE, threads + 6);
      assertThat(node.page("/healthz").statusCode()).isEqualTo(200);
      assertThat(node.stop()).isEqualTo(143);
    }
  }

  @Test
  void aPortThatIsTakenLeavesTheCallsServed() throws Exception {
    try (java.net.ServerSocket taken =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      NodeProcess node =
          new NodeProcess(
              directory,
              RealRuntime.endpoint(),
              "--health-listen=127.0.0.1:" + taken.getLocalPort());
      open.add(node);
      assertThat(
              kubelet(node)
                  .call(
                      RuntimeServiceGrpc.getVersionMethod(),
                      Api.VersionRequest.getDefaultInstance())
                  .getRuntimeName())
          .isEqualTo("containerd");
      assertThat(node.said())
          .contains("cannot listen on", "/healthz, /readyz and /metrics are not served");
    }
  }

  /// Of a few nothing may stay; bench/proxy makes thousands.
  @Test
  void cyclesLeaveNothing() throws Exception {
    NodeProcess node = node(RealRuntime.endpoint());
    profile(node, "p.json", 30);
    KubeletCalls kubelet = kubelet(node);
    long descriptors = 0;
    long threads = 0;
    for (int i = 0; i < 20; i++) {
      if (i == 6) {
        descriptors = node.descriptors();
        threads = node.threads();
      }
      KubeletCalls.Pod pod = kubelet.runPod("cycle-" + i, "", Map.of(POD, "localhost/p.json"));
      kubelet.create(pod, "c");
      kubelet.remove(pod);
    }
    node.keepsAtMost(descriptors + 2, threads + 4);
  }
}
