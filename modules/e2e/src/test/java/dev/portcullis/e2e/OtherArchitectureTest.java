package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What tools/deb and tools/image make for arm64 on a machine of amd64. It runs where there is an
/// emulator, `qemu-aarch64-static` of Debian's qemu-user-static.
class OtherArchitectureTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().normalize();
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  /// `e_machine` of EM_AARCH64, in elf.h.
  private static final int AARCH64 = 183;

  @TempDir private static Path directory;

  private static Path deb = Path.of("");
  private static Path root = Path.of("");
  private static String config = "";
  private static String manifest = "";

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64"),
        "this machine is not of amd64, but makes it");
    for (String program : new String[] {"apt-get", "dpkg-deb", "unshare"}) {
      assumeTrue(Files.exists(Path.of("/usr/bin", program)), program + " is not installed");
    }
    made("tools/deb");
    made("tools/image");
    deb = Files.createDirectory(directory.resolve("deb"));
    run("dpkg-deb", "-x", REPOSITORY.resolve(".build/portcullis-arm64.deb").toString(), "" + deb);
    Path archive = Files.createDirectory(directory.resolve("archive"));
    run(
        "tar",
        "-xf",
        REPOSITORY.resolve(".build/portcullis-image-arm64.tar") + "",
        "-C",
        "" + archive);
    manifest = Files.readString(archive.resolve("manifest.json"));
    config =
        Files.readString(
            archive.resolve(manifest.replaceAll("(?s).*\"Config\":\"([^\"]*)\".*", "$1")));
    root = Files.createDirectory(directory.resolve("root"));
    for (String layer :
        manifest.replaceAll("(?s).*\"Layers\":\\[([^]]*)].*", "$1").replace("\"", "").split(",")) {
      run("tar", "-xzf", archive.resolve(layer).toString(), "-C", "" + root, "--no-same-owner");
    }
  }

  /// Without Debian's packages of another architecture there is nothing to look at, which is said.
  private static void made(String tool) throws IOException, InterruptedException {
    Said said = say(REPOSITORY.resolve(tool).toString(), "--if-needed", "--arch", "arm64");
    if (said.text().contains("can be had from") || said.text().contains("cannot be had")) {
      abort(said.text());
    }
    assertThat(said.code()).as(said.text()).isZero();
  }

  private record Said(int code, String text) {}

  private static Said say(String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile(directory, "log", "");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(15, TimeUnit.MINUTES);
    if (!ended) {
      process.destroy();
    }
    String text = Files.readString(log);
    assertThat(ended).as(text).isTrue();
    return new Said(process.exitValue(), text);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Said said = say(command);
    assertThat(said.code()).as(said.text()).isZero();
    return said.text();
  }

  /// The machine of each program and library below a directory.
  private static List<Integer> machines(Path tree) throws IOException {
    List<Integer> machines = new ArrayList<>();
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path file : all.filter(each -> Files.isRegularFile(each)).toList()) {
        if (Files.isSymbolicLink(file)) {
          continue;
        }
        try (InputStream in = Files.newInputStream(file)) {
          byte[] head = in.readNBytes(20);
          if (head.length == 20 && Stream.of(0, 1, 2, 3).allMatch(i -> head[i] == ELF[i])) {
            machines.add((head[18] & 0xff) | (head[19] & 0xff) << 8);
          }
        }
      }
    }
    return machines;
  }

  @Test
  void everyProgramAndLibraryOfThePackageIsOfItsArchitecture() throws Exception {
    assertThat(machines(deb)).hasSizeGreaterThan(10).containsOnly(AARCH64);
    assertThat(
            run(
                "dpkg-deb",
                "-f",
                REPOSITORY.resolve(".build/portcullis-arm64.deb").toString(),
                "Architecture",
                "Depends"))
        .contains("Architecture: arm64")
        .containsPattern("libc6 \\(>= 2\\.\\d+\\), libseccomp2");
  }

  @Test
  void everyProgramAndLibraryOfTheImageIsOfItsArchitecture() throws Exception {
    assertThat(machines(root)).hasSizeGreaterThan(15).containsOnly(AARCH64);
    assertThat(config).contains("\"architecture\":\"arm64\"").doesNotContain("AOTCache");
    assertThat(manifest).contains("portcullis/portcullis:");
    try (Stream<Path> packages = Files.list(root.resolve("var/lib/dpkg/status.d"))) {
      assertThat(packages)
          .isNotEmpty()
          .allSatisfy(each ->
              assertThat(Files.readString(each))
                  .containsPattern("(?m)^Architecture: (arm64|all)$"));
    }
    assertThat(root.resolve("usr/lib/aarch64-linux-gnu/libseccomp.so.2")).exists();
    assertThat(root.resolve("opt/portcullis/lib"))
        .isDirectoryContaining("glob:**_linux_aarch_64.so");
  }

  /// A cache of another machine would be refused at each start.
  @Test
  void neitherHasStartUpCaches() throws IOException {
    for (Path tree : List.of(deb, root)) {
      try (Stream<Path> all = Files.walk(tree)) {
        assertThat(all).noneMatch(each -> each.toString().endsWith(".aot"));
      }
    }
  }

  @Test
  void itRuns() throws Exception {
    Path emulator =
        Stream.of(
                Path.of("/usr/bin/qemu-aarch64-static"),
                Path.of(System.getenv().getOrDefault("PORTCULLIS_QEMU_AARCH64", "/none")))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(
        emulator != null,
        "no emulator of aarch64 (apt-get install qemu-user-static): what is made for arm64 is only"
            + " inspected");
    List<String> java =
        List.of(
            String.valueOf(emulator),
            "-L",
            root.toString(),
            deb.resolve("usr/lib/portcullis/jre/bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            deb.resolve("usr/share/portcullis") + "/*",
            "dev.portcullis.cli.Main");
    assertThat(run(words(java, "version"))).contains("portcullis 0.", "java 25");
    Said check = say(words(java, "check", REPOSITORY.resolve("examples/default.yaml").toString()));
    assertThat(check.code()).as(check.text()).isZero();
    assertThat(check.text()).contains("1 pod");
  }

  private static String[] words(List<String> first, String... more) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
