package dev.portcullis.seccomp.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyscallNamesCheckTest {
  private static final SyscallNamesCheck CHECK = SyscallNamesCheck.ofThisMachine();

  private static NameCheck check(String names) {
    return CHECK.check(
        Profiles.with("ALLOW", "{'names':[" + names + "],'action':'SCMP_ACT_ERRNO'}"));
  }

  private static Finding only(NameCheck check) {
    return switch (check) {
      case NameCheck.Checked checked -> {
        assertThat(checked.findings()).hasSize(1);
        yield checked.findings().getFirst();
      }
      case NameCheck.NotChecked notChecked -> throw new AssertionError(notChecked.reason());
    };
  }

  @Test
  void namesOfEveryArchitectureAreKnown() {
    assertThat(check("'mkdir','clone3','_llseek','arm_fadvise64_64','s390_pci_mmio_read'"))
        .isEqualTo(new NameCheck.Checked(List.of()));
  }

  @Test
  void unknownNamesAreListedOnceWithPlaceAndNearestName() {
    Finding finding = only(check("'mkdir','mkdri','mkdri','no_such_call_at_all'"));
    assertThat(finding.problem()).isEqualTo(Problem.UNKNOWN_SYSCALL);
    assertThat(finding.message())
        .contains("mkdri (1:65, did you mean mkdir?), no_such_call_at_all (1:81);")
        .contains("the default action applies");
  }

  /// They are nothing that somebody mistyped.
  @Test
  void callsOfNewerKernelsAreSaidToBeNewer() {
    Finding finding = only(check("'mkdir','getxattrat','file_getattr','listmount'"));
    assertThat(finding.problem()).isEqualTo(Problem.UNKNOWN_SYSCALL);
    assertThat(finding.message())
        .startsWith("calls of newer kernels, which libseccomp ")
        .contains("getxattrat (1:65, of Linux 6.13), file_getattr (1:78, of Linux 6.17)")
        .contains("listmount (1:93, of Linux 6.8): ")
        .doesNotContain("did you mean");
  }

  /// Of Linux 7.1, as far as the table of arguments has it.
  @Test
  void eachCallThatLibseccompIsTooOldForHasItsLinux() {
    String all =
        ArgumentWidths.calls().stream()
            .map(name -> "'" + name + "'")
            .collect(Collectors.joining(","));
    assertThat(ArgumentWidths.calls()).hasSizeGreaterThan(300);
    assertThat(check(all))
        .isInstanceOfSatisfying(
            NameCheck.Checked.class,
            checked ->
                assertThat(checked.findings())
                    .extracting(Finding::message)
                    .allMatch(message -> message.startsWith("calls of newer kernels")));
  }

  @Test
  void aNewerCallThatIsMistypedIsSuggested() {
    assertThat(only(check("'getxatrat','file_getatr'")).message())
        .contains("getxatrat (1:57, did you mean getxattrat?)", "did you mean file_getattr?");
  }

  @Test
  void aNameIsNotCutAtItsNul() {
    assertThat(only(check("'mkdir\\u0000x'")).message()).contains("mkdir?x (");
  }

  @Test
  void aLongListIsCut() {
    String names =
        IntStream.range(0, 30).mapToObj(i -> "'nope_" + i + "'").collect(Collectors.joining(","));
    assertThat(only(check(names)).message()).contains(" and 10 more;");
  }

  @Test
  void withoutTheLibraryNothingIsClaimed() {
    NameCheck check =
        SyscallNamesCheck.of("libno-such-library.so.9")
            .check(Profiles.with("ALLOW", "{'names':['nope'],'action':'SCMP_ACT_ERRNO'}"));
    assertThat(check)
        .isInstanceOfSatisfying(
            NameCheck.NotChecked.class,
            notChecked -> assertThat(notChecked.reason()).contains("apt-get install libseccomp2"));
  }
}
