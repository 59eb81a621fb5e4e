package dev.portcullis.seccomp.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Profile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuntimeViewTest {
  private static final String ALLOW = "'defaultAction':'SCMP_ACT_ALLOW'";

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }

  private static ProfileParseResult.Read read(String json) {
    return switch (ProfileReader.read(bytes(json), ReadingMode.RUNTIME)) {
      case ProfileParseResult.Read read -> read;
      case ProfileParseResult.Rejected rejected -> throw new AssertionError(rejected.findings());
    };
  }

  private static List<Problem> refused(String json) {
    return switch (ProfileReader.read(bytes(json), ReadingMode.RUNTIME)) {
      case ProfileParseResult.Read read -> throw new AssertionError("read " + read.profile());
      case ProfileParseResult.Rejected rejected ->
          rejected.findings().stream().map(Finding::problem).distinct().toList();
    };
  }

  private static Optional<Finding> difference(String json) {
    return RuntimeView.difference(bytes(json), ProfileReader.read(bytes(json)));
  }

  private static String rule(String fields) {
    return "{" + ALLOW + ",'syscalls':[{" + fields + "}]}";
  }

  private static final String TWICE =
      """
      {'defaultAction': 'SCMP_ACT_ALLOW',
       'syscalls': [{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 7}],
       'Syscalls': [{'action': 'SCMP_ACT_KILL_PROCESS'}]}
      """;

  @Test
  void fieldsThatStandTwice() {
    ProfileParseResult.Read read = read(TWICE);
    assertThat(ProfileWriter.write(Profiles.resolved(read.profile())).replaceAll("\\s+", ""))
        .isEqualTo(
            "{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['mkdir'],'action':'SCMP_ACT_KILL_PROCESS','errnoRet':7}]}"
                .replace('\'', '"'));
    assertThat(read.warnings())
        .extracting(Finding::problem, Finding::at, Finding::message)
        .containsExactly(
            tuple(
                Problem.READS_DIFFERENTLY,
                new Position(3, 2),
                "runtimes read the field \"Syscalls\" as `syscalls`"),
            tuple(
                Problem.READS_DIFFERENTLY,
                new Position(3, 2),
                "runtimes read the field `syscalls`, which occurs twice, the second time merged"
                    + " into the first"));
  }

  @Test
  void missingNumbersAreZero() {
    Profile profile =
        read(rule("'names':['mkdir'],'action':'SCMP_ACT_ERRNO'," + "'args':[{'op':'SCMP_CMP_EQ'}]"))
            .profile();
    assertThat(profile.rules().getFirst().arguments())
        .containsExactly(new ArgumentCondition(0, 0, 0, Operator.EQ));
  }

  @Test
  void rulesWithoutNamesAreSkipped() {
    assertThat(read(rule("'name':'mkdir','action':'SCMP_ACT_ERRNO'")).profile().rules()).isEmpty();
  }

  @Test
  void partsOfDockersAreSkipped() {
    ProfileParseResult.Read read =
        read(
            "{"
                + ALLOW
                + ",'archMap':[],'syscalls':[{'names':['bpf'],'action':'SCMP_ACT_ERRNO',"
                + "'comment':'c','excludes':{'caps':['CAP_BPF']},'erno':1}]}");
    assertThat(read.profile().dockerOnly()).isEmpty();
    assertThat(read.warnings())
        .extracting(Finding::problem, Finding::message)
        .containsExactly(
            tuple(
                Problem.READS_DIFFERENTLY,
                "runtimes ignore the field \"archMap\", which only Docker knows"),
            tuple(
                Problem.READS_DIFFERENTLY,
                "runtimes ignore the field \"excludes\", which only Docker knows"),
            tuple(Problem.UNKNOWN_FIELD, "unknown field \"erno\", which runtimes ignore silently"));
  }

  /// runc starts nothing with these; and a container without a filter is no reading at all.
  @Test
  void whatNoRuntimeStarts() {
    assertThat(refused("{}")).containsExactly(Problem.NO_DEFAULT_ACTION);
    assertThat(refused("null")).containsExactly(Problem.NO_DEFAULT_ACTION);
    assertThat(refused("{'defaultAction':'x'}")).containsExactly(Problem.UNKNOWN_ACTION);
    assertThat(refused("{'defaultAction':5}")).containsExactly(Problem.WRONG_TYPE);
    assertThat(refused("{" + ALLOW + ",'flags':5,'flags':[]}")).containsExactly(Problem.WRONG_TYPE);
    assertThat(refused("{" + ALLOW + "} x")).containsExactly(Problem.MALFORMED);
    assertThat(refused("\ufeff{" + ALLOW + "}")).containsExactly(Problem.MALFORMED);
    assertThat(refused(rule("'names':['a']"))).containsExactly(Problem.MISSING_FIELD);
    assertThat(refused(rule("'names':[''],'action':'SCMP_ACT_LOG'")))
        .containsExactly(Problem.NO_NAMES);
    assertThat(refused(rule("'names':['a'],'action':'SCMP_ACT_ERRNO','errnoRet':4096")))
        .containsExactly(Problem.BAD_NUMBER);
    assertThat(refused("{" + ALLOW + ",'architectures':['x']}"))
        .containsExactly(Problem.UNKNOWN_ARCHITECTURE);
  }

  @Test
  void aDifferenceIsFound() {
    assertThat(difference(TWICE))
        .hasValueSatisfying(found -> {
          assertThat(found.problem()).isEqualTo(Problem.READS_DIFFERENTLY);
          assertThat(found.at()).isEqualTo(new Position(3, 2));
          assertThat(found.message())
              .isEqualTo(
                  "runtimes read the field \"Syscalls\" as `syscalls`; use --read-as runtime to"
                      + " see what they read");
        });
    assertThat(difference("{" + ALLOW + "," + ALLOW + "}")).isPresent();
    assertThat(difference(rule("'names':['a\\ud800'],'action':'SCMP_ACT_LOG'"))).isPresent();
    assertThat(difference(rule("'action':'SCMP_ACT_LOG'"))).isPresent();
    assertThat(difference(rule("'name':'x','names':['y'],'action':'SCMP_ACT_LOG'"))).isPresent();
  }

  @Test
  void noneIsFoundWhereThereIsNone() {
    assertThat(difference("{" + ALLOW + "}")).isEmpty();
    assertThat(difference("{" + ALLOW + ",'what':1}")).isEmpty();
    assertThat(difference(rule("'name':'x','action':'SCMP_ACT_LOG'"))).isEmpty();
    assertThat(difference("{}")).isEmpty();
    assertThat(difference("{")).isEmpty();
  }
}
