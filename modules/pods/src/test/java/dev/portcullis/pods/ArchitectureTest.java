package dev.portcullis.pods;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.pods");

  @Test
  void nothingButValues() {
    ArchitectureLaws.VALUES_ONLY.check(CLASSES);
    ArchitectureLaws.NO_TIME.check(CLASSES);
  }

  @Test
  void packagesWithoutCycles() {
    ArchitectureLaws.noCyclesIn("dev.portcullis.pods").check(CLASSES);
  }
}
