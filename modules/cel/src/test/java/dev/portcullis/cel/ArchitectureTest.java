package dev.portcullis.cel;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.cel");

  @Test
  void nothingButValues() {
    ArchitectureLaws.VALUES_ONLY.check(CLASSES);
  }

  @Test
  void noTimes() {
    ArchitectureLaws.NO_TIME.check(CLASSES);
  }
}
