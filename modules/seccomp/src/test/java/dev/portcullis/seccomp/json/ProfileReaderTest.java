package dev.portcullis.seccomp.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileReaderTest {
  private static final String ALLOW = "'defaultAction':'SCMP_ACT_ALLOW'";

  private static List<Finding> rejected(byte[] content) {
    return switch (ProfileReader.read(content)) {
      case ProfileParseResult.Rejected rejected -> rejected.findings();
      case ProfileParseResult.Read read -> throw new AssertionError("read " + read.profile());
    };
  }

  private static List<Finding> rejected(String json) {
    return rejected(json.replace('\'', '"').getBytes(UTF_8));
  }

  private static List<Finding> warnings(String json) {
    return switch (Profiles.read(json)) {
      case ProfileParseResult.Read read -> read.warnings();
      case ProfileParseResult.Rejected rejected ->
          throw new AssertionError("rejected: " + rejected.findings());
    };
  }

  private static String rule(String fields) {
    return "{" + ALLOW + ",'syscalls':[{" + fields + "}]}";
  }

  private static String argument(String fields) {
    return rule("'names':['mkdir'],'action':'SCMP_ACT_ERRNO','args':[{" + fields + "}]");
  }

  @Test
  void everyFieldOfBothFormats() {
    Profile profile =
        Profiles.profile(
            """
            {'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrnoRet': 38,
             'archMap': [{'architecture': 'SCMP_ARCH_X86_64',
                          'subArchitectures': ['SCMP_ARCH_X86', 'SCMP_ARCH_X32']}],
             'flags': ['SECCOMP_FILTER_FLAG_LOG'],
             'listenerPath': '/run/l.sock', 'listenerMetadata': 'm',
             'syscalls': [
               {'names': ['read', 'write'], 'action': 'SCMP_ACT_ALLOW', 'args': null,
                'comment': '', 'includes': {}, 'excludes': {}},
               {'name': 'clone', 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 1, 'comment': 'why',
                'args': [{'index': 5, 'value': 18446744073709551615, 'valueTwo': 7,
                          'op': 'SCMP_CMP_MASKED_EQ'}],
                'includes': {'caps': ['CAP_BPF'], 'arches': ['amd64'], 'minKernel': '4.8'},
                'excludes': {'caps': ['CAP_SYS_ADMIN']}}]}
            """);
    assertThat(profile.defaultOutcome().action()).isEqualTo(Action.ERRNO);
    assertThat(profile.defaultOutcome().errno()).isEqualTo(38);
    assertThat(profile.defaultOutcome().at()).isEqualTo(new Position(1, 2));
    assertThat(profile.architectures())
        .isEqualTo(
            new Architectures.Mapped(
                List.of(
                    new Architectures.Entry(
                        Architecture.X86_64, List.of(Architecture.X86, Architecture.X32)))));
    assertThat(profile.flags()).extracting("name").containsExactly("SECCOMP_FILTER_FLAG_LOG");
    assertThat(profile.listener().path()).isEqualTo("/run/l.sock");
    assertThat(profile.rules()).hasSize(2);
    assertThat(profile.rules().getFirst().isUnconditional()).isTrue();
    assertThat(profile.rules().getFirst().names().list())
        .extracting("name")
        .containsExactly("read", "write");
    Rule clone = profile.rules().getLast();
    assertThat(clone.arguments())
        .singleElement()
        .satisfies(argument -> {
          assertThat(argument.index()).isEqualTo(5);
          assertThat(argument.value()).isEqualTo(-1L);
          assertThat(argument.valueTwo()).isEqualTo(7);
          assertThat(argument.operator()).isEqualTo(Operator.MASKED_EQ);
        });
    assertThat(clone.guard().includes().minKernel()).isEqualTo(new KernelVersion(4, 8));
    assertThat(clone.comment()).isEqualTo("why");
    assertThat(profile.dockerOnly())
        .extracting(Finding::problem)
        .hasSize(3)
        .containsOnly(Problem.DOCKER_FORMAT);
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void everyAction(Action action) {
    assertThat(
            Profiles.profile("{'defaultAction':'" + action.spelling() + "'}")
                .defaultOutcome()
                .action())
        .isEqualTo(action);
  }

  private static Position positionOf(String where, String json) {
    int index = where.equals("<end>") ? json.length() : json.indexOf(where);
    assertThat(index).as(where).isNotNegative();
    String before = json.substring(0, index);
    return new Position(
        1 + (int) before.chars().filter(c -> c == '\n').count(), index - before.lastIndexOf('\n'));
  }

  /// The text, the kind of finding, what stands at its place, and a part of the message.
  @ParameterizedTest
  @MethodSource("rejections")
  void rejects(String json, Problem problem, String where, String message) {
    Position at = where.isEmpty() ? Position.NONE : positionOf(where, json);
    assertThat(rejected(json))
        .anySatisfy(finding -> {
          assertThat(finding.problem()).isEqualTo(problem);
          assertThat(finding.at()).isEqualTo(at);
          assertThat(finding.message()).contains(message);
        });
  }

  static Stream<Arguments> rejections() {
    return Stream.of(
        arguments("", Problem.MALFORMED, "", "the file is empty"),
        arguments(" \n", Problem.MALFORMED, "", "the file is empty"),
        arguments("{'a':1", Problem.MALFORMED, "<end>", "not JSON"),
        arguments("{\n 'a' 1}", Problem.MALFORMED, "1}", "not JSON"),
        arguments("{" + ALLOW + "} {}", Problem.MALFORMED, "{}", "after the end"),
        arguments("{'a':1,'a':2}", Problem.MALFORMED, "'a':2", "twice"),
        arguments("{'a':".repeat(16) + "[1]", Problem.MALFORMED, "[1]", "levels deep"),
        arguments("[]", Problem.WRONG_TYPE, "[]", "must be an object, not a list"),
        arguments("null", Problem.WRONG_TYPE, "null", "not null"),
        arguments("{}", Problem.NO_DEFAULT_ACTION, "{}", "unconfined"),
        arguments("{'architectures':[]}", Problem.NO_DEFAULT_ACTION, "{'arch", "unconfined"),
        arguments(
            "{'defaultAction':null}", Problem.NO_DEFAULT_ACTION, "'defaultAction'", "unconfined"),
        arguments(
            "{'defaultAction':''}", Problem.NO_DEFAULT_ACTION, "'defaultAction'", "unconfined"),
        arguments(
            "{'kind':'Pod','metadata':{}}",
            Problem.NO_DEFAULT_ACTION,
            "{'kind'",
            "`defaultAction`"),
        arguments("{'defaultAction':1}", Problem.WRONG_TYPE, "1}", "a string, not a number"),
        arguments(
            "{'defaultAction':'SCMP_ACT_ALOW'}",
            Problem.UNKNOWN_ACTION,
            "'SCMP_ACT_ALOW'",
            "\"SCMP_ACT_ALOW\"; did you mean SCMP_ACT_ALLOW?"),
        arguments(
            "{'defaultAction':'scmp_act_allow'}",
            Problem.UNKNOWN_ACTION,
            "'scmp_act_allow'",
            "did you mean SCMP_ACT_ALLOW?"),
        arguments(
            "{'DefaultAction':'SCMP_ACT_ALLOW'}",
            Problem.FIELD_CASE,
            "'DefaultAction'",
            "write `defaultAction`"),
        arguments(
            "{" + ALLOW + ",'sy\u017fcalls':[]}", Problem.FIELD_CASE, "'sy\u017f", "`syscalls`"),
        arguments(
            "{" + ALLOW + ",'architectures':['SCMP_ARCH_X86-64']}",
            Problem.UNKNOWN_ARCHITECTURE,
            "'SCMP_ARCH_X86-64'",
            "did you mean SCMP_ARCH_X86_64?"),
        arguments(
            "{" + ALLOW + ",'architectures':['SCMP_ARCH_NATIVE']}",
            Problem.UNKNOWN_ARCHITECTURE,
            "'SCMP_ARCH_NATIVE'",
            "SCMP_ARCH_NATIVE"),
        arguments(
            "{" + ALLOW + ",'architectures':'SCMP_ARCH_X86'}",
            Problem.WRONG_TYPE,
            "'SCMP_ARCH_X86'",
            "a list, not a string"),
        arguments(
            "{" + ALLOW + ",'architectures':[null]}",
            Problem.WRONG_TYPE,
            "null]",
            "list of strings"),
        arguments(
            "{"
                + ALLOW
                + ",'architectures':['SCMP_ARCH_X86'],"
                + "'archMap':[{'architecture':'SCMP_ARCH_X86'}]}",
            Problem.ARCHITECTURES_AND_ARCH_MAP,
            "'archMap'",
            "`archMap`"),
        arguments("{" + ALLOW + ",'archMap':[{}]}", Problem.MISSING_FIELD, "{}]", "`architecture`"),
        arguments("{" + ALLOW + ",'syscalls':{}}", Problem.WRONG_TYPE, "{}}", "a list"),
        arguments("{" + ALLOW + ",'syscalls':['x']}", Problem.WRONG_TYPE, "'x'", "of objects"),
        arguments("{" + ALLOW + ",'flags':'x'}", Problem.WRONG_TYPE, "'x'", "a list"),
        arguments(rule("'action':'SCMP_ACT_ERRNO'"), Problem.NO_NAMES, "{'action'", "`names`"),
        arguments(
            rule("'names':[],'action':'SCMP_ACT_ERRNO'"), Problem.NO_NAMES, "{'names'", "`names`"),
        arguments(rule("'names':[''],'action':'SCMP_ACT_ERRNO'"), Problem.NO_NAMES, "''", "empty"),
        arguments(
            rule("'name':'a','names':['b'],'action':'SCMP_ACT_ERRNO'"),
            Problem.NAME_AND_NAMES,
            "'name':'a'",
            "keep `names`"),
        arguments(rule("'names':['a']"), Problem.MISSING_FIELD, "{'names'", "`action`"),
        arguments(rule("'names':['a'],'action':''"), Problem.UNKNOWN_ACTION, "''}", "\"\""),
        arguments(
            rule("'names':['a'],'action':'SCMP_ACT_ERRNO','errnoRet':4096"),
            Problem.BAD_NUMBER,
            "4096",
            "from 0 to 4095"),
        arguments(
            rule("'names':['a'],'action':'SCMP_ACT_ERRNO','errnoRet':'EPERM'"),
            Problem.WRONG_TYPE,
            "'EPERM'",
            "a number, not a string"),
        arguments(
            argument("'index':6,'value':0,'op':'SCMP_CMP_EQ'"),
            Problem.BAD_NUMBER,
            "6,",
            "`index` must be an integer from 0 to 5"),
        arguments(
            argument("'index':-1,'value':0,'op':'SCMP_CMP_EQ'"), Problem.BAD_NUMBER, "-1", "-1"),
        arguments(
            argument("'index':0,'value':18446744073709551616,'op':'SCMP_CMP_EQ'"),
            Problem.BAD_NUMBER,
            "18446744073709551616",
            "to 18446744073709551615"),
        arguments(
            argument("'index':0,'value':1e3,'op':'SCMP_CMP_EQ'"),
            Problem.BAD_NUMBER,
            "1e3",
            "digits"),
        arguments(
            argument("'value':1,'op':'SCMP_CMP_EQ'"), Problem.MISSING_FIELD, "{'value'", "`index`"),
        arguments(
            argument("'index':1,'op':'SCMP_CMP_EQ'"), Problem.MISSING_FIELD, "{'index'", "`value`"),
        arguments(argument("'index':1,'value':1"), Problem.MISSING_FIELD, "{'index'", "`op`"),
        arguments(
            argument("'index':1,'value':1,'op':'SCMP_CMP_NEQ'"),
            Problem.UNKNOWN_OPERATOR,
            "'SCMP_CMP_NEQ'",
            "did you mean SCMP_CMP_NE?"),
        arguments(
            argument("'index':1,'value':1,'op':'SCMP_CMP_EG'"),
            Problem.UNKNOWN_OPERATOR,
            "'SCMP_CMP_EG'",
            "use one of SCMP_CMP_NE, "),
        arguments(
            "{" + ALLOW + ",'architectures':['SCMP_ARCH_ARM64']}",
            Problem.UNKNOWN_ARCHITECTURE,
            "'SCMP_ARCH_ARM64'",
            "did you mean SCMP_ARCH_AARCH64?"),
        arguments(
            rule("'names':['a'],'action':'SCMP_ACT_ERRNO','includes':{'minKernel':'5'}"),
            Problem.BAD_KERNEL_VERSION,
            "'minKernel'",
            "as in \"4.8\""),
        arguments(
            rule("'names':['a'],'action':'SCMP_ACT_ERRNO','includes':[]"),
            Problem.WRONG_TYPE,
            "[]}]",
            "an object"));
  }

  /// Who is told that a field is missing looks for it, and finds it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'defaultAction':2}",
        "{'defaultAction':['SCMP_ACT_ERRNO']}",
        "{'defaultAction':{}}",
        "{" + ALLOW + ",'syscalls':[{'names':'mkdir','action':'SCMP_ACT_ERRNO'}]}",
        "{" + ALLOW + ",'syscalls':[{'names':[1],'action':'SCMP_ACT_ERRNO'}]}",
        "{" + ALLOW + ",'syscalls':[{'name':['mkdir'],'action':'SCMP_ACT_ERRNO'}]}",
        "{" + ALLOW + ",'syscalls':[{'names':['mkdir'],'action':1}]}",
        "{"
            + ALLOW
            + ",'syscalls':[{'names':['mkdir'],'action':'SCMP_ACT_ERRNO',"
            + "'args':[{'index':'0','value':1,'op':'SCMP_CMP_EQ'}]}]}",
        "{"
            + ALLOW
            + ",'syscalls':[{'names':['mkdir'],'action':'SCMP_ACT_ERRNO',"
            + "'args':[{'index':0,'value':1,'op':4}]}]}",
        "{" + ALLOW + ",'archMap':[{'architecture':62}]}",
      })
  void aWrongTypeIsNotMissing(String json) {
    assertThat(rejected(json))
        .singleElement()
        .satisfies(finding -> assertThat(finding.problem()).isEqualTo(Problem.WRONG_TYPE));
  }

  @Test
  void aRuleIsNoProfile() {
    String rule =
        "{'comment':'x','names':['clone'],'action':'SCMP_ACT_ALLOW','args':[],'includes':{}}";
    assertThat(rejected(rule))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.problem()).isEqualTo(Problem.NO_DEFAULT_ACTION);
          assertThat(finding.message()).startsWith("this is a rule, not a profile; put it into");
        });
    assertThat(rejected("[" + rule + "]"))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.problem()).isEqualTo(Problem.WRONG_TYPE);
          assertThat(finding.message()).startsWith("this is a list of rules, not a profile");
        });
  }

  @Test
  void aByteOrderMarkIsRefusedAsRuntimesDo() {
    assertThat(rejected(("\uFEFF{" + ALLOW + "}").replace('\'', '"').getBytes(UTF_8)))
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("byte order mark"));
  }

  @Test
  void moreThanOneMebibyteIsRefused() {
    assertThat(rejected(new byte[1024 * 1024 + 1]))
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("larger than 1048576 bytes"));
  }

  @Test
  void severalErrorsAreToldAtOnceAndErrorsComeFirst() {
    assertThat(rejected("{'typo':1,'defaultAction':'X','syscalls':[{'names':['a']}]}"))
        .extracting(Finding::problem)
        .containsExactly(Problem.UNKNOWN_ACTION, Problem.MISSING_FIELD, Problem.UNKNOWN_FIELD);
  }

  @Test
  void aFileFullOfMistakesCostsLittleAndIsStillRejected() {
    String wrong = "{'nmaes':['a']},".repeat(20_000);
    assertThat(rejected("{" + ALLOW + ",'syscalls':[" + wrong + "{}]}")).hasSize(100);
  }

  @Test
  void unknownFieldsAreWarningsWithTheirPlaceAndTheNearestName() {
    assertThat(warnings(rule("'names':['a'],'action':'SCMP_ACT_ERRNO','errno':38")))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.problem()).isEqualTo(Problem.UNKNOWN_FIELD);
          assertThat(finding.at()).isEqualTo(new Position(1, 88));
          assertThat(finding.message()).startsWith("unknown field \"errno\"");
        });
    assertThat(warnings("{" + ALLOW + ",'sycalls':[],'$schema':'x'}"))
        .extracting(Finding::message)
        .satisfiesExactly(
            first -> assertThat(first).endsWith("did you mean syscalls?"),
            second -> assertThat(second).doesNotContain("did you mean"));
  }

  /// CRI-O and Podman take the name, an OCI runtime the number.
  @Test
  void errnosByNameAreToldOfWhereTheyAreNotTheNumber() {
    String same =
        "{'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':38,'defaultErrno':'ENOSYS',"
            + "'syscalls':[{'names':['a'],'action':'SCMP_ACT_ERRNO','errno':'EPERM'},"
            + "{'names':['b'],'action':'SCMP_ACT_ERRNO','errnoRet':1,'errno':'EPERM'},"
            + "{'names':['c'],'action':'SCMP_ACT_ALLOW','errno':'EPERM'}]}";
    assertThat(warnings(same))
        .singleElement()
        .satisfies(finding -> assertThat(finding.problem()).isEqualTo(Problem.CRIO_FORMAT));
    String others =
        "{'defaultAction':'SCMP_ACT_ERRNO','defaultErrno':'ENOSYS',"
            + "'syscalls':[{'names':['a'],'action':'SCMP_ACT_ERRNO','errnoRet':13,'errno':'EPERM'},"
            + "{'names':['b'],'action':'SCMP_ACT_ERRNO','errno':'EWHAT'}]}";
    assertThat(warnings(others))
        .filteredOn(each -> each.problem() == Problem.ERRNO_BY_NAME)
        .extracting(Finding::message)
        .containsExactly(
            "OCI runtimes read EPERM (1) here, CRI-O and Podman ENOSYS (38); write"
                + " \"defaultErrnoRet\": 38 beside it",
            "OCI runtimes read EACCES (13) here, CRI-O and Podman EPERM (1); write \"errnoRet\": 1"
                + " beside it",
            "CRI-O and Podman refuse the errno \"EWHAT\", which has no name; OCI runtimes read"
                + " EPERM (1)");
    assertThat(warnings(others)).hasSize(4);
  }

  @Test
  void textOfTheFileStaysOnOneLineOfAMessage() {
    assertThat(rejected("{'defaultAction':'a\\n\\u0000" + "b".repeat(500) + "'}"))
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.message())
                .contains("\"a\\u000a\\u0000bbb")
                .doesNotContain("\n")
                .hasSizeLessThan(300));
  }

  @Test
  void conditionsForNoArchitectureAreToldOf() {
    assertThat(
            warnings(
                rule(
                    "'names':['a'],'action':'SCMP_ACT_ERRNO',"
                        + "'includes':{'arches':['x86_64','amd64']}")))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.problem()).isEqualTo(Problem.UNKNOWN_CONDITION);
          assertThat(finding.message())
              .isEqualTo(
                  "no architecture is called \"x86_64\" in Docker's profiles; did you mean"
                      + " amd64?");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "SYS_ADMIN, CAP_SYS_ADMIN",
    "cap_sys_admin, CAP_SYS_ADMIN",
    "sys_boot, CAP_SYS_BOOT",
    "CAP_SYS_CHROOTT, CAP_SYS_CHROOT",
  })
  void conditionsForNoCapabilityAreToldOf(String written, String meant) {
    for (String condition : List.of("includes", "excludes")) {
      assertThat(
              warnings(
                  rule(
                      "'names':['a'],'action':'SCMP_ACT_ERRNO','"
                          + condition
                          + "':{'caps':['CAP_BPF','"
                          + written
                          + "']}")))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.problem()).isEqualTo(Problem.UNKNOWN_CONDITION);
            assertThat(finding.message())
                .isEqualTo(
                    "\""
                        + written
                        + "\" is not a capability name of Docker's profiles, so no container ever"
                        + " has it; did you mean "
                        + meant
                        + "?");
          });
    }
  }

  @Test
  void aFieldThatIsThereIsNotSuggested() {
    String masked = "'index':0,'value':1,'op':'SCMP_CMP_MASKED_EQ',";
    assertThat(warnings(argument(masked + "'value2':1")))
        .extracting(Finding::message)
        .singleElement()
        .satisfies(message -> assertThat(message).doesNotContain("did you mean value?"));
  }
}
