package dev.portcullis.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.LibseccompCalls;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String PREFIX = "dev.portcullis.";
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.cli");

  @Test
  void onlyMainSeesTheStandardStreams() {
    noClasses()
        .that(DescribedPredicate.not(belongToAnyOf(Main.class)))
        .should(ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  @Test
  void onlyOptionsSeesTheParser() {
    ArchitectureLaws.onlyIn("dev.portcullis.cli.options", "org.apache.commons.cli..")
        .check(CLASSES);
  }

  @Test
  void verbsSeeNothingOfWhatCallsThem() {
    classes()
        .that()
        .resideInAPackage("..cli.command..")
        .should()
        .onlyBeAccessed()
        .byAnyPackage("dev.portcullis.cli", "..cli.command..")
        .check(CLASSES);
    ArchitectureLaws.noCyclesIn("dev.portcullis.cli").check(CLASSES);
  }

  /// libseccomp does not end on every profile: it is called where it can be ended. In all modules
  /// but the one that does so, and that of the rules themselves.
  @Test
  void filtersAreMadeWithinLimits() {
    JavaClasses all = allModules();
    noClasses()
        .that()
        .resideOutsideOfPackages(PREFIX + "seccomp..", PREFIX + "compilation..")
        .should()
        .callMethod(Compiler.class, "inThisProcess")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(LibseccompCalls.class)
        .check(all);
  }

  /// Two packages link native code, whatever their classes are called: that of libseccomp, and that
  /// of the C library.
  @Test
  void nativeCodeIsLinkedInTwoPackages() {
    noClasses()
        .that()
        .resideOutsideOfPackages(PREFIX + "seccomp.libseccomp", PREFIX + "kernel.libc")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign..")
        .check(allModules());
  }

  /// What tests share is never shipped.
  @Test
  void noMainCodeKnowsWhatTestsShare() {
    noClasses()
        .that()
        .resideOutsideOfPackage(PREFIX + "testing..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            PREFIX + "testing..", "com.tngtech.archunit..", "org.junit..", "org.assertj..")
        .check(allModules());
  }

  private static JavaClasses allModules() {
    JavaClasses all = MainClasses.of("dev.portcullis");
    for (String module :
        List.of(
            "admission",
            "cel",
            "cli",
            "cluster",
            "container",
            "cri",
            "kernel",
            "node",
            "pods",
            "profiles",
            "report",
            "run")) {
      assertThat(all)
          .anyMatch(each -> each.getPackageName().concat(".").startsWith(PREFIX + module + "."));
    }
    return all;
  }
}
