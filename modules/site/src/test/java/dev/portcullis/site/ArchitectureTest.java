package dev.portcullis.site;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import dev.portcullis.testing.ArchitectureLaws;
import dev.portcullis.testing.MainClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = MainClasses.of("dev.portcullis.site");

  @Test
  void onlyItsEntryPointSeesTheStandardStreams() {
    noClasses()
        .that(DescribedPredicate.not(belongToAnyOf(SiteMain.class)))
        .should(ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  /// The same sources make the same site, on every machine and on every day.
  @Test
  void noTimes() {
    ArchitectureLaws.NO_TIME.check(CLASSES);
  }
}
