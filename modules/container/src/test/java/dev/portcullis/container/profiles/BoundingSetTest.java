package dev.portcullis.container.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.seccomp.profile.Capabilities;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BoundingSetTest {
  private static Set<String> of(CapabilityPrefix prefix, List<String> add, List<String> drop) {
    return BoundingSet.of(
        new RuntimeCapabilities(Set.of("CAP_CHOWN", "CAP_KILL"), prefix), false, add, drop);
  }

  @ParameterizedTest
  @EnumSource(CapabilityPrefix.class)
  void namesAsCriHasThemCountForEveryRuntime(CapabilityPrefix prefix) {
    assertThat(of(prefix, List.of("SYS_TIME", "net_raw"), List.of("CHOWN")))
        .containsExactly("CAP_KILL", "CAP_NET_RAW", "CAP_SYS_TIME");
    assertThat(of(prefix, List.of("SYS_TIME"), List.of("all"))).containsExactly("CAP_SYS_TIME");
    assertThat(of(prefix, List.of("All"), List.of("KILL")))
        .hasSize(Capabilities.all().size() - 1)
        .doesNotContain("CAP_KILL");
  }

  /// Where nobody knows, a container is taken for one that has less.
  @ParameterizedTest
  @CsvSource({"ALWAYS, false, false", "WHERE_IT_LACKS, true, true", "UNKNOWN, false, true"})
  void namesWithThePrefixCountAsTheRuntimeTakesThem(
      CapabilityPrefix prefix, boolean added, boolean dropped) {
    for (String name : List.of("CAP_SYS_TIME", "cap_sys_time", "CAP_ALL")) {
      assertThat(of(prefix, List.of(name), List.of()).contains("CAP_SYS_TIME")).isEqualTo(added);
    }
    for (String name : List.of("CAP_CHOWN", "cap_chown", "CAP_ALL")) {
      assertThat(of(prefix, List.of(), List.of(name)).contains("CAP_CHOWN")).isEqualTo(!dropped);
    }
  }

  @Test
  void aPrefixBeforeAPrefixMakesNoCapability() {
    for (CapabilityPrefix prefix : CapabilityPrefix.values()) {
      assertThat(of(prefix, List.of("CAP_CAP_SYS_TIME"), List.of())).doesNotContain("CAP_SYS_TIME");
    }
  }
}
