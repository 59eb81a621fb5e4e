package dev.portcullis.admission;

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
          .importPackages("dev.portcullis.admission");

  @Test
  void packagesWithoutCycles() {
    assertThat(CLASSES).isNotEmpty();
    slices().matching("dev.portcullis.admission.(*)..").should().beFreeOfCycles().check(CLASSES);
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

  @Test
  void onlyThePackageHttpSeesTheServer() {
    onlyIn("http", "io.netty..", "com.sun.net.httpserver..");
  }

  @Test
  void onlyThePackageCertificateSeesBouncyCastle() {
    onlyIn("certificate", "org.bouncycastle..");
  }

  private static void onlyIn(String name, String... libraries) {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.portcullis.admission." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .check(CLASSES);
  }

  @Test
  void onlyThePackageClusterSeesTheKubernetesClient() {
    onlyIn("cluster", "io.fabric8..");
  }

  @Test
  void onlyThePackageMeasureSeesPrometheus() {
    onlyIn("measure", "io.prometheus..");
  }
}
