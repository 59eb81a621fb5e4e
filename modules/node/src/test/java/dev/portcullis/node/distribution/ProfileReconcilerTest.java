package dev.portcullis.node.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.profiles.configmap.DesiredProfile;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileReconcilerTest {
  private static final String ALLOW = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}";
  private static final String LOG = "{\"defaultAction\": \"SCMP_ACT_LOG\"}";

  @TempDir Path temporary;
  private Path root;
  private Usage usage = new Usage.Known(Set.of());
  private ProfileReconciler distributor;

  @BeforeEach
  void begin() {
    root = temporary.resolve("seccomp");
    restart();
  }

  private void restart() {
    distributor = new ProfileReconciler(root, () -> usage);
  }

  /// @param files keys and contents
  private static ProfileConfigMap map(String name, int age, String directory, String... files) {
    Map<String, byte[]> contents = new HashMap<>();
    for (int i = 0; i < files.length; i += 2) {
      contents.put(files[i], files[i + 1].getBytes(UTF_8));
    }
    return new ProfileConfigMap(
        "ns/" + name,
        Instant.EPOCH.minusSeconds(age),
        directory.isEmpty() ? null : directory,
        contents);
  }

  private ProfileReconciler.Outcome pass(ProfileConfigMap... maps) {
    return distributor.pass(List.of(maps));
  }

  private List<Path> files() throws IOException {
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(file -> !Files.isDirectory(file))
          .map(root::relativize)
          .filter(file -> !file.toString().equals(ProfileDirectory.LEDGER))
          .sorted()
          .toList();
    }
  }

  @Test
  void aProfileArrivesAndIsReadableForAll() throws IOException {
    var outcome = pass(map("a", 0, "", "a.json", ALLOW), map("b", 0, "team/x", "b.json", LOG));
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.written()).containsExactly("a.json", "team/x/b.json");
    assertThat(root.resolve("a.json")).hasContent(ALLOW);
    assertThat(root.resolve("team/x/b.json")).hasContent(LOG);
    assertThat(outcome.sources()).containsEntry("a.json", "ConfigMap ns/a, key a.json");
    for (String path : List.of("a.json", "team/x/b.json")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path))))
          .isEqualTo("rw-r--r--");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("team"))))
        .isEqualTo("rwxr-xr-x");
    assertThat(files()).hasSize(2);
    Object inode = Files.getAttribute(root.resolve("a.json"), "unix:ino");
    assertThat(pass(map("a", 0, "", "a.json", ALLOW), map("b", 0, "team/x", "b.json", LOG)))
        .satisfies(again -> assertThat(again.written()).isEmpty());
    assertThat(Files.getAttribute(root.resolve("a.json"), "unix:ino")).isEqualTo(inode);
  }

  @Test
  void aChangeReplacesTheFileAndABadOneLeavesIt() {
    pass(map("a", 0, "", "a.json", ALLOW));
    restart();
    assertThat(pass(map("a", 0, "", "a.json", LOG)).written()).containsExactly("a.json");
    assertThat(root.resolve("a.json")).hasContent(LOG);
    for (String bad : List.of("", "{}", "{\"defaultAction\": \"SCMP_ACT_ALOW\"}", "\u0000\u00ff")) {
      var outcome = pass(map("a", 0, "", "a.json", bad));
      assertThat(outcome.problems()).as(bad).hasSize(1);
      assertThat(outcome.problems().getFirst().subject()).isEqualTo("ConfigMap ns/a, key a.json");
      assertThat(outcome.problems().getFirst().message()).contains("the earlier file stays");
      assertThat(root.resolve("a.json")).hasContent(LOG);
    }
    assertThat(pass(map("a", 0, "", "a.json", "{\n\"defaultAction\":\n 7}")).problems().getFirst())
        .asString()
        .contains("line 3:2: ");
  }

  @Test
  void bytesThatAreNoTextAreABadProfile() {
    byte[] noText = {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'};
    var binary = new ProfileConfigMap("ns/a", Instant.EPOCH, null, Map.of("a.json", noText));
    assertThat(pass(binary).problems()).hasSize(1);
    assertThat(root.resolve("a.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", ".", "../x", "a/../../x", "..data", ".hidden", "a/b", "", "a b", "ä", "\0"})
  void noKeyLeadsOutOfItsDirectory(String key) throws IOException {
    var outcome = pass(map("a", 0, "", key, ALLOW, "good.json", ALLOW));
    assertThat(outcome.problems()).hasSize(1);
    assertThat(outcome.problems().getFirst().message()).contains("is not a valid file name here");
    assertThat(files()).containsExactly(Path.of("good.json"));
    try (Stream<Path> outside = Files.list(temporary)) {
      assertThat(outside).containsExactly(root);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "a/..", "/etc", "a//b", "a/", ".x", "a/b/c/d/e/f/g/h/i"})
  void noDirectoryLeadsOutOfTheRoot(String directory) throws IOException {
    var outcome = pass(map("a", 0, directory, "x.json", ALLOW), map("b", 0, "fine", "x.json", LOG));
    assertThat(outcome.problems()).hasSize(1);
    assertThat(outcome.problems().getFirst().message()).contains(ProfileConfigMap.DIRECTORY);
    assertThat(files()).containsExactly(Path.of("fine/x.json"));
  }

  @Test
  void ofTwoThatWantOnePathNeitherHasItAndWhatWasThereStays() {
    var mine = map("z", 10, "", "a.json", ALLOW);
    // It waits for a path, older or younger, first or last by its name.
    for (var other :
        List.of(
            map("a", 0, "", "a.json", LOG),
            map("a", 20, "", "a.json", LOG),
            map("zz", 0, "", "a.json", LOG),
            map("zz", 20, "", "a.json", LOG))) {
      assertThat(pass(other, mine).problems()).hasSize(2);
      assertThat(root.resolve("a.json")).doesNotExist();
      pass(mine);
      assertThat(root.resolve("a.json")).hasContent(ALLOW);
      assertThat(pass(mine, other).problems()).hasSize(2);
      assertThat(pass(other, map("z", 10, "", "a.json", "{")).problems()).hasSize(2);
      assertThat(root.resolve("a.json")).hasContent(ALLOW);
      pass();
    }
  }

  @Test
  void whatPortcullisDidNotWriteIsNeverTouched() throws IOException {
    Files.createDirectories(root);
    Files.writeString(root.resolve("a.json"), "the administrator's");
    Files.writeString(root.resolve("same.json"), ALLOW);
    var outcome = pass(map("a", 0, "", "a.json", ALLOW, "same.json", ALLOW));
    assertThat(root.resolve("a.json")).hasContent("the administrator's");
    assertThat(outcome.written()).isEmpty();
    assertThat(outcome.problems()).hasSize(1);
    assertThat(outcome.problems().getFirst().toString())
        .startsWith("a.json: was not written by Portcullis");
    assertThat(outcome.sources()).isEmpty();
    assertThat(pass().removed()).isEmpty();
    assertThat(files()).containsExactly(Path.of("a.json"), Path.of("same.json"));
  }

  @Test
  void aFileThatWasEditedIsTheAdministrators() throws IOException {
    pass(map("a", 0, "", "a.json", ALLOW));
    Files.writeString(root.resolve("a.json"), ALLOW + " ");
    var outcome = pass(map("a", 0, "", "a.json", LOG));
    assertThat(outcome.problems().getFirst().message())
        .startsWith("was changed on this node after Portcullis wrote it");
    assertThat(root.resolve("a.json")).hasContent(ALLOW + " ");
    pass();
    assertThat(root.resolve("a.json")).hasContent(ALLOW + " ");
    // The way back that the message tells.
    Files.delete(root.resolve("a.json"));
    assertThat(pass(map("a", 0, "", "a.json", LOG)).problems()).isEmpty();
    assertThat(root.resolve("a.json")).hasContent(LOG);
  }

  @Test
  void anEditThatKeepsSizeAndTimeOfAnOldFileIsSeenByItsInode() throws IOException {
    pass(map("a", 0, "", "a.json", ALLOW));
    FileTime old = FileTime.from(Instant.now().minusSeconds(100));
    Files.setLastModifiedTime(root.resolve("a.json"), old);
    assertThat(pass(map("a", 0, "", "a.json", ALLOW)).sources()).containsKey("a.json");
    Path other = temporary.resolve("other");
    Files.writeString(other, ALLOW.replace("ALLOW", "TRACE"));
    Files.setLastModifiedTime(other, old);
    Files.move(other, root.resolve("a.json"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(pass(map("a", 0, "", "a.json", ALLOW)).sources()).isEmpty();
  }

  @Test
  void whatNobodyWantsGoesWhenNobodyUsesIt() throws IOException {
    pass(map("a", 0, "team", "a.json", ALLOW, "b.json", LOG));
    restart();
    usage = new Usage.Unknown("no runtime");
    var unknown = pass();
    assertThat(unknown.removed()).isEmpty();
    assertThat(unknown.waiting())
        .containsOnlyKeys("team/a.json", "team/b.json")
        .containsValue("no runtime");
    usage = new Usage.Known(Set.of("team/b.json"));
    var some = pass();
    assertThat(some.removed()).containsExactly("team/a.json");
    assertThat(some.waiting()).containsOnlyKeys("team/b.json");
    assertThat(files()).containsExactly(Path.of("team/b.json"));
    usage = new Usage.Known(Set.of());
    assertThat(pass().removed()).containsExactly("team/b.json");
    assertThat(files()).isEmpty();
    assertThat(Files.readString(root.resolve(ProfileDirectory.LEDGER))).doesNotContain("json\":");
  }

  @Test
  void aLinkBelowTheRootIsNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createDirectories(root);
    Files.createSymbolicLink(root.resolve("team"), elsewhere);
    Files.createSymbolicLink(root.resolve("a.json"), elsewhere.resolve("a.json"));
    Files.createSymbolicLink(root.resolve(ProfileDirectory.FRESH), elsewhere.resolve("fresh"));
    var outcome =
        pass(
            map("a", 0, "", "a.json", ALLOW, "b.json", ALLOW),
            map("b", 0, "team", "a.json", ALLOW));
    assertThat(outcome.problems()).hasSize(2);
    assertThat(outcome.problems().getFirst().message()).contains("a symbolic link");
    assertThat(outcome.written()).containsExactly("b.json");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void aRootThatIsALinkItselfIsTheKubeletsToo() throws IOException {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createSymbolicLink(root, elsewhere);
    assertThat(pass(map("a", 0, "", "a.json", ALLOW)).problems()).isEmpty();
    assertThat(elsewhere.resolve("a.json")).hasContent(ALLOW);
  }

  @Test
  void aFileWhereADirectoryIsWanted() throws IOException {
    Files.createDirectories(root);
    Files.writeString(root.resolve("team"), "x");
    Files.createDirectory(root.resolve("a.json"));
    var outcome = pass(map("a", 0, "team", "b.json", ALLOW), map("b", 0, "", "a.json", ALLOW));
    assertThat(outcome.problems()).hasSize(2);
    assertThat(outcome.problems().toString()).contains("there is a directory");
    assertThat(root.resolve("team")).hasContent("x");
  }

  @Test
  void aRootThatIsRemovedComesBack() throws IOException {
    pass(map("a", 0, "team", "a.json", ALLOW));
    Files.delete(root.resolve("team/a.json"));
    Files.delete(root.resolve("team"));
    Files.delete(root.resolve(ProfileDirectory.LEDGER));
    Files.delete(root);
    assertThat(pass(map("a", 0, "team", "a.json", ALLOW)).written()).containsExactly("team/a.json");
    // But not what it stands in: that is the kubelet's.
    root = temporary.resolve("no/kubelet/seccomp");
    restart();
    assertThat(pass(map("a", 0, "", "a.json", ALLOW)).problems()).hasSize(1);
  }

  @Test
  void anEndBetweenTheLedgerAndTheFileLosesNothing() throws IOException {
    pass(map("a", 0, "", "a.json", ALLOW));
    Path ledger = root.resolve(ProfileDirectory.LEDGER);
    String next = new ProfileContent(LOG.getBytes(UTF_8)).sha256();
    WrittenFiles written = WrittenFiles.read(Files.readAllBytes(ledger)).with("a.json", next);
    Files.writeString(ledger, written.json());
    Files.writeString(root.resolve(ProfileDirectory.FRESH), "half of it");
    restart();
    assertThat(pass(map("a", 0, "", "a.json", LOG)).problems()).isEmpty();
    assertThat(root.resolve("a.json")).hasContent(LOG);
    assertThat(root.resolve(ProfileDirectory.FRESH)).doesNotExist();
  }

  @Test
  void aBrokenLedgerStopsEverythingAndSaysSo() throws IOException {
    pass(map("a", 0, "", "a.json", ALLOW));
    Files.writeString(root.resolve(ProfileDirectory.LEDGER), "{");
    var outcome = pass(map("a", 0, "", "a.json", LOG));
    assertThat(outcome.problems()).hasSize(1);
    assertThat(outcome.problems().getFirst().message())
        .contains(ProfileDirectory.LEDGER, "If it is damaged, remove it");
    assertThat(root.resolve("a.json")).hasContent(ALLOW);
  }

  @Test
  void aFullDiskAndAReadOnlyOneAreProblemsThatHeal() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: nothing can be mounted");
    Files.createDirectory(root);
    run("mount", "-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", root.toString());
    try {
      pass(map("a", 0, "", "a.json", ALLOW));
      String large =
          "{\"defaultAction\": \"SCMP_ACT_ALLOW\"," + " ".repeat(100_000) + "\"flags\":[]}";
      var full = pass(map("a", 0, "", "a.json", large));
      assertThat(full.problems()).hasSize(1);
      assertThat(full.problems().getFirst().message()).containsIgnoringCase("no space left");
      assertThat(root.resolve("a.json")).hasContent(ALLOW);
      assertThat(files()).containsExactly(Path.of("a.json"));
      assertThat(pass(map("a", 0, "", "a.json", LOG)).problems()).isEmpty();
      run("mount", "-o", "remount,ro", root.toString());
      var readOnly = pass(map("a", 0, "", "a.json", ALLOW));
      assertThat(readOnly.problems()).hasSize(1);
      assertThat(readOnly.problems().getFirst().message()).containsIgnoringCase("read-only");
      assertThat(root.resolve("a.json")).hasContent(LOG);
      run("mount", "-o", "remount,rw", root.toString());
      assertThat(pass(map("a", 0, "", "a.json", ALLOW)).problems()).isEmpty();
      assertThat(root.resolve("a.json")).hasContent(ALLOW);
    } finally {
      run("umount", root.toString());
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(Arrays.toString(command) + said).isZero();
  }

  @Test
  void twoHundredProfilesAndAMebibyte() throws IOException {
    String[] many = new String[400];
    for (int i = 0; i < 200; i++) {
      many[2 * i] = "p" + i + ".json";
      many[2 * i + 1] = ALLOW;
    }
    String large = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"" + " ".repeat(1_000_000) + "}";
    var outcome = pass(map("many", 0, "many", many), map("large", 0, "", "large.json", large));
    assertThat(outcome.problems()).isEmpty();
    assertThat(files()).hasSize(201);
    var larger = pass(map("l", 0, "", "x.json", large + " ".repeat(200_000)));
    assertThat(larger.problems()).hasSize(1);
  }

  @Test
  void whatIsTooMuchIsRefusedAndWhatWasThereStays() {
    String[] many = new String[2 * DesiredProfiles.MOST + 2];
    for (int i = 0; i <= DesiredProfiles.MOST; i++) {
      many[2 * i] = "p%04d.json".formatted(i);
      many[2 * i + 1] = ALLOW;
    }
    DesiredProfiles desired = DesiredProfiles.of(List.of(map("many", 0, "", many)));
    assertThat(desired.problems()).hasSize(1);
    assertThat(desired.problems().getFirst().message()).contains("is beyond the 1000 profiles");
    assertThat(desired.byPath().values())
        .filteredOn(DesiredProfile.Sound.class::isInstance)
        .hasSize(1000);
  }
}
