package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Container;
import dev.portcullis.e2e.Portcullis.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The examples, run side by side: what the kernel says of each container, and how it ended. The
/// programs in them try what their profile forbids, and end with another code than 0 where they
/// could do it, or could not do what they need.
final class Examples {

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

  private Examples() {}

  /// Runs all of them.
  ///
  /// @param more options
  static Result run(String endpoint, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--runtime-endpoint=" + endpoint,
                "--seccomp-profile-root=" + RealRuntime.example("profiles"),
                "--output=json",
                "--for=16s"));
    arguments.addAll(List.of(more));
    for (String name :
        List.of(
            "trustworthy-pod.yaml",
            "explorer.yaml",
            "default.yaml",
            "override.yaml",
            "init-container.yaml",
            "own-filter.yaml",
            "browser-sandbox.yaml",
            "refused.yaml")) {
      arguments.add(RealRuntime.example(name));
    }
    return Portcullis.run(arguments.toArray(String[]::new));
  }

  static void assertRight(Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.containers()).as(result.err()).containsExactlyInAnyOrderEntriesOf(EXPECTED);
  }
}
