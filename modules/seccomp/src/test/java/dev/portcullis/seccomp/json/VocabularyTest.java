package dev.portcullis.seccomp.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Operator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  private static Stream<String> spelled(String others) {
    return Stream.of(others.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "EQ, == = EQ eq Equal EQUALS SCMP_CMP_EQUAL scmp_cmp_eq SCMP_CMP_EQUALS SCMP_CMPEQ SCPM_CMP_EQ",
    "NE, != <> NE ne NEQ SCMP_CMP_NEQ SCMP_CMP_NOT_EQ SCMP_CMP_NOT_EQUAL not_equal CMP_NE CMP_NEQ",
    "LE, <= LE LEQ LTE SCMP_CMP_LEQ SCMP_CMP_LTE less_or_equal SCMP_CMP_LESS_OR_EQUAL",
    "GE, >= GE GEQ GTE SCMP_CMP_GEQ SCMP_CMP_GTE greater_or_equal SCMP_CMP_GREATER_THAN_OR_EQUAL",
    "LT, < LT lt SCMP_CMP_LESS SCMP_CMP_LESS_THAN",
    "GT, > GT gt SCMP_CMP_GREATER greater_than",
    "MASKED_EQ, & &= masked_eq MASKEDEQ SCMP_CMP_MASK SCMP_CMP_MASKED_EQUAL SCMP_CMP_MAKSED_EQ",
  })
  void operatorsAsOthersSpellThem(Operator meant, String others) {
    assertThat(spelled(others))
        .allSatisfy(text -> assertThat(Vocabulary.OPERATORS.meant(text)).as(text).contains(meant));
  }

  /// A letter more or less turns the comparison round: then all are listed.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SCMP_CMP_EG",
        "SCMP_CMP_NT",
        "SCMP_CMP_LEE",
        "SCMP_CMP_MASKED_NE",
        "SCMP_CMP_MASKED_NEQ",
        "SCMP_CMP_NLT",
        "SCMP_CM_NLT",
        "SCMP_CMN_EQ",
        "SCMP_CMP_N",
        "SCMP_CMP_",
        "x",
        "",
      })
  void whatIsNotClearIsNoOperator(String text) {
    assertThat(Vocabulary.OPERATORS.hint(text, Operator::spelling))
        .isEqualTo(
            "; use one of SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_EQ, SCMP_CMP_GE,"
                + " SCMP_CMP_GT, SCMP_CMP_MASKED_EQ");
  }

  @ParameterizedTest
  @CsvSource({
    "ALLOW, ALLOW allow SCMP_ACT_ALOW SCMP_ACT_ALLOWED SECCOMP_RET_ALLOW SCMP_ATC_ALLOW PERMIT",
    "ERRNO, ERRNO errno SCMP_ACT_ERROR SCMP_ACT_DENY deny SCMP_ACT_DISALLOW BLOCK SCMP_ACT_EPERM"
        + " SECCOMP_RET_ERRNO SCMP_ACT_ERNO SCMP_ACT_NOT_ALLOW SCMP_NOT_ALLOW",
    "KILL, KILL kill SECCOMP_RET_KILL SCMP_ACT_KIL",
    "KILL_PROCESS, KILL_PROCESS KillProcess SECCOMP_RET_KILL_PROCESS SCMP_ACT_KILLPROCESS",
    "KILL_THREAD, KILL_THREAD SECCOMP_RET_KILL_THREAD",
    "NOTIFY, SECCOMP_RET_USER_NOTIF NOTIFY SCMP_ACT_NOTIF",
    "LOG, LOG log AUDIT SECCOMP_RET_LOG",
    "TRAP, TRAP SECCOMP_RET_TRAP",
    "TRACE, TRACE SECCOMP_RET_TRACE",
  })
  void actionsAsOthersSpellThem(Action meant, String others) {
    assertThat(spelled(others))
        .allSatisfy(text -> assertThat(Vocabulary.ACTIONS.meant(text)).as(text).contains(meant));
  }

  /// Whatever stands before or after ALLOW may turn it round.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SCMP_ACT_UNALLOW",
        "SCMP_ACT_NALLOW",
        "SCMP_ACT_ALLOW_NOT",
        "SCMP_ACT_TRAC",
        "SCMP_ACT_X",
      })
  void whatIsNotClearIsNoAction(String text) {
    assertThat(Vocabulary.ACTIONS.meant(text)).isEmpty();
    assertThat(Vocabulary.ACTIONS.hint(text, Action::spelling))
        .startsWith("; use one of SCMP_ACT_KILL, ");
  }

  @ParameterizedTest
  @CsvSource({
    "X86_64, amd64 AMD64 x86_64 x86-64 X64 SCMP_ARCH_AMD64 SCMP_ARCH_X86-64 SCMP_ARCH_x86_64"
        + " AUDIT_ARCH_X86_64 linux/amd64 SCMP_ARCH_X86_46 SCPM_ARCH_X86_64",
    "X86, i386 386 i686 x86 SCMP_ARCH_I386 AUDIT_ARCH_I386 SCMP_ARCH_X86_32",
    "X32, x32",
    "ARM, arm armhf armv7l SCMP_ARCH_ARM32",
    "AARCH64, arm64 ARM64 aarch64 SCMP_ARCH_ARM64 AUDIT_ARCH_AARCH64 linux/arm64 SCMP_ARCH_AARCH46",
    "PPC64LE, ppc64le ppc64el",
    "MIPSEL64, mips64le SCMP_ARCH_MIPS64EL",
    "S390X, s390x SCMP_ARCH_s390x",
    "RISCV64, riscv64 RISCV",
    "LOONGARCH64, loong64",
  })
  void architecturesAsOthersSpellThem(Architecture meant, String others) {
    assertThat(spelled(others))
        .allSatisfy(
            text -> assertThat(Vocabulary.ARCHITECTURES.meant(text)).as(text).contains(meant));
  }

  @Test
  void everyNameIsMeantByItself() {
    assertThat(Architecture.values())
        .allSatisfy(each -> assertThat(Vocabulary.ARCHITECTURES.meant(each.name())).contains(each));
    assertThat(Operator.values())
        .allSatisfy(each -> assertThat(Vocabulary.OPERATORS.meant(each.name())).contains(each));
    assertThat(Action.values())
        .allSatisfy(each -> assertThat(Vocabulary.ACTIONS.meant(each.name())).contains(each));
  }

  @Test
  void theMachinesOwnArchitectureNeedsNoName() {
    assertThat(Vocabulary.ARCHITECTURES.hint("SCMP_ARCH_NATIVE", Architecture::spelling))
        .startsWith("; leave it out");
    assertThat(List.of("SCMP_ARCH_SPARC", "SCMP_ARCH_S390Z", "64"))
        .allSatisfy(text ->
            assertThat(Vocabulary.ARCHITECTURES.hint(text, Architecture::spelling))
                .startsWith("; use one of SCMP_ARCH_X86, SCMP_ARCH_X86_64, "));
  }

  @Test
  void endlessTextIsNotCompared() {
    assertThat(Vocabulary.ACTIONS.meant("A".repeat(1_000_000))).isEmpty();
  }
}
