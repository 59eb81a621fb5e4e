package dev.portcullis.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.Location;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainClassesTest {
  @ParameterizedTest
  @CsvSource({
    "/p/pods/target/classes/a/B.class, true",
    "/p/pods/target/quick/classes/a/B.class, true",
    "/p/pods/target/test-classes/a/B.class, false",
    "/p/pods/target/quick/test-classes/a/B.class, false",
    "/p/cri/target/portcullis-cri-0.1.0.jar, true",
    "/p/cri/target/portcullis-cri-0.1.0-tests.jar, false"
  })
  void testClassesAreKnownByTheirPlace(Path place, boolean main) {
    assertThat(MainClasses.isMain(Location.of(place))).isEqualTo(main);
  }

  /// In whatever directory this build has them.
  @Test
  void thisTestIsNotAmongThem() {
    assertThat(MainClasses.of("dev.portcullis.testing"))
        .anyMatch(it -> it.isEquivalentTo(MainClasses.class))
        .noneMatch(it -> it.isEquivalentTo(MainClassesTest.class));
  }

  @Test
  void aLawAboutNothingIsAnError() {
    assertThatThrownBy(() -> MainClasses.of("dev.portcullis.nothing"))
        .hasMessageContaining("dev.portcullis.nothing");
  }
}
