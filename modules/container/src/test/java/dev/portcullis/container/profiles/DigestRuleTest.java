package dev.portcullis.container.profiles;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.container.proof.Expectation;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.container.proof.Prover;
import dev.portcullis.container.proof.RuntimeSpecProfiles;
import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ReadingMode;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Flag;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestRuleTest {
  private static final Target TARGET =
      new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of());
  private static final Prover PROVER = Prover.by(Compiler.inThisProcess(), Bounds.USUAL);

  @TempDir Path root;

  private UsableProfile checked(String json) throws IOException {
    Files.writeString(root.resolve("p.json"), json);
    return switch (new ProfileRoot(root).check("p.json")) {
      case UsableProfile profile -> profile;
      case ProfileLookup.None none -> throw new AssertionError(none.why());
    };
  }

  private RuntimeProfile given(String json) throws IOException {
    return RuntimeProfile.of(checked(json.replace('\'', '"')), TARGET);
  }

  /// As an OCI runtime reads the text.
  private static ResolvedProfile read(ProfileContent content) {
    return switch (ProfileReader.read(content.bytes(), ReadingMode.RUNTIME)) {
      case ProfileParseResult.Read(Profile profile, var warnings) -> {
        assertThat(warnings).isEmpty();
        yield Resolver.resolve(profile, TARGET);
      }
      case ProfileParseResult.Rejected(var findings) -> throw new AssertionError("" + findings);
    };
  }

  /// What a checksum may be taken of, at the least: no errno of a rule, and nothing between two
  /// strings.
  private static String summed(ResolvedProfile profile) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Integer errno = profile.defaultOutcome().errno();
    number(all, errno == null ? 0 : errno, Integer.BYTES);
    text(all, profile.defaultOutcome().action().spelling());
    for (Flag flag : profile.flags()) {
      text(all, flag.name());
    }
    for (Architecture architecture : profile.architectures()) {
      text(all, architecture.spelling());
    }
    for (ResolvedRule rule : profile.rules()) {
      text(all, rule.outcome().action().spelling());
      rule.names().forEach(name -> text(all, name.name()));
      for (ArgumentCondition condition : rule.arguments()) {
        number(all, condition.index(), Integer.BYTES);
        number(all, condition.value(), Long.BYTES);
        number(all, condition.valueTwo(), Long.BYTES);
        text(all, condition.operator().spelling());
      }
    }
    return all.toString(ISO_8859_1);
  }

  private static void text(ByteArrayOutputStream all, String text) {
    all.writeBytes(text.getBytes(UTF_8));
  }

  private static void number(ByteArrayOutputStream all, long value, int bytes) {
    byte[] little =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    all.write(little, 0, bytes);
  }

  private static final String DENIES =
      "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['mkdir', 'rmdir'], 'action':"
          + " 'SCMP_ACT_ERRNO'}]}";

  /// CRI-O reads errnos by name; the last rule must do there, too, what the default does.
  @Test
  void theErrnoOfTheDefaultIsNamedWhereTheProfileNamesIt() throws IOException {
    String json =
        "{'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrno': 'ENOSYS', 'defaultErrnoRet': 38,"
            + " 'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'}]}";
    assertThat(new String(given(json).content().bytes(), UTF_8))
        .containsPattern("portcullis_[0-9a-f]{64}.*\"errno\":\"ENOSYS\"");
    assertThat(
            new String(
                given(json.replace("'defaultErrno': 'ENOSYS',", "")).content().bytes(), UTF_8))
        .doesNotContain("\"errno\"");
  }

  /// Each is another filter than the first, and has the same checksum.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['mkdir', 'rmdir'], 'action':"
            + " 'SCMP_ACT_ERRNO', 'errnoRet': 38}]}",
        "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['mkdirrmdir'], 'action':"
            + " 'SCMP_ACT_ERRNO'}]}",
        "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['mk', 'dirrmdir'], 'action':"
            + " 'SCMP_ACT_ERRNO'}]}",
        "{'defaultAction': 'SCMP_ACT_ALLOW', 'flags': ['SCMP_ACT_ERRNOmkdirrmdir']}",
      })
  void profilesOfOneChecksumAreTwoWithTheRule(String other) throws IOException {
    RuntimeProfile one = given(DENIES);
    RuntimeProfile two = given(other);
    assertThat(summed(without(one))).isEqualTo(summed(without(two)));
    assertThat(one.profile()).isNotEqualTo(two.profile());
    assertThat(summed(read(one.content()))).isNotEqualTo(summed(read(two.content())));
  }

  private static ResolvedProfile without(RuntimeProfile given) {
    ResolvedProfile profile = given.profile();
    List<ResolvedRule> rules = profile.rules();
    return new ResolvedProfile(
        profile.defaultOutcome(),
        profile.architectures(),
        profile.flags(),
        profile.listener(),
        rules.subList(0, rules.size() - 1));
  }

  /// Who writes the rule of another profile himself gets one more.
  @Test
  void theRuleOfAnotherProfileIsNotTheLast() throws IOException {
    RuntimeProfile honest = given(DENIES);
    String theirs = summed(read(honest.content()));
    String digest = honest.content().toString();
    String forged =
        new String(honest.content().bytes(), UTF_8)
            .replace("\"SCMP_ACT_ERRNO\"", "\"SCMP_ACT_LOG\"");
    RuntimeProfile dishonest = given(forged);
    assertThat(dishonest.content().toString()).isNotEqualTo(digest);
    assertThat(summed(read(dishonest.content())))
        .isNotEqualTo(theirs)
        .doesNotEndWith(theirs.substring(theirs.length() - 64));
    // Of the very text, too: what is given of what was given.
    assertThat(summed(read(given(new String(honest.content().bytes(), UTF_8)).content())))
        .isNotEqualTo(theirs);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "{'defaultAction': 'SCMP_ACT_ALLOW'}",
        "{'defaultAction': 'SCMP_ACT_LOG', 'syscalls': null}",
        "{'defaultAction': 'SCMP_ACT_KILL', 'syscalls': []}",
        "{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [ ] }",
        "{'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'}], 'defaultAction':"
            + " 'SCMP_ACT_ERRNO', 'defaultErrnoRet': 38}",
        "{'defaultAction': 'SCMP_ACT_TRACE', 'defaultErrnoRet': 0, 'listenerMetadata': ']}'}",
        "{'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrnoRet': 38, 'syscalls': [{'name': 'read',"
            + " 'action': 'SCMP_ACT_ALLOW', 'comment': '\\u005d'}]}",
      })
  void theTextSaysWhatTheProfileSays(String json) throws IOException {
    RuntimeProfile given = given(json);
    ResolvedProfile read = read(given.content());
    assertThat(summed(read)).isEqualTo(summed(given.profile()));
    assertThat(read.rules()).hasSameSizeAs(given.profile().rules());
    ResolvedRule last = read.rules().getLast();
    assertThat(last.outcome().action()).isEqualTo(read.defaultOutcome().action());
    assertThat(last.outcome().errno()).isEqualTo(read.defaultOutcome().errno());
    assertThat(last.arguments()).isEmpty();
    assertThat(last.names())
        .singleElement()
        .satisfies(name -> assertThat(name.name()).matches("portcullis_[0-9a-f]{64}"));
  }

  /// crun refuses an errno beside an action that takes none, and the profile would be another one
  /// with an errno that the default does not have.
  @ParameterizedTest
  @EnumSource(Action.class)
  void theRuleHasAnErrnoWhereTheDefaultCanHaveOne(Action action) throws IOException {
    RuntimeProfile given =
        given("{'defaultAction': '" + action.spelling() + "', 'defaultErrnoRet': 5}");
    assertThat(read(given.content()).rules().getLast().outcome().errno())
        .isEqualTo(action.takesErrno() ? 5 : null);
  }

  private static List<Filters> ways(byte[] json) {
    return ((Expectation.Known) PROVER.expectation(json)).ways();
  }

  private static String named(int names, String defaultAction, String action) {
    String all =
        "read write open close stat fstat lstat poll lseek mmap mprotect munmap brk ioctl pipe"
            + " select dup dup2 pause nanosleep getpid socket connect accept sendto recvfrom bind"
            + " listen fork vfork execve exit wait4 kill uname";
    return "{\"defaultAction\": \"SCMP_ACT_"
        + defaultAction
        + "\", \"syscalls\": [{\"names\": [\""
        + String.join("\", \"", List.of(all.split(" ", -1)).subList(0, names))
        + "\"], \"action\": \"SCMP_ACT_"
        + action
        + "\"}]}";
  }

  /// runc counts the rules: where the last one makes it a tree, it is another program, and the same
  /// filter.
  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 33})
  void theFilterIsTheSame(int names) throws IOException {
    for (String json :
        List.of(named(names, "ERRNO", "ALLOW"), named(names, "ALLOW", "KILL_PROCESS"))) {
      List<Filters> before = ways(json.getBytes(UTF_8));
      byte[] content = RuntimeProfile.of(checked(json), TARGET).content().bytes();
      List<Filters> after = ways(content);
      if (names == 32) {
        assertThat(after).isNotEqualTo(before);
      } else {
        assertThat(after).isEqualTo(before);
      }
      Expectation expected = PROVER.expectation(content);
      for (Filters live : before) {
        assertThat(PROVER.judge(new LiveFilters(live, Duration.ZERO), expected))
            .isEqualTo(new Proof.Proven(0, Duration.ZERO));
      }
    }
  }

  /// What is given of a profile as large as one may be can be read for a proof.
  @Test
  void theLargestProfile() throws IOException {
    // Of 3 values of the profile and 3 of the rule.
    String names = "\"read\",".repeat(ProfileReader.LIMITS.values() - 7) + "\"read\"";
    String plain =
        "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":["
            + names
            + "],\"action\":\"SCMP_ACT_ALLOW\"}]}";
    // 3 values, of which a conversion makes 4, on 6 lines.
    String rule = "{\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}";
    String docker =
        "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
            + (rule + ",").repeat(ProfileReader.LIMITS.values() / 3 - 2)
            + rule
            + "]}";
    for (String json : List.of(plain, docker)) {
      String largest = json + " ".repeat(ProfileReader.LIMITS.bytes() - json.length());
      Path file =
          Files.write(
              root.resolve("given"), RuntimeProfile.of(checked(largest), TARGET).content().bytes());
      assertThat(Files.size(file)).isGreaterThan(ProfileReader.LIMITS.bytes());
      assertThat(RuntimeSpecProfiles.ofFile(file, PROVER)).isInstanceOf(Expectation.Known.class);
    }
  }
}
