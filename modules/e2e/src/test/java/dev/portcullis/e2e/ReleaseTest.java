package dev.portcullis.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.e2e.HelmClient.Answer;
import dev.portcullis.e2e.cluster.Cache;
import dev.portcullis.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What tools/release makes, taken as its users take it.
class ReleaseTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().normalize();
  private static final Path COSIGN =
      Cache.directory(System.getenv()).resolve("debian-sid/bin/cosign");

  /// As Debian and krew call it.
  private static final String OWN_ARCHITECTURE =
      System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";

  @TempDir private static Path directory;
  private static List<String> architectures = List.of("amd64", "arm64");
  private static Path release = Path.of("");
  private static String version = "";
  private static String commit = "";

  /// What a program said, on both streams.
  private record Said(int code, String text) {}

  @BeforeAll
  static void build() throws Exception {
    for (String program : List.of("/usr/bin/dpkg-deb", "/usr/bin/apt-get")) {
      assumeTrue(Files.exists(Path.of(program)), "no " + program + ": the artefacts are of Debian");
    }
    version = DeployTest.version();
    commit = run(REPOSITORY, Map.of(), "git", "rev-parse", "HEAD").text.strip();
    release = directory.resolve("release");
    List<String> command =
        new ArrayList<>(List.of("tools/release", version, "--draft", "--output", "" + release));
    if (Files.exists(COSIGN)) {
      Said made = run(directory, Map.of("COSIGN_PASSWORD", "x"), "" + COSIGN, "generate-key-pair");
      assertThat(made.code).as(made.text).isZero();
      command.addAll(List.of("--key", "" + directory.resolve("cosign.key")));
    }
    Map<String, String> password = Map.of("COSIGN_PASSWORD", "x");
    Said said = run(REPOSITORY, password, command.toArray(String[]::new));
    if (said.text.contains("can be had from") || said.text.contains("cannot be had")) {
      System.out.println("RELEASE OF " + OWN_ARCHITECTURE + " ALONE: " + said.text);
      architectures = List.of(OWN_ARCHITECTURE);
      command.addAll(List.of("--arch", OWN_ARCHITECTURE));
      said = run(REPOSITORY, password, command.toArray(String[]::new));
    }
    assertThat(said.code).as(said.text).isZero();
    System.out.println(said.text);
  }

  private static Said run(Path at, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(at.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(20, TimeUnit.MINUTES)) {
      process.destroy();
    }
    return new Said(process.waitFor(), Files.readString(out));
  }

  private static String digest(Path file) throws Exception {
    return Checksum.sha256(Files.readAllBytes(file));
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(release)) {
      return files.sorted().toList();
    }
  }

  private static Path only(String end) throws IOException {
    List<Path> found = files().stream().filter(it -> it.toString().endsWith(end)).toList();
    assertThat(found).as(end).hasSize(1);
    return found.getFirst();
  }

  /// The archive of the command.
  private static Path command(String architecture) {
    return release.resolve("portcullis-" + version + "-linux-" + architecture + ".tar.gz");
  }

  private static Path unpack(String architecture, String name, String... options) throws Exception {
    Path into = Files.createDirectory(directory.resolve(name));
    List<String> command = new ArrayList<>(List.of("tar", "-xzf", "" + command(architecture)));
    command.addAll(List.of(options));
    Said said = run(into, Map.of(), command.toArray(String[]::new));
    assertThat(said.code).as(said.text).isZero();
    return into.resolve("portcullis-" + version);
  }

  @Test
  void everyFileHasItsChecksum() throws Exception {
    Map<String, String> sums = new HashMap<>();
    for (String line : Files.readAllLines(release.resolve("SHA256SUMS"))) {
      sums.put(line.substring(66), line.substring(0, 64));
    }
    Map<String, String> expected = new HashMap<>();
    for (Path file : files()) {
      String name = "" + file.getFileName();
      if (!name.startsWith("SHA256SUMS")) {
        expected.put(name, digest(file));
      }
    }
    assertThat(sums).isEqualTo(expected).hasSize(5 + 5 * architectures.size());
  }

  @Test
  void theSignatureIsOfTheseChecksums() throws Exception {
    assumeTrue(Files.exists(COSIGN), "no cosign: tools/debian-sid fetches it");
    assertThat(verified(release.resolve("SHA256SUMS")).code).isZero();
    Path other =
        Files.writeString(
            directory.resolve("other"), Files.readString(release.resolve("SHA256SUMS")) + "\n");
    assertThat(verified(other).code).isNotZero();
  }

  private static Said verified(Path file) throws Exception {
    return run(
        directory,
        Map.of(),
        "" + COSIGN,
        "verify-blob",
        "--key=cosign.pub",
        "--bundle=" + release.resolve("SHA256SUMS.sigstore.json"),
        "--insecure-ignore-tlog=true",
        "" + file);
  }

  /// krew checks the digest, writes the files without their times, and links to the program.
  @Test
  void theKrewPluginRuns() throws Exception {
    Tree spec = Tree.all(release.resolve("seccomp.yaml")).getFirst().at("spec");
    assertThat(spec.text("version")).isEqualTo("v" + version);
    Map<String, Tree> platforms = new LinkedHashMap<>();
    for (Tree each : spec.objects("platforms")) {
      String architecture = each.at("selector", "matchLabels").text("arch");
      platforms.put(architecture, each);
      assertThat(each.text("uri")).endsWith("/" + command(architecture).getFileName());
      assertThat(each.text("sha256")).isEqualTo(digest(command(architecture)));
      assertThat(each.objects("files").getFirst().text("from"))
          .isEqualTo("portcullis-" + version + "/*");
    }
    assertThat(platforms.keySet()).containsExactlyElementsOf(architectures);
    Tree platform = requireNonNull(platforms.get(OWN_ARCHITECTURE));
    Path store = unpack(OWN_ARCHITECTURE, "krew", "--touch");
    assertThat(store.resolve("LICENSE")).exists();
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("kubectl-seccomp"), store.resolve(platform.text("bin")));
    Path kubectl = Cache.directory(System.getenv()).resolve("kubernetes-1.20.2/kubectl");
    assumeTrue(Files.exists(kubectl), "no kubectl: tools/kubernetes builds it");
    Said said =
        run(
            directory,
            Map.of("PATH", bin + ":" + System.getenv("PATH")),
            "" + kubectl,
            "seccomp",
            "version");
    assertThat(said.code).as(said.text).isZero();
    assertThat(said.text).startsWith("portcullis " + version);
  }

  @Test
  void theChartIsThatOfTheSources() throws Exception {
    try (HelmClient helm = new HelmClient(Files.createDirectory(directory.resolve("helm")))) {
      String values = "nodes: {enabled: true}\nmonitoring: {enabled: true}\n";
      Answer packed = helm.template(only(".tgz"), "default", "1.30.0", values);
      assertThat(packed.worked()).as(packed.said()).isTrue();
      assertThat(packed)
          .isEqualTo(
              helm.template(REPOSITORY.resolve("deploy/chart"), "default", "1.30.0", values));
    }
  }

  @Test
  void theSiteIsThatOfTheSources() throws Exception {
    Path into = Files.createDirectory(directory.resolve("site"));
    Said said = run(into, Map.of(), "tar", "-xzf", "" + only("-site.tar.gz"));
    assertThat(said.code).as(said.text).isZero();
    Path site = into.resolve("portcullis-" + version + "-site");
    for (Map.Entry<String, String> page : Site.of(REPOSITORY).pages().entrySet()) {
      assertThat(site.resolve(page.getKey())).content().isEqualTo(page.getValue());
    }
  }

  static List<String> architectures() {
    return architectures;
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void theBillsNameEveryJarAndPackage(String architecture) throws Exception {
    Map<String, String> digests = new HashMap<>();
    Path bill = release.resolve("portcullis-" + version + "-linux-" + architecture + ".cdx.json");
    for (Tree component : components(bill)) {
      if (component.has("hashes")) {
        String purl = component.text("purl");
        assertThat(purl).matches("pkg:maven/[^/]+/[^/@]+@[^?]+\\?(classifier=[^&]+&)?type=jar");
        digests.put(component.objects("hashes").getFirst().text("content"), purl);
      }
    }
    Path unpacked = unpack(architecture, "bill-" + architecture, "--wildcards", "*/jars");
    try (Stream<Path> jars = Files.list(unpacked.resolve("jars"))) {
      for (Path jar : jars.filter(it -> it.toString().endsWith(".jar")).toList()) {
        String purl = requireNonNull(digests.remove(digest(jar)), "" + jar);
        String name = purl.substring(purl.lastIndexOf('/') + 1, purl.indexOf('@'));
        assertThat(jar.getFileName().toString()).startsWith(name + "-");
      }
    }
    assertThat(digests).isEmpty();
    List<String> inImage =
        components(
                release.resolve(
                    "portcullis-image-" + version + "-linux-" + architecture + ".cdx.json"))
            .stream()
            .map(it -> it.text("purl"))
            .toList();
    assertThat(inImage.stream().map(it -> it.replaceFirst("@.*", "")))
        .contains(
            "pkg:deb/debian/libc6",
            "pkg:deb/debian/libseccomp2",
            "pkg:generic/java-runtime",
            "pkg:maven/io.netty/netty-handler",
            "pkg:maven/dev.portcullis/portcullis-cli");
    assertThat(inImage.stream().filter(it -> it.startsWith("pkg:deb/debian/libc6@")))
        .allMatch(it -> it.endsWith("?arch=" + architecture));
  }

  private static List<Tree> components(Path file) throws IOException {
    Tree bill = Tree.all(file).getFirst();
    assertThat(bill.text("bomFormat") + " " + bill.text("specVersion")).isEqualTo("CycloneDX 1.6");
    assertThat(bill.at("metadata", "component").text("version")).isEqualTo(version);
    List<Tree> components = bill.objects("components");
    assertThat(components.stream().map(it -> it.text("bom-ref"))).doesNotHaveDuplicates();
    return components;
  }

  @Test
  void provenanceNamesTheArtefactsAndTheSource() throws Exception {
    Tree statement = Tree.all(release.resolve("provenance.intoto.json")).getFirst();
    assertThat(statement.text("_type")).isEqualTo("https://in-toto.io/Statement/v1");
    assertThat(statement.text("predicateType")).isEqualTo("https://slsa.dev/provenance/v1");
    Map<String, String> subjects = new HashMap<>();
    for (Tree subject : statement.objects("subject")) {
      subjects.put(subject.text("name"), subject.at("digest").text("sha256"));
    }
    assertThat(subjects).hasSize(4 + 5 * architectures.size());
    for (Map.Entry<String, String> subject : subjects.entrySet()) {
      assertThat(digest(release.resolve(subject.getKey()))).isEqualTo(subject.getValue());
    }
    assertThat(
            statement
                .at("predicate", "buildDefinition")
                .objects("resolvedDependencies")
                .getFirst()
                .at("digest")
                .text("gitCommit"))
        .isEqualTo(commit);
  }

  @Test
  void notesAreThoseOfOneVersion() throws Exception {
    assertThat(release.resolve("RELEASE-NOTES.md"))
        .content()
        .contains("### Added\n")
        .doesNotContain("\n## ");
  }

  /// Those of ./build and those of this run of Maven: compiled apart, by other options.
  @Test
  void twoBuildsOfAJarAreEqual() throws Exception {
    Path jars = unpack(OWN_ARCHITECTURE, "twice", "--wildcards", "*/jars").resolve("jars");
    int compared = 0;
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path other = Path.of(entry);
      Path name = requireNonNull(other.getFileName());
      if (name.toString()
          .matches("portcullis-(documents|pods|seccomp|kernel|profiles|cel)-[0-9.]+jar")) {
        assertThat(Files.mismatch(jars.resolve(name), other)).as("" + name).isEqualTo(-1);
        compared++;
      }
    }
    assumeTrue(compared > 0, "no jars on the class path: mvn verify has them");
  }

  @Test
  void whatIsNotReadyIsRefused() throws Exception {
    Said other = run(REPOSITORY, Map.of(), "tools/release", "99.0.0", "--draft");
    assertThat(other.code).isEqualTo(3);
    assertThat(other.text).contains("the sources are of version " + version + ", not 99.0.0");
    Said there =
        run(REPOSITORY, Map.of(), "tools/release", version, "--draft", "--output", "" + release);
    assertThat(there.code).isEqualTo(3);
    assertThat(there.text).contains(release + " is there");
    Said strange = run(REPOSITORY, Map.of(), "tools/release", version, "--arch", "mips");
    assertThat(strange.code).isEqualTo(3);
    assertThat(strange.text).contains("--arch mips: it is made for amd64 and arm64");
    Said none = run(REPOSITORY, Map.of(), "tools/release");
    assertThat(none.code).isEqualTo(2);
    assertThat(none.text).contains("usage: tools/release");
  }
}
