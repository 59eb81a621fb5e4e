package dev.portcullis.kernel;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.kernel");

  @Test
  void nativeCodeStaysInThePackageLibc() {
    ArchitectureLaws.onlyIn("dev.portcullis.kernel.libc", "java.lang.foreign..").check(CLASSES);
  }

  @Test
  void packagesWithoutCycles() {
    ArchitectureLaws.noCyclesIn("dev.portcullis.kernel").check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    ArchitectureLaws.NO_STANDARD_STREAMS.check(CLASSES);
  }
}
