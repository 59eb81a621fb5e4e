package dev.portcullis.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runtime.v1.Api;
import runtime.v1.ImageServiceGrpc;
import runtime.v1.RuntimeServiceGrpc;

class RuntimeImagesTest {
  private static final Map<String, String> CHECKPOINT =
      Map.of("io.kubernetes.cri-o.annotations.checkpoint.name", "web");

  @TempDir Path directory;

  /// As CRI-O tells of images: one is a checkpoint, one is not there, one it does not speak of.
  private TestingRuntime runtime() {
    return new TestingRuntime(directory.resolve("runtime.sock"))
        .on(
            RuntimeServiceGrpc.getVersionMethod(),
            _ -> Api.VersionResponse.newBuilder().setRuntimeName("testing").build())
        .on(
            ImageServiceGrpc.getImageStatusMethod(),
            request ->
                switch (request.getImage().getImage()) {
                  case "checkpoint" ->
                      Api.ImageStatusResponse.newBuilder()
                          .setImage(
                              Api.Image.newBuilder()
                                  .setSpec(
                                      Api.ImageSpec.newBuilder().putAllAnnotations(CHECKPOINT)))
                          .build();
                  case "missing" -> Api.ImageStatusResponse.getDefaultInstance();
                  case "plain" ->
                      Api.ImageStatusResponse.newBuilder()
                          .setImage(Api.Image.newBuilder().setId("sha256:1"))
                          .build();
                  default -> throw Status.INTERNAL.asRuntimeException();
                });
  }

  private static ContainerCreation of(String image) throws Exception {
    Api.CreateContainerRequest.Builder request = Api.CreateContainerRequest.newBuilder();
    request.getConfigBuilder().getImageBuilder().setImage(image);
    return ContainerCreation.read(request.build().toByteArray());
  }

  @Test
  void whatTheRuntimeTellsOfThem() throws Exception {
    try (var runtime = runtime().start();
        RuntimeImages images = new RuntimeImages(runtime.endpoint())) {
      assertThat(images.annotations(of("checkpoint"))).isEqualTo(CHECKPOINT);
      assertThat(images.annotations(of("missing"))).isEmpty();
      assertThat(images.annotations(of("plain"))).isEmpty();
      CriException failed =
          catchThrowableOfType(CriException.class, () -> images.annotations(of("other")));
      assertThat(failed.kind()).isEqualTo(CriException.Kind.REFUSED);
      // It is as it was.
      assertThat(images.annotations(of("checkpoint"))).isEqualTo(CHECKPOINT);
    }
  }

  @Test
  void aRuntimeThatWasGoneIsAskedAgain() throws Exception {
    RuntimeImages images = new RuntimeImages("unix://" + directory.resolve("runtime.sock"));
    try (images) {
      assertThat(catchThrowableOfType(CriException.class, () -> images.annotations(of("plain"))))
          .isNotNull();
      for (int i = 0; i < 2; i++) {
        try (var _ = runtime().start()) {
          assertThat(images.annotations(of("checkpoint"))).isEqualTo(CHECKPOINT);
        }
        assertThat(catchThrowableOfType(CriException.class, () -> images.annotations(of("plain"))))
            .isNotNull();
      }
    }
  }

  /// One of many callers finds that the runtime is gone and hangs up; to the others, whose calls
  /// are under way, the runtime is gone as well.
  @Test
  void aConnectionThatOneCallerGivesUpFailsTheOthersCleanly() throws Exception {
    List<Throwable> other = new CopyOnWriteArrayList<>();
    try (var runtime = runtime().start()) {
      for (int round = 0; round < 100; round++) {
        GrpcConnection connection = new GrpcConnection(Endpoint.parse(runtime.endpoint()));
        CountDownLatch begun = new CountDownLatch(4);
        try (var callers = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
          for (int i = 0; i < 4; i++) {
            callers.execute(() -> {
              begun.countDown();
              try {
                while (true) {
                  connection.call(
                      RuntimeServiceGrpc.getVersionMethod(),
                      Api.VersionRequest.getDefaultInstance(),
                      Duration.ofSeconds(10));
                }
              } catch (CriException gone) {
                if (gone.kind() != CriException.Kind.GONE) {
                  other.add(gone);
                }
              } catch (RuntimeException | Error wrong) {
                other.add(wrong);
              }
            });
          }
          begun.await();
          connection.close();
        }
      }
    }
    assertThat(other).isEmpty();
  }
}
