package dev.portcullis.cri.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.TestingRuntime;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

class KnownRuntimeTest {
  private static final Set<String> GIVEN = Set.of("CAP_KILL");

  @TempDir Path directory;

  private interface Query {
    Set<String> ask(String endpoint) throws Exception;
  }

  private Set<String> with(String name, String version, String config, Query query)
      throws Exception {
    try (TestingRuntime runtime =
        new TestingRuntime(directory.resolve("r.sock"))
            .on(
                RuntimeServiceGrpc.getVersionMethod(),
                _ ->
                    Api.VersionResponse.newBuilder()
                        .setRuntimeName(name)
                        .setRuntimeVersion(version)
                        .setRuntimeApiVersion("v1")
                        .build())
            .on(
                RuntimeServiceGrpc.getStatusMethod(),
                request ->
                    request.getVerbose()
                        ? Api.StatusResponse.newBuilder().putInfo("config", config).build()
                        : Api.StatusResponse.getDefaultInstance())
            .on(
                RuntimeServiceGrpc.getListPodSandboxMethod(),
                _ ->
                    Api.ListPodSandboxResponse.newBuilder()
                        .addItems(
                            Api.PodSandbox.newBuilder().setId("s1").setRuntimeHandler("other"))
                        .addItems(Api.PodSandbox.newBuilder().setId("s2"))
                        .build())
            .on(
                RuntimeServiceGrpc.getPodSandboxStatusMethod(),
                _ -> Api.PodSandboxStatusResponse.getDefaultInstance())
            .start()) {
      return query.ask(runtime.endpoint());
    } finally {
      Files.deleteIfExists(directory.resolve("r.sock"));
    }
  }

  private Set<String> of(String name, String version, String config, @Nullable Set<String> given)
      throws Exception {
    return with(
        name,
        version,
        config,
        endpoint -> DefaultCapabilities.behind(endpoint, given).ofHandler("").names());
  }

  @Test
  void whatTheRuntimeTellsCounts() throws Exception {
    String told = "{\"crio\": {\"DefaultCapabilities\": [\"CHOWN\", \"CAP_NET_RAW\"]}}";
    assertThat(of("cri-o", "1.36.3", told, null))
        .containsExactlyInAnyOrder("CAP_CHOWN", "CAP_NET_RAW");
    assertThat(of("cri-o", "1.36.3", told, GIVEN))
        .containsExactlyInAnyOrder("CAP_CHOWN", "CAP_NET_RAW");
    assertThat(of("cri-o", "1.36.3", "{\"crio\": {\"DefaultCapabilities\": null}}", null))
        .isEmpty();
  }

  @Test
  void elseWhatTheAdministratorSaysElseWhatIsKnown() throws Exception {
    assertThat(of("cri-o", "1.32.0", "{}", null)).hasSize(9).contains("CAP_KILL");
    assertThat(of("cri-o", "1.32.0", "{}", GIVEN)).isEqualTo(GIVEN);
    assertThat(of("containerd", "1.6.20", "{}", null)).hasSize(14).contains("CAP_SYS_CHROOT");
    assertThat(of("containerd", "1.6.20", "{}", GIVEN)).isEqualTo(GIVEN);
    // What is broken is not told.
    assertThat(of("cri-o", "1.36.3", "{\"crio\": {\"DefaultCapabilities\": [1]}}", null))
        .hasSize(9);
    assertThat(of("cri-o", "1.36.3", "no JSON", null)).hasSize(9);
  }

  /// Of a runtime that nobody knows no more is assumed than what all of them give.
  @Test
  void anUnknownRuntimeGivesNoMoreThanAll() throws Exception {
    assertThat(of("somebody", "1.0", "{}", null)).hasSize(9).doesNotContain("CAP_SYS_CHROOT");
  }

