package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/// Writes a report for each class that is skipped as a whole, so that `./test` counts it. Surefire
/// writes none where an assumption fails before the first test (`TestExecutionResult.ABORTED` of a
/// container).
public final class SkippedClasses implements TestExecutionListener {
  private static final String DIRECTORY = "portcullis.reports";

  /// For JUnit, which makes it by its name in `META-INF/services`.
  public SkippedClasses() {}

  @Override
  public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
    String directory = System.getProperty(DIRECTORY);
    if (directory == null
        || !identifier.isContainer()
        || result.getStatus() != TestExecutionResult.Status.ABORTED
        || !(identifier.getSource().orElse(null) instanceof ClassSource source)) {
      return;
    }
    String reason =
        result
            .getThrowable()
            .map(Throwable::getMessage)
            .map(message -> message.replaceFirst("^Assumption failed: ", ""))
            .orElse("");
    try {
      Files.createDirectories(Path.of(directory));
      Files.writeString(
          Path.of(directory, "SKIPPED-" + source.getClassName() + ".xml"),
          "<testsuite><testcase name=\"all tests\" classname=\"%s\" time=\"0\"><skipped message=\"%s\"/></testcase></testsuite>%n"
              .formatted(source.getClassName(), escaped(reason)),
          UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("\n", "&#10;");
  }
}
