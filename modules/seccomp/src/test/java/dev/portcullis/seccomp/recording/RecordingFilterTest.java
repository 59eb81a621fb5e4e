package dev.portcullis.seccomp.recording;

import static dev.portcullis.seccomp.recording.RecordedCalls.TABLE;
import static dev.portcullis.seccomp.recording.RecordedCalls.filters;
import static dev.portcullis.seccomp.recording.RecordedCalls.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is asked about while a container is recorded.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class RecordingFilterTest {
  private static final ResolvedProfile PROFILE =
      RecordingFilter.of(Architecture.X86_64, TABLE, new Listener("/run/s", "token"), false, null);

  private static final List<String> UNASKED =
      List.of("read", "write", "futex", "exit_group", "rt_sigreturn", "mmap", "fork", "vfork");

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void everyCallWithANameButThose(Dialect dialect) {
    Filters filters = filters(PROFILE, dialect);
    for (String name : UNASKED) {
      assertThat(verdict(filters, name).kind()).as(name).isEqualTo(Kind.ALLOW);
    }
    int asked = 0;
    for (Architecture architecture :
        List.of(Architecture.X86_64, Architecture.X86, Architecture.X32)) {
      for (Map.Entry<Integer, String> call : TABLE.of(architecture).entrySet()) {
        Kind kind = filters.run(Call.of(architecture.token(), call.getKey())).kind();
        assertThat(kind).as("%s %s", architecture, call).isIn(Kind.USER_NOTIF, Kind.ALLOW);
        asked += kind == Kind.USER_NOTIF ? 1 : 0;
      }
    }
    assertThat(asked).isGreaterThan(900);
    assertThat(filters.run(Call.of(RecordedCalls.X86_64, 599))).hasToString("ENOSYS");
  }

  /// A fork must not be interrupted; one that makes a namespace is worth it.
  @ParameterizedTest
  @EnumSource(Dialect.class)
  void cloneIsAskedAboutWhereItMakesANamespace(Dialect dialect) {
    Filters filters = filters(PROFILE, dialect);
    for (long flags : new long[] {0, 0x11, 0x1200011, 0x3d0f00, 0x80}) {
      assertThat(verdict(filters, "clone", flags).kind()).as("%x", flags).isEqualTo(Kind.ALLOW);
    }
    long[] namespaces = {
      0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
    };
    for (long one : namespaces) {
      for (long other : namespaces) {
        assertThat(verdict(filters, "clone", one | other | 0x11).kind())
            .as("%x", one | other)
            .isEqualTo(Kind.USER_NOTIF);
      }
    }
  }

  @Test
  void theListenerAndTheFlag() {
    assertThat(PROFILE.listener()).isEqualTo(new Listener("/run/s", "token"));
    assertThat(PROFILE.flags()).isEmpty();
    assertThat(RecordingFilter.of(Architecture.X86_64, TABLE, Listener.NONE, true, null).flags())
        .singleElement()
        .extracting(flag -> flag.name())
        .isEqualTo("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
  }
}
