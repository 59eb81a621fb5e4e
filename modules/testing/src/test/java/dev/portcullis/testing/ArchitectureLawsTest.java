package dev.portcullis.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import java.lang.foreign.Linker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/// Each law finds what breaks it, and nothing in a class that does not.
@SuppressWarnings("UnusedVariable") // the classes at the end are read by ArchUnit alone
class ArchitectureLawsTest {
  @Test
  void valuesOnly() {
    for (Class<?> breaking :
        new Class<?>[] {OfFiles.class, OfThreads.class, OfNow.class, OfProcess.class}) {
      assertBroken(ArchitectureLaws.VALUES_ONLY, breaking);
    }
  }

  @Test
  void noTime() {
    assertBroken(ArchitectureLaws.NO_TIME, OfTime.class);
    assertKept(ArchitectureLaws.VALUES_ONLY, OfTime.class);
  }

  @Test
  void noNativeCode() {
    assertBroken(ArchitectureLaws.NO_NATIVE_CODE, OfNative.class);
  }

  @Test
  void noStandardStreams() {
    assertBroken(ArchitectureLaws.NO_STANDARD_STREAMS, OfStreams.class);
  }

  @Test
  void onlyInOnePackage() {
    assertBroken(ArchitectureLaws.onlyIn("dev.portcullis.other", "java.nio.file.."), OfFiles.class);
    assertKept(ArchitectureLaws.onlyIn("dev.portcullis.testing", "java.nio.file.."), OfFiles.class);
  }

  private static void assertBroken(ArchRule law, Class<?> breaking) {
    assertThat(isKept(law, breaking)).as("%s keeps: %s", breaking, law).isFalse();
    assertKept(law, Plain.class);
  }

  private static void assertKept(ArchRule law, Class<?> keeping) {
    assertThat(isKept(law, keeping)).as("%s breaks: %s", keeping, law).isTrue();
  }

  private static boolean isKept(ArchRule law, Class<?> one) {
    return !law.allowEmptyShould(true)
        .evaluate(new ClassFileImporter().importClasses(one))
        .hasViolation();
  }

  private record Plain(String text) {}

  private record OfFiles(Path path) {}

  private record OfThreads(Semaphore turns) {}

  private record OfTime(Duration time) {}

  private static final class OfNow {
    Instant now = Instant.now();
  }

  private static final class OfProcess {
    String home = System.getenv("HOME");
  }

  private static final class OfNative {
    Linker linker = Linker.nativeLinker();
  }

  private static final class OfStreams {
    PrintStream out = System.err;
  }
}
