package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Container;
import dev.portcullis.e2e.Portcullis.Result;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every example, on runc and on crun: what the kernel says of each container, and how it ended.
/// The programs in them try what their profile forbids, and end with another code than 0 where they
/// could do it, or could not do what they need.
@ExtendWith(RealRuntime.class)
class ExamplesTest {

  /// The containers of all examples, side by side.
  private static final Map<String, Container> EXPECTED =
      Map.ofEntries(
          expected("trustworthy-container", "unconfined", "pod-annotation", 0),
          expected("explorer", "localhost/example-explorer-profile", "container-annotation", 1),
          expected("default", "runtime/default", "cluster-default", 1),
          expected("inherits", "runtime/default", "pod-field", 1),
          expected("overrides", "localhost/batch/no-network.json", "container-field", 1),
          expected("prepare", "runtime/default", "container-annotation", 1),
          expected("reader", "localhost/example-explorer-profile", "container-annotation", 1),
          expected("own-filter", "runtime/default", "pod-field", 2),
          expected("browser", "localhost/browser-sandbox.json", "container-annotation", 1),
          expected("under-default", "runtime/default", "container-annotation", 1),
          expected("free", "unconfined", "container-field", 0));

  private static Map.Entry<String, Container> expected(
      String name, String profile, String origin, int filters) {
    return Map.entry(name, new Container(profile, origin, filters == 0 ? 0 : 2, filters, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void allAtOnce(String handler) {
    Result result =
        Portcullis.run(
            "run",
            "--runtime-endpoint",
            RealRuntime.endpoint(),
            "--runtime-handler",
            handler,
            "--seccomp-profile-root",
            RealRuntime.example("profiles"),
            "--output=json",
            "--for=8s",
            RealRuntime.example("trustworthy-pod.yaml"),
            RealRuntime.example("explorer.yaml"),
            RealRuntime.example("default.yaml"),
            RealRuntime.example("override.yaml"),
            RealRuntime.example("init-container.yaml"),
            RealRuntime.example("own-filter.yaml"),
            RealRuntime.example("browser-sandbox.yaml"),
            RealRuntime.example("refused.yaml"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.containers()).as(result.err()).containsExactlyInAnyOrderEntriesOf(EXPECTED);
  }

  @Test
  void theOneThatIsRefusedStartsNothing() {
    Result result =
        Portcullis.run(
            "run",
            "--runtime-endpoint",
            RealRuntime.endpoint(),
            "--policy",
            RealRuntime.example("policies"),
            "--as=ann",
            "--as-group=developers",
            RealRuntime.example("refused.yaml"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("may not run under unconfined", "nothing was started");
  }
}
