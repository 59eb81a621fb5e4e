package dev.portcullis.compilation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.compilation");

  /// The class path of the child has these, and nothing else.
  @Test
  void theProcessNeedsNoFurtherLibrary() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "dev.portcullis.kernel.libc..",
            "dev.portcullis.seccomp.bpf..",
            "dev.portcullis.seccomp.compile..",
            "dev.portcullis.compilation..")
        .check(CLASSES);
  }

  @Test
  void noNativeCode() {
    ArchitectureLaws.NO_NATIVE_CODE.check(CLASSES);
  }
}
