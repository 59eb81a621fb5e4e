package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The list of what Maven may download: it has all that is used here, and a real Maven obeys it.
class DependencyChecksumsTest {
  private static final Path LIST = Path.of(".mvn/checksums/checksums.sha256");
  private static final String PARENT = "org/example/parent/1/parent-1.pom";

  private static final String POM =
      "<project><modelVersion>4.0.0</modelVersion>%s<packaging>pom</packaging></project>";

  private static final String COORDINATES =
      "<groupId>org.example</groupId><artifactId>%s</artifactId><version>1</version>";

  @TempDir private Path directory;
  private Map<String, String> pinned;

  @BeforeEach
  void readList() throws IOException {
    pinned = new HashMap<>();
    for (String line : Files.readAllLines(LIST)) {
      String[] words = line.split("  ", 2);
      assertThat(line).matches("[0-9a-f]{64}  \\S+");
      assertThat(pinned.put(words[1], words[0])).as(line).isNull();
    }
  }

  /// Also of a jar that was in the local repository before there was a list.
  @Test
  void everyJarOfOthersOnThisClassPathHasTheContentThatIsPinned() throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<Path> jars =
        Stream.of(classPath.split(File.pathSeparator))
            .map(Path::of)
            .filter(jar -> jar.toString().endsWith(".jar"))
            .filter(jar -> !jar.getFileName().toString().startsWith("portcullis-"))
            .toList();
    assertThat(jars).hasSizeGreaterThan(20);
    for (Path jar : jars) {
      // group/artifact/version/file below the local repository
      String path =
          pinned.keySet().stream().filter(each -> jar.endsWith(Path.of(each))).findAny().orElse("");
      assertThat(path).as("%s; run tools/pin-dependencies", jar).isNotEmpty();
      assertThat(Checksum.sha256(Files.readAllBytes(jar))).as(path).isEqualTo(pinned.get(path));
    }
  }

  /// Also those that run in the compiler, and extensions of Maven.
  @Test
  void everyPluginOfTheBuildIsPinned() throws IOException {
    String root = Files.readString(Path.of("pom.xml"));
    StringBuilder poms = new StringBuilder(root);
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(Path.of("modules"))) {
      for (Path module : modules) {
        if (Files.exists(module.resolve("pom.xml"))) {
          poms.append(Files.readString(module.resolve("pom.xml")));
        }
      }
    }
    Matcher plugin =
        Pattern.compile(
                "<(?:plugin|extension|path)>\\s*(?:<groupId>(\\S+)</groupId>\\s*)?"
                    + "<artifactId>(\\S+)</artifactId>\\s*<version>(\\S+)</version>")
            .matcher(poms);
    Set<String> paths = new TreeSet<>();
    while (plugin.find()) {
      String group = plugin.group(1) == null ? "org.apache.maven.plugins" : plugin.group(1);
      paths.add(path(group, plugin.group(2), value(plugin.group(3), root), ".jar"));
    }
    assertThat(paths)
        .hasSizeGreaterThan(10)
        .anyMatch(each -> each.contains("/error_prone_core/"))
        .anyMatch(each -> each.contains("/os-maven-plugin/"));
    assertThat(pinned).containsKeys(paths.toArray(String[]::new));
  }

  /// They are programs, which the build runs.
  @Test
  void theGeneratorsOfCodeArePinned() throws IOException {
    String root = Files.readString(Path.of("pom.xml"));
    String machine = "-linux-x86_64.exe";
    String protoc = value("${protobuf.version}", root);
    String grpc = value("${protoc-gen-grpc.version}", root);
    assertThat(pinned)
        .containsKeys(
            path("com.google.protobuf", "protoc", protoc, machine),
            path("io.grpc", "protoc-gen-grpc-java", grpc, machine));
  }

  private static String path(String group, String artifact, String version, String end) {
    return "%s/%s/%s/%2$s-%3$s%s".formatted(group.replace('.', '/'), artifact, version, end);
  }

  /// Of a property, or what stands there.
  private static String value(String text, String pom) {
    Matcher property = Pattern.compile("\\$\\{(.+)}").matcher(text);
    if (!property.matches()) {
      return text;
    }
    Matcher value = Pattern.compile("<%s>(.+)</".formatted(property.group(1))).matcher(pom);
    assertThat(value.find()).as(text).isTrue();
    return value.group(1);
  }

  private record Ended(int code, String out) {}

  /// A project whose parent is in a repository, and in a list with this checksum.
  private Path project(String parent, String checksum) throws IOException {
    Path remote = directory.resolve("remote").resolve(PARENT);
    Files.createDirectories(remote.getParent());
    Files.writeString(remote, parent);
    Path project = Files.createDirectories(directory.resolve("project"));
    Path list = Files.createDirectories(project.resolve(".mvn/checksums"));
    Files.copy(Path.of(".mvn/maven.config"), project.resolve(".mvn/maven.config"));
    Files.writeString(list.resolve("checksums.sha256"), checksum + "  " + PARENT + "\n");
    Files.writeString(
        project.resolve("pom.xml"),
        POM.formatted(
            "<parent>"
                + COORDINATES.formatted("parent")
                + "</parent>"
                + "<artifactId>project</artifactId>"));
    Files.writeString(
        directory.resolve("settings.xml"),
        """
        <settings><mirrors><mirror>
          <id>remote</id><mirrorOf>*</mirrorOf><url>%s</url>
        </mirror></mirrors></settings>
        """
            .formatted(directory.resolve("remote").toUri()));
    return project;
  }

  /// By the Maven that the scripts of this checkout use.
  private Ended validate(Path project) throws IOException, InterruptedException {
    String script =
        """
        home=$PWD log=$1/log
        . tools/toolchain.sh
        use_jdk
        use_maven
        cd "$1" && exec mvn -B -ntp -s ../settings.xml "-Dmaven.repo.local=$PWD/../local" validate
        """;
    Process maven =
        new ProcessBuilder("sh", "-c", script, "sh", project.toString())
            .redirectErrorStream(true)
            .start();
    maven.getOutputStream().close();
    String out = new String(maven.getInputStream().readAllBytes(), UTF_8);
    assumeFalse(
        out.contains("NOT CHECKED"),
        "this machine's Maven is older than 3.9.2, and a newer one cannot be fetched");
    return new Ended(maven.waitFor(), out);
  }

  @Test
  void whatIsPinnedIsDownloaded() throws Exception {
    String parent = POM.formatted(COORDINATES.formatted("parent"));
    Ended ended = validate(project(parent, Checksum.sha256(parent.getBytes(UTF_8))));
    assertThat(ended.code()).as(ended.out()).isZero();
    assertThat(directory.resolve("local").resolve(PARENT)).hasContent(parent);
  }

  @Test
  void anotherContentIsRefusedAndNotKept() throws Exception {
    String pinned = Checksum.sha256(new byte[0]);
    Ended ended = validate(project(POM.formatted(COORDINATES.formatted("parent")), pinned));
    assertThat(ended.code()).as(ended.out()).isNotZero();
    assertThat(ended.out())
        .contains("Checksum validation failed, expected '" + pinned + "' (PROVIDED)");
    assertThat(directory.resolve("local").resolve(PARENT)).doesNotExist();
  }
}
