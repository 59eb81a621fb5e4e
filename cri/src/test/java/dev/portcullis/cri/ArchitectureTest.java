package dev.portcullis.cri;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.portcullis.cri");

  @Test
  void thePackageRuntimeSeesNoGeneratedTypes() {
    assertThat(CLASSES).isNotEmpty();
    noClasses()
        .that()
        .resideInAPackage("dev.portcullis.cri.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("runtime.v1..", "io.grpc..", "io.netty..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void generatedTypesStayBehindThePackagesPublicFace() {
    noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("dev.portcullis.cri..")
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .arePublic()
        .should()
        .haveRawReturnType(resideInAnyPackage("runtime.v1..", "io.grpc..", "com.google.protobuf.."))
        .check(CLASSES);
  }

  @Test
  void theRestKnowsNothingOfThePackageRuntime() {
    noClasses()
        .that()
        .resideInAPackage("dev.portcullis.cri")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.portcullis.cri.runtime..")
        .check(CLASSES);
  }

  @Test
  void noNativeCode() {
    assertThat(CLASSES).isNotEmpty();
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign..")
        .check(CLASSES);
  }

  @Test
  void nobodyPrints() {
    noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }
}
