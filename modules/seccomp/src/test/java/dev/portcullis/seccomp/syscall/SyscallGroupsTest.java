package dev.portcullis.seccomp.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.profile.Architecture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyscallGroupsTest {
  private final SyscallGroups groups = SyscallGroups.load();

  @Test
  void eachCallIsInOneGroup() {
    List<String> names =
        groups.all().stream().flatMap(group -> group.names().stream()).sorted().toList();
    assertThat(names).hasSizeGreaterThan(480).doesNotHaveDuplicates();
    for (SyscallGroup group : groups.all()) {
      assertThat(group.names()).as(group.name()).isSorted();
      assertThat(group.title()).isNotBlank();
    }
    assertThat(groups.of("openat").name()).isEqualTo("files");
    assertThat(groups.named("io-uring").orElseThrow().names()).contains("io_uring_enter");
    assertThat(groups.of("not_a_call").name()).isEqualTo("other");
    assertThat(groups.named("not-a-group")).isEmpty();
  }

  /// A new libseccomp may know more; what it calls so must be sorted in.
  @ParameterizedTest
  @EnumSource(
      value = Architecture.class,
      names = {"X86_64", "X86", "X32", "AARCH64", "ARM", "RISCV64", "S390X", "PPC64LE", "MIPS64"})
  void everyCallOfLibseccompIsSorted(Architecture architecture) {
    assertThat(SyscallTable.ofThisMachine().of(architecture).values())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(groups.of(name).name()).as(name).isNotEqualTo("other"));
  }
}
