package dev.portcullis.container;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.container");

  @Test
  void noNativeCode() {
    ArchitectureLaws.NO_NATIVE_CODE.check(CLASSES);
  }

  @Test
  void noGeneratedTypes() {
    ArchitectureLaws.NO_GENERATED_TYPES.check(CLASSES);
  }

  @Test
  void packagesWithoutCycles() {
    ArchitectureLaws.noCyclesIn("dev.portcullis.container").check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    ArchitectureLaws.NO_STANDARD_STREAMS.check(CLASSES);
  }
}
