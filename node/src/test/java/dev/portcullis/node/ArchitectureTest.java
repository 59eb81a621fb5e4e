package dev.portcullis.node;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.node");

  @Test
  void noNativeCode() {
    ArchitectureLaws.NO_NATIVE_CODE.check(CLASSES);
  }

  @Test
  void noGeneratedTypes() {
    ArchitectureLaws.NO_GENERATED_TYPES.check(CLASSES);
  }

  @Test
  void onlyThePackageHealthSeesTheHttpServer() {
    ArchitectureLaws.onlyIn("dev.portcullis.node.health", "com.sun.net.httpserver..")
        .check(CLASSES);
  }

  @Test
  void onlyThePackageClusterSeesTheKubernetesClient() {
    ArchitectureLaws.onlyIn("dev.portcullis.node.cluster", "io.fabric8..").check(CLASSES);
  }

  @Test
  void onlyThePackageMeasureSeesPrometheus() {
    ArchitectureLaws.onlyIn("dev.portcullis.node.measure", "io.prometheus..").check(CLASSES);
  }

  @Test
  void packagesWithoutCycles() {
    ArchitectureLaws.noCyclesIn("dev.portcullis.node").check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    ArchitectureLaws.NO_STANDARD_STREAMS.check(CLASSES);
  }
}
