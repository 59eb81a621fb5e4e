package dev.portcullis.cri;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.cri");

  @Test
  void thePackageRuntimeSeesNoGeneratedTypes() {
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
    ArchitectureLaws.NO_NATIVE_CODE.check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    ArchitectureLaws.NO_STANDARD_STREAMS.check(CLASSES);
  }
}
