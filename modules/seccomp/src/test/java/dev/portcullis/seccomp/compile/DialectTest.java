package dev.portcullis.seccomp.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.runtime.OciRuntimeFacts;
import dev.portcullis.seccomp.runtime.Runtimes;
import dev.portcullis.seccomp.runtime.Version;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialectTest {
  private static List<Dialect> fitting(OciRuntimeFacts facts) {
    // A tree means the same as a list, so that it makes no dialect of its own.
    return Arrays.stream(Dialect.values())
        .filter(each ->
            each.facts().prologue() == facts.prologue()
                && each.facts().conditions() == facts.conditions())
        .toList();
  }

  /// What is known of a new version of a runtime is nothing that no proof looks at.
  @Test
  void everyVersionThatIsKnownHasOne() {
    for (String name : List.of(Runtimes.RUNC, Runtimes.CRUN)) {
      List<Version> versions = Runtimes.known().versions(name);
      assertThat(versions).hasSizeGreaterThan(2);
      for (Version version : versions) {
        assertThat(fitting(Runtimes.known().oci(name, version)))
            .describedAs("%s %s", name, version)
            .hasSize(1);
      }
    }
  }
}
