package dev.portcullis.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import java.nio.file.Path;
import java.util.Map;
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
}
