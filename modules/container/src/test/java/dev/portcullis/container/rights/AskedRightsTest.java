package dev.portcullis.container.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.container.profiles.BoundingSet;
import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.kernel.process.ProcessRights;
import dev.portcullis.seccomp.runtime.Runtimes;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskedRightsTest {
  private static final Set<String> DEFAULT =
      Runtimes.known()
          .container("containerd", "1.6.20")
          .orElseThrow()
          .facts()
          .defaultCapabilities();
  private static final Set<String> ALL = BoundingSet.known();

  private static AskedRights asked(
      @Nullable Long user, List<String> add, List<String> drop, boolean noNewPrivileges) {
    return new AskedRights(user, user, new ContainerSpec.Capabilities(add, drop), noNewPrivileges);
  }

  private static ProcessRights process(long user, Set<String> capabilities) {
    return new ProcessRights(user, user, capabilities, false, true);
  }

  @Test
  void whoGotWhatWasAskedHasNoMore() {
    AskedRights none = asked(1000L, List.of(), List.of("ALL"), false);
    assertThat(none.exceededBy(process(1000, Set.of()), Set.of())).isEmpty();
    AskedRights usual = asked(null, List.of(), List.of(), false);
    assertThat(usual.exceededBy(process(0, DEFAULT), DEFAULT)).isEmpty();
    // A program may make less of itself.
    assertThat(usual.exceededBy(process(33, Set.of()), DEFAULT)).isEmpty();
    assertThat(none.exceededBy(process(33, Set.of()), Set.of())).isEmpty();
    AskedRights one = asked(0L, List.of("NET_ADMIN"), List.of("all"), false);
    assertThat(one.exceededBy(process(0, Set.of("CAP_NET_ADMIN")), null)).isEmpty();
    // An administrator's own default: the runtime says what it gave.
    assertThat(usual.exceededBy(process(0, Set.of("CAP_SYS_PTRACE")), Set.of("CAP_SYS_PTRACE")))
        .isEmpty();
    assertThat(usual.exceededBy(process(0, ALL), null)).isEmpty();
    AskedRights everything = asked(0L, List.of("ALL"), List.of(), false);
    assertThat(everything.exceededBy(process(0, ALL), ALL)).isEmpty();
  }

  /// What is left where a filter answers setuid, capset and the bounding set with success.
  @Test
  void whoKeptEverythingHasMore() {
    assertThat(asked(1000L, List.of(), List.of("ALL"), true).exceededBy(process(0, ALL), Set.of()))
        .containsExactly(
            "it is root (Uid: 0), and user 1000 was asked for",
            "its group is root's (Gid: 0), and group 1000 was asked for",
            "programs may give it more (NoNewPrivs: 0), and that they may not was asked for",
            "it has CAP_AUDIT_CONTROL, CAP_AUDIT_READ, CAP_AUDIT_WRITE and 38 more capabilities,"
                + " beyond what was requested");
    assertThat(asked(null, List.of(), List.of(), false).exceededBy(process(0, ALL), DEFAULT))
        .singleElement()
        .asString()
        .endsWith("and 24 more capabilities, beyond what was requested");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NET_RAW", "CAP_NET_RAW", "net_raw"})
  void whatWasDroppedByNameIsNotThere(String name) {
    AskedRights asked = asked(null, List.of(), List.of(name), false);
    assertThat(asked.exceededBy(process(0, DEFAULT), null))
        .containsExactly("it has CAP_NET_RAW, beyond what was requested");
  }

  @Test
  void aUserNamespaceOfItsOwnHasAllCapabilitiesOverItself() {
    AskedRights asked = asked(1000L, List.of(), List.of("ALL"), true);
    ProcessRights process = new ProcessRights(66_536, 66_536, ALL, true, false);
    assertThat(asked.exceededBy(process, Set.of())).isEmpty();
    assertThat(asked.exceededBy(new ProcessRights(0, 0, ALL, false, false), Set.of())).hasSize(3);
  }

  @Test
  void itIsKeptAsText() {
    for (AskedRights asked :
        List.of(
            asked(null, List.of(), List.of(), false),
            asked(1000L, List.of("NET_ADMIN", "a\"b, c"), List.of("ALL"), true))) {
      assertThat(AskedRights.read(asked.text())).isEqualTo(asked);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{}",
        "[]",
        "{\"add\": [1], \"drop\": [], \"noNewPrivileges\": true}",
        "{\"add\": [], \"drop\": [], \"noNewPrivileges\": 1}",
        "{\"uid\": 1.5, \"add\": [], \"drop\": [], \"noNewPrivileges\": true}"
      })
  void whatIsNotItIsNone(String text) {
    assertThat(AskedRights.read(text)).isNull();
  }
}
