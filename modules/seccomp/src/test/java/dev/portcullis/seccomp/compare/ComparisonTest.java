package dev.portcullis.seccomp.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ComparisonTest {
  private static final Compiler COMPILER = Compiler.inThisProcess();
  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();
  private static final String THREE = "'SCMP_ARCH_X86_64','SCMP_ARCH_X86','SCMP_ARCH_X32'";

  private static Filters filters(
      Dialect dialect, String architectures, String action, String rules) {
    String json =
        "{'defaultAction':'SCMP_ACT_"
            + action
            + "','architectures':["
            + architectures
            + "],'syscalls':["
            + rules
            + "]}";
    return switch (COMPILER.compile(Profiles.resolved(Profiles.profile(json)), dialect)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation.Refused(String reason) -> throw new AssertionError(reason);
      case Compilation.Undecided(String reason) -> throw new AssertionError(reason);
      case Compilation.Unavailable(String reason) -> throw new AssertionError(reason);
    };
  }

  private static Filters denying(String rules) {
    return filters(Dialect.CRUN, THREE, "ALLOW", rules);
  }

  private static String rule(String names, String action, String arguments) {
    return "{'names':["
        + names
        + "],'action':'SCMP_ACT_"
        + action
        + "','args':["
        + arguments
        + "]}";
  }

  private static Comparison compare(Filters a, Filters b, Set<Architecture> architectures) {
    return switch (Comparison.of(a, b, architectures, TABLE)) {
      case Analysis.Understood(Comparison comparison) -> comparison;
      case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
    };
  }

  private static Comparison compare(Filters a, Filters b) {
    return compare(a, b, Set.of());
  }

  private static List<String> words(Comparison compared) {
    return compared.differences().stream()
        .map(each ->
            each.direction()
                + " "
                + each.where()
                + " "
                + each.names()
                + " "
                + ConditionText.of(each.condition(), each.names())
                + ": "
                + each.first()
                + ", "
                + each.second())
        .toList();
  }

  @Test
  void flagsOfCloneByName() {
    String mask = "{'index':0,'value':%s,'valueTwo':0,'op':'SCMP_CMP_MASKED_EQ'}";
    Filters some =
        filters(Dialect.CRUN, THREE, "ERRNO", rule("'clone'", "ALLOW", mask.formatted(0x7e020000)));
    Filters fewer =
        filters(Dialect.CRUN, THREE, "ERRNO", rule("'clone'", "ALLOW", mask.formatted(0x6e020000)));
    Comparison compared = compare(some, fewer);
    assertThat(compared.relation()).isEqualTo(Relation.STRICTER);
    assertThat(words(compared))
        .containsExactly(
            "STRICTER [x86_64, x86, x32] [clone] flags & 0x7e020000 is 0x10000000: EPERM, ALLOW");
    assertThat(
            words(
                compare(some, filters(Dialect.CRUN, THREE, "ERRNO", rule("'clone'", "ALLOW", "")))))
        .containsExactly(
            "STRICTER [x86_64, x86, x32] [clone] flags has any of 0x7e020000 (CLONE_NEWNS,"
                + " CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID,"
                + " CLONE_NEWNET): EPERM, ALLOW");
  }

  @Test
  void socketsByDomain() {
    Filters none = denying(rule("'socket'", "ERRNO", "{'index':0,'value':40,'op':'SCMP_CMP_EQ'}"));
    Comparison compared = compare(denying(""), none);
    assertThat(compared.relation()).isEqualTo(Relation.WEAKER);
    assertThat(words(compared))
        .containsExactlyInAnyOrder(
            "WEAKER [x86_64] [socket] domain is 40 and its upper 32 bits are 0: ALLOW, EPERM",
            // libseccomp compares half of an argument there
            "WEAKER [x86, x32] [socket] domain is 40, with any upper 32 bits: ALLOW, EPERM",
            // and cannot look at the domain behind the pointer that socketcall takes
            "WEAKER [x86] [socketcall] call is 1 in its lower 32 bits: ALLOW, EPERM");
    assertThat(compared.differences().getLast().witness().arguments()).contains(1L);
  }

  @Test
  void anErrnoIsShownAndDoesNotCount() {
    Comparison compared =
        compare(
            denying(rule("'mkdir'", "ERRNO", "")),
            denying("{'names':['mkdir'],'action':'SCMP_ACT_ERRNO','errnoRet':30}"));
    assertThat(compared.relation()).isEqualTo(Relation.EQUAL);
    assertThat(words(compared)).containsExactly("DATA [x86_64, x86, x32] [mkdir] : EPERM, EROFS");
  }

  /// A profile for x86_64 alone kills what calls as x86; one that lists x86 does not.
  @Test
  void theHoleOf32Bits() {
    Filters one =
        filters(Dialect.CRUN, "'SCMP_ARCH_X86_64'", "ALLOW", rule("'mkdir'", "ERRNO", ""));
    Filters three = denying(rule("'mkdir'", "ERRNO", ""));
    assertThat(compare(three, one).relation()).isEqualTo(Relation.WEAKER);
    assertThat(compare(three, one, EnumSet.of(Architecture.X86_64)).relation())
        .isEqualTo(Relation.EQUAL);
    assertThat(words(compare(three, one)))
        .isNotEmpty()
        .allMatch(
            text -> text.matches("WEAKER \\[x(86|32|86, x32)\\] .*") && !text.contains("x86_64"));
  }

  @Test
  void hereStricterAndThereWeaker() {
    Comparison compared =
        compare(denying(rule("'mkdir'", "ERRNO", "")), denying(rule("'rmdir'", "ERRNO", "")));
    assertThat(compared.relation()).isEqualTo(Relation.INCOMPARABLE);
    assertThat(words(compared))
        .containsExactly(
            "WEAKER [x86_64, x86, x32] [rmdir] : ALLOW, EPERM",
            "STRICTER [x86_64, x86, x32] [mkdir] : EPERM, ALLOW");
  }

  @Test
  void unconfinedIsWeakerThanAnything() {
    Comparison compared = compare(Filters.NONE, denying(rule("'mkdir'", "KILL", "")));
    assertThat(compared.relation()).isEqualTo(Relation.WEAKER);
    assertThat(compared.differences())
        .anySatisfy(each -> assertThat(each.where()).contains("other architectures"))
        .anySatisfy(each -> {
          // the call that shows it is the one that is named first
          assertThat(each.names()).startsWith("mkdir");
          assertThat(each.witness().number()).isEqualTo(83);
        });
  }

  /// The two runtimes differ in the errno of calls that the profile does not know.
  @Test
  void runcAndCrun() {
    String rules = rule("'mkdir','rmdir'", "ALLOW", "");
    Comparison compared =
        compare(
            filters(Dialect.RUNC, THREE, "ERRNO", rules),
            filters(Dialect.CRUN, THREE, "ERRNO", rules));
    assertThat(compared.relation()).isEqualTo(Relation.INCOMPARABLE);
    assertThat(compared.differences())
        .isNotEmpty()
        .allSatisfy(
            each -> assertThat(each.direction()).isIn(Direction.KEEPS_RIGHTS, Direction.DATA))
        .anySatisfy(each -> {
          assertThat(each.names()).contains("landlock_restrict_self").doesNotContain("bpf");
          assertThat(each.direction()).isEqualTo(Direction.KEEPS_RIGHTS);
        });
  }

  /// Masks of single bits that have nothing to do with each other.
  private static String terms(RandomGenerator random, int terms, int arguments) {
    return IntStream.range(0, terms)
        .mapToObj(_ ->
            rule(
                "'mkdir'",
                "ERRNO",
                IntStream.range(0, arguments)
                    .mapToObj(index -> {
                      String bit = Long.toUnsignedString(1L << random.nextInt(64));
                      return "{'index':%d,'value':%s,'valueTwo':%2$s,'op':'SCMP_CMP_MASKED_EQ'}"
                          .formatted(index, bit);
                    })
                    .collect(Collectors.joining(","))))
        .collect(Collectors.joining(","));
  }

  /// Each of the two is understood, and what they do differently has no small form.
  @Test
  void whatIsTooMuchIsUndecided() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(18);
    Filters some = denying(terms(random, 12, 3));
    assertThat(Comparison.of(some, denying(terms(random, 12, 3)), TABLE))
        .isInstanceOfSatisfying(
            Analysis.Undecided.class,
            undecided -> assertThat(undecided.reason()).contains("too complex: more than "));
    assertThat(compare(some, some).relation()).isEqualTo(Relation.EQUAL);
  }

  /// The relation is exact, whatever there is to say about it.
  @Test
  void whatIsTooMuchForWordsIsSaidInPart() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(19);
    Filters many = denying(terms(random, 16, 3));
    Comparison compared = compare(many, denying(""), Set.of(Architecture.X86_64));
    assertThat(compared.relation()).isEqualTo(Relation.STRICTER);
    assertThat(compared.differences()).hasSize(1);
    assertThat(words(compared).getFirst()).contains("[mkdir] arg0", "; or others: EPERM, ALLOW");
  }

  @Test
  void lessEffortAnswersLess() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20);
    Filters many = denying(terms(random, 20, 3));
    assertThat(Comparison.of(many, many, TABLE, Bounds.USUAL))
        .isInstanceOf(Analysis.Understood.class);
    assertThat(Comparison.of(many, many, TABLE, Bounds.SMALL))
        .isInstanceOf(Analysis.Undecided.class);
  }
}
