package dev.portcullis.seccomp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.portcullis.seccomp");

  @Test
  void nothingButValues() {
    assertThat(CLASSES).isNotEmpty();
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.net..", "java.nio.file..", "java.time..", "java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(System.class, Thread.class, Runtime.class, ProcessBuilder.class)
        .check(CLASSES);
  }

  @Test
  void onlyOnePackageCallsNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..seccomp.libseccomp..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign..")
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
    slices().matching("..seccomp.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
