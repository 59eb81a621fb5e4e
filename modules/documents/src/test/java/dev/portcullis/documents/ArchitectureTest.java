package dev.portcullis.documents;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.documents");

  @Test
  void nothingButValues() {
    ArchitectureLaws.VALUES_ONLY.check(CLASSES);
    ArchitectureLaws.NO_TIME.check(CLASSES);
  }
}
