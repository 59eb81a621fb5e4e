package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The image that tools/image makes, on a real containerd, with no more rights than the level
/// "restricted" of Pod Security leaves.
@ExtendWith(RealRuntime.class)
class ImageTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().normalize();
  private static Path image = Path.of("");
  private static final String JAVA = "/opt/portcullis/jre/bin/java";

  @TempDir private Path directory;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    image = PortcullisImage.build();
  }

  private Result run(String... lines) throws IOException {
    return runUnder("type: RuntimeDefault", "runc", lines);
  }

  private Result runUnder(String profile, String handler, String... lines) throws IOException {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: portcullis}
        spec:
          securityContext: {runAsNonRoot: true, seccompProfile: {%s}}
          containers:
          - name: portcullis
            image: localhost/portcullis/portcullis:0.1.0
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
              capabilities: {drop: ["ALL"]}
        """
            .formatted(profile);
    return Portcullis.run(
        "run",
        "--runtime-endpoint",
        RealRuntime.endpoint(),
        "--runtime-handler",
        handler,
        "--seccomp-profile-root",
        REPOSITORY.resolve("deploy/profiles").toString(),
        "--load-image",
        image.toString(),
        PodText.write(directory, "pod.yaml", pod + "    " + String.join("\n    ", lines) + "\n"));
  }

  @Test
  void itsEntryPointIsTheCommand() throws IOException {
    Result result = run("args: [version]");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("portcullis | portcullis 0.1.0");
    Result refused = run("args: [no-such-verb]");
    assertThat(refused.code()).as(refused.err()).isEqualTo(4);
  }

  /// Both runtimes call more than the other between the filter and the program.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void itRunsUnderItsOwnProfile(String handler) throws IOException {
    Result result =
        runUnder(
            "type: Localhost, localhostProfile: portcullis-webhook.json",
            handler,
            "args: [version]");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("portcullis | portcullis 0.1.0");
  }

  /// By AOTMode=on, a JVM that refuses the cache does not start; by its log, hardly a class comes
  /// from anywhere else: few can not be kept (those of signed jars, those for a profiler).
  @ParameterizedTest
  @CsvSource({"cache, java", "distribute, distribute"})
  void itStartsFromItsCaches(String name, String options) throws IOException {
    String cache = "-XX:AOTCache=/opt/portcullis/" + name + ".aot, -XX:AOTMode=on, ";
    Result cached = run(java(cache, options));
    assertThat(cached.code()).as(cached.err()).isZero();
    List<String> others = loaded(cached);
    int all = others.size();
    others.removeIf(line -> line.contains("shared objects file"));
    assertThat(all).isGreaterThan(1000);
    assertThat(others).hasSizeLessThan(all / 50);
    assertThat(loaded(run(java("", options))))
        .isNotEmpty()
        .noneMatch(line -> line.contains("shared objects file"));
  }

  private static String java(String flags, String options) {
    return "command: [%s, %s'@/opt/portcullis/%s.options', '-Xlog:class+load:stdout', dev.portcullis.cli.Main, version]"
        .formatted(JAVA, flags, options);
  }

  private static List<String> loaded(Result result) {
    return result
        .out()
        .lines()
        .filter(line -> line.contains(" source: "))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  @Test
  void nothingInItCanBeRunButJava() throws IOException {
    OciArchive archive = OciArchive.read(image);
    archive.checkDigests();
    assertThat(archive.config().at("config").text("User")).isEqualTo("65532:65532");
    List<String> programs = new ArrayList<>();
    for (int layer = 0; layer < archive.layers().size(); layer++) {
      for (TarArchiveEntry entry : archive.tarEntries(layer)) {
        assertThat(entry.getLongUserId()).as(entry.getName()).isZero();
        if (entry.isSymbolicLink() || entry.isDirectory()) {
          continue;
        }
        assertThat(entry.getMode() & 06022).as(entry.getName()).isZero();
        if ((entry.getMode() & 0111) != 0 && !entry.getName().contains(".so")) {
          programs.add("/" + entry.getName());
        }
      }
    }
    // The helper starts what the JVM asks it to, which is this very Java, and nothing else is
    // there.
    assertThat(programs)
        .containsExactlyInAnyOrder(JAVA, JAVA.replace("bin/java", "lib/jspawnhelper"));
  }

  @Test
  void itHasTheLicencesOfWhatIsInIt() throws IOException {
    List<String> lowest = OciArchive.read(image).files(0);
    for (String what : List.of("libc6", "libseccomp2", "portcullis")) {
      assertThat(lowest).contains("usr/share/doc/" + what + "/copyright");
    }
    assertThat(lowest)
        .contains("opt/portcullis/jre/legal/java.base/LICENSE", "var/lib/dpkg/status.d/libc6");
  }
}
