package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What ./portcullis gives to the JVM, with a script in place of `java` that shows it.
class LauncherTest {
  @TempDir private Path checkout;

  private String run(Map<String, String> environment, String script) throws Exception {
    Path launcher = launcher();
    builtWith(script);
    return run(environment, launcher.toString(), "version");
  }

  private Path launcher() throws IOException {
    Path launcher = Files.copy(Path.of("portcullis"), checkout.resolve("portcullis"));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    return launcher;
  }

  private static String run(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return out;
  }

  /// As ./build leaves it, newer than all sources.
  private void builtWith(String script) throws IOException {
    for (String directory :
        new String[] {".mvn", "modules/cli/src/main", ".build", "jdk/bin", "tools"}) {
      Files.createDirectories(checkout.resolve(directory));
    }
    for (String file :
        new String[] {
          "build", "pom.xml", "modules/cli/pom.xml", "jdk/release", "tools/caches.sh"
        }) {
      Files.createFile(checkout.resolve(file));
    }
    Path java = Files.writeString(checkout.resolve("jdk/bin/java"), "#!/bin/sh\n" + script);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        checkout.resolve(".build/launch"),
        "java='" + java + "'\nflags=''\nclasspath='x.jar'\napp='/a'\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "de_DE.UTF-8", "en_US.ISO-8859-1", "C.UTF-8"})
  void theLocaleIsOneOfEnglishWordsAndAllCharacters(String locale) throws Exception {
    assertThat(run(Map.of("LC_ALL", locale), "echo \"$LC_ALL\"\n")).isEqualTo("C.UTF-8\n");
  }

  @Test
  void theCommandIsPassedOn() throws Exception {
    assertThat(run(Map.of("LANG", "de_DE.UTF-8"), "echo \"$@\" with \"$LC_ALL\"\n"))
        .isEqualTo(
            "-Ddev.portcullis.compilation.cache=/a/compilation.aot -cp x.jar dev.portcullis.cli.Main version with C.UTF-8\n");
  }

  @Test
  void kubectlAsksWhatMayStandNext() throws Exception {
    Path launcher = launcher();
    builtWith("shift 3; printf '<%s>' \"$@\"; echo\n");
    Path link = Files.createSymbolicLink(checkout.resolve("kubectl_complete-seccomp"), launcher);
    assertThat(run(Map.of(), link.toString(), "policy", ""))
        .isEqualTo("<dev.portcullis.cli.Main><__complete><policy><>\n");
  }

  @Test
  void theTabKeyStartsNoBuild() throws Exception {
    Path launcher = launcher();
    Path build = Files.writeString(checkout.resolve("build"), "#!/bin/sh\necho built\n");
    assertThat(build.toFile().setExecutable(true)).isTrue();
    assertThat(run(Map.of(), launcher.toString(), "__complete", "")).isEmpty();
  }
}
