package dev.portcullis.testing;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/// The classes of modules without those of their tests.
///
/// ArchUnit's own option knows only Maven's default directory, and takes the tests of a build that
/// has another one, as `-Dquick` has, for main code.
public final class MainClasses {
  private static final ImportOption NO_TESTS = MainClasses::isMain;

  private MainClasses() {}

  /// The main classes of a package and of those below it.
  ///
  /// @throws IllegalArgumentException if there are none, since every law would hold for them
  public static JavaClasses of(String name) {
    JavaClasses found = new ClassFileImporter().withImportOption(NO_TESTS).importPackages(name);
    if (found.isEmpty()) {
      throw new IllegalArgumentException("no main class in the package " + name + " or below it");
    }
    return found;
  }

  /// Whether a location is not that of test classes: a directory of them, or the jar that a module
  /// shares them in.
  static boolean isMain(Location location) {
    return !location.contains("/test-classes/") && !location.contains("-tests.jar");
  }
}
