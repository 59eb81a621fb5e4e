package dev.portcullis.node;

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
          .importPackages("dev.portcullis.node");

  @Test
  void nobodySeesGeneratedTypes() {
    assertThat(CLASSES).isNotEmpty();
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("runtime.v1..", "io.grpc..", "io.netty..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void onlyThePackageHealthSeesTheHttpServer() {
    onlyIn("health", "com.sun.net.httpserver..");
  }

  @Test
  void onlyThePackageClusterSeesTheKubernetesClient() {
    onlyIn("cluster", "io.fabric8..");
  }

  @Test
  void onlyThePackageMeasureSeesPrometheus() {
    onlyIn("measure", "io.prometheus..");
  }

  @Test
  void noNativeCode() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign..")
        .check(CLASSES);
  }

  private static void onlyIn(String name, String library) {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.portcullis.node." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library)
        .check(CLASSES);
  }

  @Test
  void packagesWithoutCycles() {
    slices().matching("dev.portcullis.node.(*)..").should().beFreeOfCycles().check(CLASSES);
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
