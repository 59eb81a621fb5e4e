package dev.portcullis.seccomp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.seccomp");

  @Test
  void nothingButValues() {
    ArchitectureLaws.VALUES_ONLY.check(CLASSES);
    ArchitectureLaws.NO_TIME.check(CLASSES);
  }

  @Test
  void onlyOnePackageCallsNativeCode() {
    ArchitectureLaws.onlyIn("dev.portcullis.seccomp.libseccomp", "java.lang.foreign..")
        .check(CLASSES);
  }

  @Test
  void theJudgeAndTheJudgedShareNoCode() {
    noClasses()
        .that()
        .resideInAnyPackage("..seccomp.meaning..")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("Interpreter")
        .check(CLASSES);
    noClasses()
        .that()
        .haveSimpleName("Interpreter")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..seccomp.meaning..")
        .orShould()
        .dependOnClassesThat()
        .haveSimpleNameStartingWith("Operation")
        .check(CLASSES);
  }

  @Test
  void whatAProfileIsKnowsNothingOfReadingOrJudgingIt() {
    noClasses()
        .that()
        .resideInAnyPackage("..seccomp.profile..", "..seccomp.finding..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..seccomp.json..",
            "..seccomp.lint..",
            "..seccomp.resolve..",
            "..seccomp.syscall..",
            "..seccomp.libseccomp..",
            "..seccomp.compile..",
            "..seccomp.bpf..")
        .check(CLASSES);
    ArchitectureLaws.noCyclesIn("dev.portcullis.seccomp").check(CLASSES);
  }
}