  @Test
  void namesOfCapabilitiesAreReadAsTheRuntimeReadsThem() throws Exception {
    assertThat(prefix("containerd", "2.1.4")).isEqualTo(CapabilityPrefix.ALWAYS);
    assertThat(prefix("cri-o", "1.36.3")).isEqualTo(CapabilityPrefix.WHERE_IT_LACKS);
    assertThat(prefix("somebody", "1.0")).isEqualTo(CapabilityPrefix.UNKNOWN);
  }

  private CapabilityPrefix prefix(String name, String version) throws Exception {
    AtomicReference<CapabilityPrefix> prefix = new AtomicReference<>();
    with(
        name,
        version,
        "{}",
        endpoint -> {
          prefix.set(DefaultCapabilities.behind(endpoint, null).ofHandler("").prefix());
          return Set.of();
        });
    return prefix.get();
  }

  @Test
  void aHandlerOfContainerdMayBeginWithAFile() throws Exception {
    Path spec =
        Files.writeString(
            directory.resolve("base.json"),
            "{\"process\": {\"capabilities\": {\"bounding\": [\"CAP_FOWNER\"]}}}");
    String config =
        "{\"containerd\": {\"defaultRuntimeName\": \"runc\", \"runtimes\": {\"runc\": {},"
            + " \"other\": {\"baseRuntimeSpec\": \"%s\"}}}}".formatted(spec);
    assertThat(of("containerd", "2.1.4", config, null)).hasSize(14);
    Query ofOther = endpoint -> DefaultCapabilities.behind(endpoint, null).ofSandbox("s1").names();
    Query ofUsual = endpoint -> DefaultCapabilities.behind(endpoint, null).ofSandbox("s2").names();
    assertThat(with("containerd", "2.1.4", config, ofOther)).containsExactly("CAP_FOWNER");
    assertThat(with("containerd", "2.1.4", config, ofUsual)).hasSize(14);
    Files.writeString(spec, "{\"process\": {}}");
    assertThat(with("containerd", "2.1.4", config, ofOther)).isEmpty();
    Files.writeString(spec, "[]");
    assertThatThrownBy(() -> with("containerd", "2.1.4", config, ofOther))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(spec + " (base_runtime_spec), which cannot be read");
    Files.delete(spec);
    assertThatThrownBy(() -> with("containerd", "2.1.4", config, ofOther))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("NoSuchFileException");
    assertThatThrownBy(() ->
            with(
                "containerd",
                "2.1.4",
                config,
                endpoint -> DefaultCapabilities.behind(endpoint, null).ofSandbox("s3").names()))
        .hasMessage("the runtime has no sandbox s3");
  }

  private String words(String name, String version, String config) throws Exception {
    String[] words = new String[1];
    with(
        name,
        version,
        config,
        endpoint -> {
          try (Cri cri = Cri.observe(endpoint)) {
            words[0] = KnownRuntime.ask(cri).words();
          }
          return Set.of();
        });
    return words[0];
  }

  @Test
  void whatIsKnownIsSaidInALine() throws Exception {
    assertThat(words("cri-o", "1.36.3", "{}"))
        .isEqualTo("the runtime is cri-o 1.36.3: its version is known");
    assertThat(
            words("cri-o", "1.99.0", "{\"crio\": {\"PrivilegedSeccompProfile\": \"/etc/p.json\"}}"))
        .isEqualTo(
            "the runtime is cri-o 1.99.0: unknown version: 1.99.0 is newer than the known versions;"
                + " the facts of 1.37 are used; privileged containers run under /etc/p.json");
    assertThat(words("somebody", "1", "{}"))
        .isEqualTo("the runtime is somebody 1: this runtime is unknown");
  }

  @Test
  void aRuntimeThatIsAwaySaysNothing() {
    assertThatThrownBy(() ->
            DefaultCapabilities.behind("unix://" + directory.resolve("none"), GIVEN).ofHandler(""))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot ask the runtime for its default capabilities");
  }
}
