package dev.portcullis.distribution;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.portcullis.distribution");

  @Test
  void onlyTheWatchSeesTheClient() {
    assertThat(CLASSES).isNotEmpty();
    noClasses()
        .that()
        .haveSimpleNameNotStartingWith("ConfigMapWatch")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "dev.portcullis.cluster..")
        .check(CLASSES);
  }

  @Test
  void nobodyTouchesTheDiskOrPrints() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.net..")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }
}
