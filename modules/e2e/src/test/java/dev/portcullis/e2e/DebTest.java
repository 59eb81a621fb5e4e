package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Debian package that tools/deb makes, under the system's own dpkg, in a copy of the system's
/// files that is gone afterwards. What it asks of systemd is written down, not done.
class DebTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().normalize();

  /// To another file: the path, without a place in it.
  private static final Pattern LINK =
      Pattern.compile("\\]\\((?![a-z]+:|#)([^)#\\s]+)(?:#[^)]*)?\\)");

  private static Map<String, String> life = Map.of();

  @TempDir private Path directory;

  private static void requireMachine() {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: mounting needs it");
    for (String program : new String[] {"dpkg", "dpkg-deb", "unshare", "chroot"}) {
      assumeTrue(
          Files.exists(Path.of("/usr/bin", program)) || Files.exists(Path.of("/usr/sbin", program)),
          program + " is not installed");
    }
    assumeTrue(
        !Files.exists(Path.of("/var/lib/dpkg/info/portcullis.list")),
        "portcullis is installed as a package on this system already");
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    if (!ended) {
      process.destroy();
    }
    String said = Files.readString(log);
    assertThat(ended).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private static Map<String, String> sections(String said) {
    Map<String, String> sections = new LinkedHashMap<>();
    String name = "";
    for (String line : said.lines().toList()) {
      if (line.startsWith("== ")) {
        // What was asked belongs to what was done before.
        name = line.equals("== asked") ? name + " asked" : line.substring(3);
        sections.put(name, "");
      } else {
        sections.merge(name, line + "\n", String::concat);
      }
    }
    return sections;
  }

  /// What was said from the installation to the end; once for all tests.
  private Map<String, String> life() throws IOException, InterruptedException {
    requireMachine();
    if (life.isEmpty()) {
      run(REPOSITORY.resolve("tools/deb").toString(), "--if-needed");
      life =
          sections(
              run(
                  "unshare",
                  "--mount",
                  "--propagation",
                  "private",
                  "sh",
                  REPOSITORY.resolve("modules/e2e/src/test/scripts/package-life.sh").toString(),
                  directory.toString(),
                  REPOSITORY.resolve(".build/portcullis.deb").toString()));
    }
    return life;
  }

  @Test
  void systemdFindsItsUnitRightAndSafe() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze");
    assertThat(life().get("verify"))
        .as("systemd-analyze verify, and security")
        .matches("(?s)[^\n]*exposure level for portcullis-node.service: [0-2]\\.[0-9] OK[^\n]*\n");
  }

  /// The kernel gives filters to who has none, and may trace.
  @Test
  void systemdTakesTheSettingsForProofs() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze");
    assertThat(life().get("verify for proofs"))
        .isNotEqualTo(life().get("verify"))
        .matches("(?s)[^\n]*exposure level for portcullis-node.service: [0-9.]+ [A-Z]+[^\n]*\n");
  }

  @Test
  void itIsInstalledUpgradedRemovedAndPurged() throws Exception {
    Map<String, String> said = life();
    // Neither enabled nor started.
    assertThat(said.get("install asked"))
        .startsWith("systemctl --system daemon-reload\nportcullis 0.1.0 ");
    for (String verb : List.of("version", "check", "run", "node")) {
      assertThat(said.get("cache of " + verb))
          .contains(verb + " has no option --no-such-option")
          .doesNotContain("AOT");
    }
    assertThat(said.getOrDefault("manual", "").replaceAll(".\b", ""))
        .contains("portcullis policy grant NAME --to WHO...")
        .doesNotContain("warning:");
    assertThat(said.get("completion"))
        .contains("compare\tshow which of two filters is stricter\n", "\n:4\n")
        .contains("complete -F _portcullis portcullis\n")
        .contains("/_portcullis\n", "/portcullis.fish\n");
    assertThat(said.get("ended with 143"))
        .contains("serving CRI on /run/portcullis/cri.sock", "\"stopping\"");
    assertThat(said.get("upgrade, not enabled asked"))
        .isEqualTo("systemctl --system daemon-reload\n0.1.0+again install ok installed\n");
    assertThat(said.get("upgrade, enabled asked"))
        .contains("systemctl --quiet --system restart portcullis-node.service")
        .endsWith("# mine\n");
    assertThat(said.get("remove")).contains("a kubelet behind it needs its old endpoint back");
    assertThat(said.get("remove asked"))
        .isEqualTo(
            "systemctl stop portcullis-node.service\nsystemctl --system daemon-reload\n"
                + "/etc/default/portcullis-node\n");
    // Nothing is left but the administrator's profile.
    assertThat(said.getOrDefault("purge", "").lines().toList())
        .endsWith("mine")
        .noneMatch(it -> it.startsWith("/"));
    assertThat(said).containsKey("end");
  }

  @Test
  void everyLinkInItsDocumentsHasItsTarget() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/dpkg-deb")), "no dpkg-deb: apt-get install dpkg");
    run(REPOSITORY.resolve("tools/deb").toString(), "--if-needed");
    Path tree = directory.resolve("tree");
    run("dpkg-deb", "-x", REPOSITORY.resolve(".build/portcullis.deb").toString(), tree.toString());
    Path documents = tree.resolve("usr/share/doc/portcullis");
    List<String> dead = new ArrayList<>();
    int links = 0;
    try (Stream<Path> files = Files.walk(documents)) {
      for (Path page : files.filter(it -> it.toString().endsWith(".md")).toList()) {
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
          links++;
          if (!Files.exists(page.resolveSibling(link.group(1)))) {
            dead.add(documents.relativize(page) + ": " + link.group(1));
          }
        }
      }
    }
    assertThat(dead).isEmpty();
    assertThat(links).isGreaterThan(100);
    assertThat(documents.resolve("getting-started.md"))
        .content()
        .contains("](ARCHITECTURE.md#glossary)", "](examples/README.md)");
  }

  /// What it finds wrong all the same stands in deploy/debian/lintian-overrides, with the reason.
  @Test
  void lintianFindsNothingWrong() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/lintian")), "no lintian: apt-get install lintian");
    run(REPOSITORY.resolve("tools/deb").toString(), "--if-needed");
    assertThat(
            run(
                "lintian",
                "--allow-root",
                "--fail-on=error,warning",
                REPOSITORY.resolve(".build/portcullis.deb").toString()))
        .isEmpty();
  }
}
