package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Maven of a machine whose own is too old to check downloads: fetched by that one, which is a
/// script here, into a checkout that has only `tools/`.
class MavenTest {
  @TempDir private Path checkout;
  private ToolsCheckout tools;
  private Path archive;

  @BeforeEach
  void prepare() throws IOException, InterruptedException {
    tools = ToolsCheckout.of(checkout, List.of("toolchain.sh", "maven", "maven.txt"));
    archive = checkout.resolve("maven.tar.gz");
    maven("made/apache-maven-9.8.7/bin", "Apache Maven 9.8.7 (0123456789)");
    assertThat(tools.sh("tar -czf maven.tar.gz -C made apache-maven-9.8.7").code()).isZero();
    has("3.8.7");
    pin(sum());
  }

  /// The Maven of the machine, which is to fetch another.
  private void has(String version) throws IOException {
    maven("machine", "Apache Maven " + version);
  }

  private void maven(String directory, String version) throws IOException {
    Path mvn = Files.createDirectories(checkout.resolve(directory)).resolve("mvn");
    Files.writeString(
        mvn,
        """
        #!/bin/sh
        [ "$1" != --version ] || { printf '\\033[1m%s\\033[m\\n' '%s'; exit; }
        echo "$*" >>'%s/calls'
        for word; do
          case $word in -DoutputDirectory=*) cp '%s' "${word#*=}/apache-maven-9.8.7-bin.tar.gz" ;; esac
        done
        """
            .formatted("%s", version, checkout, archive));
    assertThat(mvn.toFile().setExecutable(true)).isTrue();
  }

  private String sum() throws IOException {
    return Checksum.sha512(Files.readAllBytes(archive));
  }

  private void pin(String sum) throws IOException {
    Files.writeString(
        checkout.resolve("tools/maven.txt"), "# version, SHA-512\n9.8.7 " + sum + "\n");
  }

  /// Looks for Maven as ./build does.
  private ToolsCheckout.Ended use() throws IOException, InterruptedException {
    return tools.sh("home=$PWD log=$PWD/log; . tools/toolchain.sh; use_maven; command -v mvn");
  }

  @Test
  void anOldMavenFetchesTheOneThatIsPinned() throws Exception {
    ToolsCheckout.Ended ended = use();
    String name = "maven-9.8.7-" + sum().substring(0, 12);
    assertThat(ended.out()).isEqualTo(checkout.resolve(".build/" + name + "/bin/mvn") + "\n");
    assertThat(ended.err().lines())
        .containsExactly(
            "portcullis: this machine's Maven cannot check downloads against a list: fetching"
                + " Maven 9.8.7 (9 MB) into "
                + checkout.resolve(".build"));
    assertThat(tools.kept()).containsExactly(name, "maven.lock");
    assertThat(Files.readString(checkout.resolve("calls")))
        .contains("-Dartifact=org.apache.maven:apache-maven:9.8.7:tar.gz:bin");
  }

  /// They have the check, and do not find the list.
  @Test
  void soDoTheFirstWithTheCheck() throws Exception {
    for (String version : List.of("3.9.0", "3.9.1")) {
      has(version);
      assertThat(use().out()).contains("/.build/maven-9.8.7-");
    }
  }

  /// Without a network, each call would wait.
  @Test
  void whatCannotBeFetchedIsNotTriedAgainForAnHour() throws Exception {
    Files.delete(archive);
    assertThat(use().err()).contains("fetching Maven 9.8.7", "NOT CHECKED");
    ToolsCheckout.Ended again = use();
    assertThat(again.out()).isEqualTo(checkout.resolve("machine/mvn") + "\n");
    assertThat(again.err())
        .contains("could not be fetched less than an hour ago", "NOT CHECKED")
        .doesNotContain("fetching");
  }

  @Test
  void itIsFetchedOnce() throws Exception {
    String first = use().out();
    Files.delete(archive);
    ToolsCheckout.Ended again = use();
    assertThat(again.out()).isEqualTo(first);
    assertThat(again.err()).isEmpty();
  }

  @Test
  void anotherContentIsRefusedAndNotKept() throws Exception {
    String pinned = "0".repeat(128);
    pin(pinned);
    ToolsCheckout.Ended ended = use();
    assertThat(ended.out()).isEqualTo(checkout.resolve("machine/mvn") + "\n");
    assertThat(ended.err())
        .contains(
            "portcullis: no newer Maven: apache-maven-9.8.7-bin.tar.gz has the SHA-512 "
                + sum()
                + ", not "
                + pinned
                + ": it was thrown away")
        .contains("NOT CHECKED: what Maven downloads is not compared with .mvn/checksums");
    assertThat(tools.kept()).containsExactly("maven.lock");
  }

  @Test
  void oneThatChecksDownloadsIsTakenAsItIs() throws Exception {
    for (String version : List.of("3.9.2", "3.9.16", "3.10.0", "4.0.0")) {
      has(version);
      ToolsCheckout.Ended ended = use();
      assertThat(ended.out()).as(version).isEqualTo(checkout.resolve("machine/mvn") + "\n");
      assertThat(ended.err()).isEmpty();
    }
    assertThat(tools.kept()).isEmpty();
  }
}
