package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.portcullis.cli.options.RecordingOptions;
import dev.portcullis.seccomp.recording.NeededCalls;
import dev.portcullis.testing.MainClasses;
import java.io.File;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What every call of the command does before its verb is known.
class StartUpTest {
  /// These read only when they are asked.
  private static final Set<String> LAZY =
      Set.of(
          "dev.portcullis.cli.command.CompletionScript",
          "dev.portcullis.seccomp.defaults.BuiltInDefaults");

  private static final Pattern LOADED = Pattern.compile("(dev\\.portcullis\\.\\S+) source:");

  /// The files of facts take longer to read than all else that `version` does.
  @Test
  void noFileOfFactsIsReadForVersion() throws Exception {
    Set<String> readers =
        MainClasses.of("dev.portcullis").stream()
            .filter(StartUpTest::readsResource)
            .map(JavaClass::getName)
            .filter(name -> !LAZY.contains(name))
            .collect(Collectors.toSet());
    assertThat(readers).hasSizeGreaterThan(8);
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "version")
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .start();
    String out = new String(java.getInputStream().readAllBytes(), UTF_8);
    assertThat(java.waitFor()).as(out).isZero();
    Set<String> loaded =
        LOADED.matcher(out).results().map(each -> each.group(1)).collect(Collectors.toSet());
    assertThat(loaded).contains(Cli.class.getName()).doesNotContainAnyElementsOf(readers);
  }

  private static boolean readsResource(JavaClass each) {
    return each.getMethodCallsFromSelf().stream()
        .anyMatch(call ->
            call.getTarget().getOwner().isEquivalentTo(Class.class)
                && call.getTarget().getName().equals("getResourceAsStream"));
  }

  /// The option has its values without the file.
  @Test
  void theRuntimesOfTheOptionAreThoseOfTheFile() {
    assertThat(RecordingOptions.OCI_RUNTIMES.usual())
        .isEqualTo(String.join(",", NeededCalls.ociRuntimes()));
  }
}
