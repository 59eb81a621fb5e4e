package dev.portcullis.container.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProfileRootTest {
  private static final String GOOD =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}
      """;
  private static final Target TARGET =
      new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of());

  @TempDir Path temporary;
  Path directory;
  ProfileRoot root;

  @BeforeEach
  void makeRoot() throws IOException {
    directory = Files.createDirectory(temporary.resolve("seccomp"));
    root = new ProfileRoot(directory);
  }

  private Path write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private UsableProfile checked(String path) {
    return switch (root.check(path)) {
      case UsableProfile profile -> profile;
      case ProfileLookup.None none -> throw new AssertionError(none.why());
    };
  }

  private ProfileLookup.None unusable(String path) {
    return switch (root.check(path)) {
      case ProfileLookup.None none -> none;
      case UsableProfile profile -> throw new AssertionError("usable: " + profile);
    };
  }

  @Test
  void aGoodProfile() throws IOException {
    Path file = write("team/a.json", GOOD);
    UsableProfile profile = checked("team/a.json");
    assertThat(profile.source()).isEqualTo(file.toRealPath().toString());
    assertThat(profile.findings()).isEmpty();
    assertThat(profile.profile().rules()).hasSize(1);
    // As sha256sum(1) says.
    assertThat(profile.content().sha256())
        .isEqualTo("4ae66dc4ed999dddfa7af13885eb8f64b719659881757237adf6c27987da1a24");
    assertThat(profile.content().bytes()).isEqualTo(Files.readAllBytes(file));
    assertThat(
            new String(
                RuntimeProfile.of(profile, TARGET).content().bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"},{"names":["portcullis_4ae66dc4ed999dddfa7af13885eb8f64b719659881757237adf6c27987da1a24"],"action":"SCMP_ACT_ALLOW"}]}
            """);
  }

  /// As Go's filepath.Join makes it of the text.
  @ParameterizedTest
  @ValueSource(
      strings = {"team//a.json", "./team/a.json", "team/./a.json", "team/a.json/", "team/a.json/."})
  void pathsAreCleanedAsKubeletDoes(String path) throws IOException {
    Path file = write("team/a.json", GOOD);
    assertThat(checked(path).source()).isEqualTo(file.toRealPath().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"..a", "a..", "...", "a\\..\\b", " ", "with\nnewline", "*", "%2e%2e"})
  void oddNamesAreNames(String name) throws IOException {
    Path file = write(name, GOOD);
    assertThat(checked(name).source()).isEqualTo(file.toRealPath().toString());
  }

  @ParameterizedTest
  @MethodSource("badPaths")
  void pathsThatMayNotStandInAName(String path, String message) throws IOException {
    Files.writeString(temporary.resolve("outside.json"), GOOD);
    ProfileLookup.None unusable = unusable(path);
    assertThat(unusable).isInstanceOf(ProfileLookup.Unusable.class);
    assertThat(unusable.why())
        .startsWith(QuotedText.path(directory + "/" + path) + ": ")
        .contains(message);
    assertThat(unusable.why()).doesNotContain("\0");
  }

  static Stream<Arguments> badPaths() {
    return Stream.of(
        arguments("", "no path after localhost/"),
        arguments("/etc/passwd", "relative"),
        arguments("/", "relative"),
        arguments("..", "`..`"),
        arguments("../outside.json", "`..`"),
        arguments("a/../b", "`..`"),
        arguments("a/..", "`..`"),
        arguments("a.json\0", "NUL"));
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "./", "./."})
  void theRootIsNoProfile(String path) {
    ProfileLookup.None unusable = unusable(path);
    assertThat(unusable).isInstanceOf(ProfileLookup.Unusable.class);
    assertThat(unusable.why()).contains("a directory (the profile root itself)");
  }

  @Test
  void aMissingFileNamesTheNearest() throws IOException {
    for (int i = 0; i < 9; i++) {
      write("audit" + i + ".json", GOOD);
    }
    ProfileLookup.None unusable = unusable("audit.json");
    assertThat(unusable).isInstanceOf(ProfileLookup.Absent.class);
    assertThat(unusable.why())
        .isEqualTo(
            directory.resolve("audit.json")
                + ": does not exist; did you mean audit0.json, audit1.json, audit2.json,"
                + " audit3.json, audit4.json?");
    assertThat(unusable("zzz").why())
        .endsWith(
            "its directory has audit0.json, audit1.json, audit2.json, audit3.json, audit4.json and"
                + " more");
    assertThat(unusable("audit1").why()).endsWith("did you mean audit1.json?");
    assertThat(unusable("x/y.json").why()).endsWith("does not exist, nor does its directory");
  }

  @Test
  void aMissingRoot() {
    ProfileLookup lookup = new ProfileRoot(temporary.resolve("nowhere")).check("a.json");
    assertThat(lookup)
        .isInstanceOfSatisfying(
            ProfileLookup.Absent.class,
            unusable -> {
              assertThat(unusable.why())
                  .startsWith(temporary.resolve("nowhere") + ": the profile root")
                  .contains("--seccomp-profile-root");
            });
  }

  @Test
  void aDirectory() throws IOException {
    Files.createDirectory(directory.resolve("team"));
    assertThat(unusable("team")).isInstanceOf(ProfileLookup.Unusable.class);
    assertThat(unusable("team").why()).contains("is a directory");
  }

  @Test
  void aFileAsADirectory() throws IOException {
    write("a.json", GOOD);
    assertThat(unusable("a.json/b"))
        .isInstanceOfAny(ProfileLookup.Undecided.class, ProfileLookup.Absent.class);
  }

  @Test
  void aFifoIsNotWaitedFor() throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("mkfifo", directory + "/pipe").start().waitFor()).isZero();
    assertThat(unusable("pipe")).isInstanceOf(ProfileLookup.Unusable.class);
    assertThat(unusable("pipe").why()).contains("is a FIFO");
  }

  @Test
  void aSocket() throws IOException {
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
      assertThat(unusable("s").why()).contains("is a socket");
    }
  }

  @Test
  void aDevice() {
    root = new ProfileRoot(Path.of("/dev"));
    assertThat(unusable("null").why()).contains("is a character device");
  }

  @Test
  void aFileThatTheUserMayNotRead() throws IOException {
    Path file = write("a.json", GOOD);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(
        Files.isReadable(file), "this user reads every file; aFileThatNobodyCanRead is for root");
    assertThat(unusable("a.json")).isInstanceOf(ProfileLookup.Undecided.class);
    assertThat(unusable("a.json").why()).contains("chmod");
  }

  @Test
  void aFileThatNobodyCanRead() {
    // Regular and readable by its mode; reading address 0 of this process fails with EIO.
    root = new ProfileRoot(Path.of("/proc/" + ProcessHandle.current().pid()));
    assertThat(unusable("mem")).isInstanceOf(ProfileLookup.Undecided.class);
    assertThat(unusable("mem").why()).contains("cannot be read: Input/output error");
  }

  @Test
  void aFileOfTwoMebibytes() throws IOException {
    write("a.json", GOOD + " ".repeat(2 * 1024 * 1024));
    assertThat(unusable("a.json")).isInstanceOf(ProfileLookup.Unusable.class);
    assertThat(unusable("a.json").why()).contains("larger than 1048576 bytes");
  }

  @Test
  void aFileThatClaimsToBeEmptyAndIsNot() {
    // Files of /proc have size 0 whatever they hold.
    root = new ProfileRoot(Path.of("/proc/" + ProcessHandle.current().pid()));
    assertThat(unusable("status")).isInstanceOf(ProfileLookup.Unusable.class);
    assertThat(unusable("status").why()).contains(":1:").contains("not JSON");
  }

  @ParameterizedTest
  @MethodSource("contents")
  void contentThatIsNoProfile(String content, Problem problem, String message) throws IOException {
    Path file = write("a.json", content);
    assertThat(unusable("a.json"))
        .isInstanceOfSatisfying(
            ProfileLookup.Unusable.class,
            unusable -> {
              assertThat(unusable.findings().getFirst().problem()).isEqualTo(problem);
              assertThat(unusable.why()).startsWith(file + message);
            });
  }

  static Stream<Arguments> contents() {
    return Stream.of(
        arguments("", Problem.MALFORMED, ": the file is empty"),
        arguments("{\n  \"a\" 1}", Problem.MALFORMED, ":2:7: not JSON"),
        arguments("{}", Problem.NO_DEFAULT_ACTION, ":1:1: `defaultAction` is missing"),
        arguments("[1]", Problem.WRONG_TYPE, ":1:1: a profile must be an object, not a list"),
        arguments(
            "{\"kind\": \"Pod\"}", Problem.NO_DEFAULT_ACTION, ":1:1: `defaultAction` is missing"),
        arguments(
            "{\"defaultAction\": \"SCMP_ACT_BOGUS\"}",
            Problem.UNKNOWN_ACTION,
            ":1:19: `defaultAction` cannot be \"SCMP_ACT_BOGUS\""));
  }

  @Test
  void aSymbolicLinkInsideOfTheRoot() throws IOException {
    Path file = write("team/a.json", GOOD);
    Files.createSymbolicLink(directory.resolve("link.json"), Path.of("team/a.json"));
    Files.createSymbolicLink(directory.resolve("alias"), Path.of("team"));
    assertThat(checked("link.json").source()).isEqualTo(file.toRealPath().toString());
    assertThat(checked("alias/a.json").source()).isEqualTo(file.toRealPath().toString());
  }

  @Test
  void aSymbolicLinkOutOfTheRoot() throws IOException {
    Path outside = Files.writeString(temporary.resolve("outside.json"), GOOD);
    Files.createSymbolicLink(directory.resolve("link.json"), outside);
    Files.createSymbolicLink(directory.resolve("up"), Path.of(".."));
    for (String path : new String[] {"link.json", "up/outside.json"}) {
      ProfileLookup.None unusable = unusable(path);
      assertThat(unusable).isInstanceOf(ProfileLookup.Unusable.class);
      assertThat(unusable.why())
          .contains("leads out of the profile root to " + outside.toRealPath());
    }
    assertThat(unusable("up/other.json").why()).doesNotContain("outside.json");
  }

  /// `/root-evil` begins with the text `/root` and is not below it.
  @Test
  void aNeighbourWithTheRootsNameAsItsBeginning() throws IOException {
    Path neighbour = Files.createDirectory(temporary.resolve("seccomp-evil"));
    Files.writeString(neighbour.resolve("a.json"), GOOD);
    Files.createSymbolicLink(directory.resolve("n"), neighbour);
    assertThat(unusable("n/a.json")).isInstanceOf(ProfileLookup.Unusable.class);
    assertThat(unusable("n/a.json").why()).contains("leads out of the profile root");
  }

  @Test
  void symbolicLinksThatLeadNowhere() throws IOException {
    Files.createSymbolicLink(directory.resolve("gone"), Path.of("not-there"));
    Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
    assertThat(unusable("gone").why()).contains("symbolic link to not-there");
    assertThat(unusable("loop")).isInstanceOf(ProfileLookup.Undecided.class);
  }

  /// Between the look-up of the path and the reading.
  @Test
  void aDirectoryThatIsExchangedForALinkIsNotFollowed() throws Exception {
    Path real = write("team/a.json", GOOD).toRealPath();
    ProfileFile file = new ProfileFile(directory.toRealPath(), directory.resolve("team/a.json"));
    assertThat(file.real()).isEqualTo(real);
    assertThat(file.content(real)).asString().isEqualTo(GOOD);
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Files.writeString(outside.resolve("a.json"), "{}");
    Files.move(directory.resolve("team"), directory.resolve("gone"));
    Files.createSymbolicLink(directory.resolve("team"), outside);
    assertThat(
            catchThrowableOfType(UnusableProfileException.class, () -> file.content(real))
                .lookup()
                .why())
        .contains("exchanged for a link while it was looked up");
    Files.delete(directory.resolve("team"));
    assertThat(
            catchThrowableOfType(UnusableProfileException.class, () -> file.content(real)).lookup())
        .isInstanceOf(ProfileLookup.Undecided.class);
  }

  @Test
  void theFileThatIsHeldIsTheOneThatIsRead() throws Exception {
    Path real = write("a.json", GOOD).toRealPath();
    try (PinnedFile held = PinnedFile.of(real)) {
      Files.delete(real);
      assertThat(new ProcessBuilder("mkfifo", real.toString()).start().waitFor()).isZero();
      assertThat(held.mode() & 0170000).isEqualTo(0100000);
      try (var in = java.nio.channels.Channels.newInputStream(held.open())) {
        assertThat(in.readAllBytes()).asString().isEqualTo(GOOD);
      }
    }
  }

  @Test
  void nothingStaysOpen() throws Exception {
    write("a.json", GOOD);
    Files.createDirectory(directory.resolve("d"));
    checked("a.json");
    long before = descriptors();
    for (int i = 0; i < 50; i++) {
      checked("a.json");
      unusable("d");
      unusable("not-there");
    }
    assertThat(descriptors()).isLessThan(before + 20);
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void aRootThatIsALink() throws IOException {
    Path file = write("a.json", GOOD);
    root = new ProfileRoot(Files.createSymbolicLink(temporary.resolve("r"), directory));
    assertThat(checked("a.json").source()).isEqualTo(file.toRealPath().toString());
  }

  @Test
  void aNameWithANewlineStaysOnOneLine() {
    assertThat(unusable("a\nb").why()).doesNotContain("\n").contains("a\\u000ab");
    assertThat(unusable("a".repeat(5000))).isInstanceOf(ProfileLookup.Undecided.class);
  }

  @Test
  void warningsOfEveryKind() throws IOException {
    write(
        "a.json",
        """
        {"defaultAction": "SCMP_ACT_ALLOW", "typo": 1, "flags": ["SECCOMP_FILTER_FLAG_LOG"],
         "syscalls": [{"names": ["mkdri"], "action": "SCMP_ACT_ERRNO"}]}
        """);
    assertThat(checked("a.json").findings())
        .extracting(Finding::problem)
        .containsExactly(
            Problem.UNKNOWN_FIELD, Problem.RUNC_REFUSES_FLAGS, Problem.UNKNOWN_SYSCALL);
  }

  @Test
  void dockersFormatIsConvertedForTheContainer() throws IOException {
    write(
        "docker.json",
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
         "syscalls": [
           {"name": "mkdir", "action": "SCMP_ACT_ERRNO", "comment": "old"},
           {"names": ["mount"], "action": "SCMP_ACT_ERRNO",
            "excludes": {"caps": ["CAP_SYS_ADMIN"]}}]}
        """);
    UsableProfile docker = checked("docker.json");
    RuntimeProfile admin =
        RuntimeProfile.of(
            docker,
            new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of("CAP_SYS_ADMIN")));
    assertThat(rulesOf(RuntimeProfile.of(docker, TARGET))).isEqualTo(3);
    assertThat(rulesOf(admin)).isEqualTo(2);
  }

  private static int rulesOf(RuntimeProfile given) {
    ProfileContent content = given.content();
    assertThat(new String(content.bytes(), StandardCharsets.UTF_8))
        .contains("SCMP_ARCH_X86\"")
        .doesNotContain("archMap");
    return switch (ProfileReader.read(content.bytes())) {
      case ProfileParseResult.Read read -> {
        assertThat(read.warnings()).isEmpty();
        assertThat(read.profile().dockerOnly()).isEmpty();
        yield read.profile().rules().size();
      }
      case ProfileParseResult.Rejected rejected -> throw new AssertionError(rejected.findings());
    };
  }
}
