package dev.portcullis.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.cluster");

  @Test
  void knowsTheJdkAndTheReaderOfDocumentsAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.net.ssl..",
            "org.jspecify..",
            "dev.portcullis.documents..",
            "dev.portcullis.cluster..")
        .check(CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    ArchitectureLaws.NO_STANDARD_STREAMS.check(CLASSES);
  }
}
