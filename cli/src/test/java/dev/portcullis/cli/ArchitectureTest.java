package dev.portcullis.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.LibseccompCalls;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String PREFIX = "dev.portcullis.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.portcullis.cli");

  @Test
  void onlyMainSeesTheStandardStreams() {
    assertThat(CLASSES).isNotEmpty();
    noClasses()
        .that(DescribedPredicate.not(belongToAnyOf(Main.class)))
        .should(ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  @Test
  void onlyOptionsSeesTheParser() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..cli.options..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.commons.cli..")
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
    slices().matching("dev.portcullis.cli.(*)..").should().beFreeOfCycles().check(CLASSES);
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

  private static JavaClasses allModules() {
    JavaClasses all =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // Test classes that a module shares, as Maven packs them.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.portcullis");
    for (String module :
        List.of(
            "admission",
            "cli",
            "cluster",
            "container",
            "cri",
            "kernel",
            "node",
            "pods",
            "profiles",
            "run")) {
      assertThat(all)
          .anyMatch(each -> each.getPackageName().concat(".").startsWith(PREFIX + module + "."));
    }
    return all;
  }
}
