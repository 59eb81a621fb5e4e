package dev.portcullis.admission;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.PatchKind;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.admission");

  @Test
  void packagesWithoutCycles() {
    ArchitectureLaws.noCyclesIn("dev.portcullis.admission").check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    ArchitectureLaws.NO_STANDARD_STREAMS.check(CLASSES);
  }

  @Test
  void onlyThePackageHttpSeesTheServer() {
    ArchitectureLaws.onlyIn(
            "dev.portcullis.admission.http", "io.netty..", "com.sun.net.httpserver..")
        .check(CLASSES);
  }

  @Test
  void onlyThePackageCertificateSeesBouncyCastle() {
    ArchitectureLaws.onlyIn("dev.portcullis.admission.certificate", "org.bouncycastle..")
        .check(CLASSES);
  }

  @Test
  void onlyThePackageClusterSeesObjectsOfTheApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.portcullis.admission.cluster..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(StoredObject.class, ApiCollection.class, PatchKind.class)
        .check(CLASSES);
  }

  /// The cluster has a client of its own.
  @Test
  void nobodySpeaksHttpBesideTheConnectionToTheCluster() {
    ArchitectureLaws.onlyIn("dev.portcullis.cluster", "java.net.http..").check(CLASSES);
  }

  @Test
  void onlyThePackageMeasureSeesPrometheus() {
    ArchitectureLaws.onlyIn("dev.portcullis.admission.measure", "io.prometheus..").check(CLASSES);
  }
}
