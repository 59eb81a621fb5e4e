package dev.portcullis.seccomp.derive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.Relation;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "the calls that are expected are those of x86_64")
class DerivationTest {
  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();
  private static final ChangeReader READER =
      new ChangeReader(SyscallGroups.load(), new HashSet<>(TABLE.of(Architecture.X86_64).values()));

  /// Denies by default; clone may make no namespaces, socket no vsock, and clone3 seems not to be.
  private static final Profile STRICT =
      Profiles.with(
          "ERRNO",
          "{'names':['read','write','mkdir'],'action':'SCMP_ACT_ALLOW'},"
              + "{'names':['clone'],'action':'SCMP_ACT_ALLOW','args':[{'index':0,"
              + "'value':2114060288,'valueTwo':0,'op':'SCMP_CMP_MASKED_EQ'}]},"
              + "{'names':['socket'],'action':'SCMP_ACT_ALLOW','args':[{'index':0,"
              + "'value':40,'op':'SCMP_CMP_NE'}]},"
              + "{'names':['clone3'],'action':'SCMP_ACT_ERRNO','errnoRet':38}");

  private static final Profile LOOSE =
      Profiles.with("ALLOW", "{'names':['mkdir','ptrace'],'action':'SCMP_ACT_ERRNO'}");

  private static ProfileEdit change(String text) {
    return switch (READER.read(text.startsWith("+"), text.substring(1))) {
      case ChangeReader.Reading.Read(ProfileEdit change) -> change;
      case ChangeReader.Reading.Wrong(String reason) -> throw new AssertionError(reason);
    };
  }

  private static Profile derived(Profile origin, String... changes) {
    return switch (Derivation.of(
        Profiles.resolved(origin),
        List.of(changes).stream().map(DerivationTest::change).toList())) {
      case Derivation.Derived(ResolvedProfile derived) -> derived.written();
      case Derivation.Impossible(String reason) -> throw new AssertionError(reason);
    };
  }

  private static Filters filters(Profile profile) {
    return switch (Compiler.inThisProcess().compile(Profiles.resolved(profile), Dialect.CRUN)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation.Refused refused -> throw new AssertionError(refused);
      case Compilation.Undecided undecided -> throw new AssertionError(undecided);
      case Compilation.Unavailable unavailable -> throw new AssertionError(unavailable);
    };
  }

  /// What became of the origin, on x86_64.
  private static List<String> differences(Profile origin, String... changes) {
    Profile derived = derived(origin, changes);
    Filters filters = filters(derived);
    assertThat(
            DerivationCheck.unmet(
                List.of(changes).stream().map(DerivationTest::change).toList(),
                filters,
                Architecture.X86_64,
                TABLE))
        .isEmpty();
    Analysis<Comparison> comparison =
        Comparison.of(filters, filters(origin), EnumSet.of(Architecture.X86_64), TABLE);
    if (!(comparison
        instanceof Analysis.Understood(Comparison(Relation relation, List<Difference> all, _)))) {
      throw new AssertionError(comparison);
    }
    List<String> words = new ArrayList<>();
    words.add(relation.toString());
    for (Difference each : all) {
      words.add(
          String.join(",", each.names())
              + " "
              + each.first()
              + " "
              + ConditionText.of(each.condition(), each.names()));
    }
    return words;
  }

  @Test
  void withoutAChangeItIsEqual() {
    assertThat(differences(STRICT)).containsExactly("EQUAL");
    assertThat(differences(LOOSE)).containsExactly("EQUAL");
    assertThat(derived(STRICT)).isEqualTo(STRICT);
  }

  @Test
  void whatIsSoAlreadyStays() {
    assertThat(derived(STRICT, "+read", "-clone3")).isEqualTo(STRICT);
    assertThat(derived(LOOSE, "+read", "-ptrace")).isEqualTo(LOOSE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          # whole calls
          strict; +ptrace;         WEAKER;   ptrace ALLOW
          strict; -mkdir;          STRICTER; mkdir EPERM
          loose;  +ptrace;         WEAKER;   ptrace ALLOW
          loose;  -bpf;            STRICTER; bpf EPERM
          # groups
          strict; +@keys;          WEAKER;   add_key,keyctl,request_key ALLOW
          strict; +@keys -keyctl;  WEAKER;   add_key,request_key ALLOW
          # some arguments
          strict; +clone:flags&0x6e020000==0; WEAKER; clone ALLOW flags & 0x7e020000 is 0x10000000
          strict; +clone3:arg1==88;           WEAKER; clone3 ALLOW arg1 is 88
          loose;  +ptrace:request==0;         WEAKER; ptrace ALLOW request is 0
          loose;  -socket:domain==AF_VSOCK;   STRICTER; socket EPERM domain is 40, with any upper 32 bits
          strict; -write:arg0==2;             STRICTER; write EPERM arg0 is 2, with any upper 32 bits
          strict; -clone:flags&0x80==0x80;    STRICTER; clone EPERM flags & 0x7e020080 is 0x80
          strict; -write:arg0&3==0;           STRICTER; write EPERM arg0 has none of 0x3
          # several conditions on one argument: an exclusion of the origin and another one, in aligned blocks
          strict; -write:arg0>=3,arg0<=9;     STRICTER; write EPERM arg0 is 3 to 9, with any upper 32 bits
          strict; -write:arg1>=3,arg1<=9;     STRICTER; write EPERM arg1 is 3 to 9
          loose;  -socket:domain>=3,domain<=9; STRICTER; socket EPERM domain is 3 to 9, with any upper 32 bits
          loose;  +ptrace:request>=3,request!=5; WEAKER; ptrace ALLOW request is 3 to 4 or is at least 6
          # the origin allows 40 with other bits above, which the kernel takes for 40
          strict; -socket:domain==17; STRICTER; 'socket EPERM domain is 40 and its upper 32 bits are not 0; or domain is 17, with any upper 32 bits'
          # conditions on several arguments
          loose;  -socket:domain==16,protocol==9; STRICTER; socket EPERM domain is 16, with any upper 32 bits, and protocol is 9, with any upper 32 bits
          strict; -write:arg0==2,arg2==9; STRICTER; write EPERM arg0 is 2, with any upper 32 bits, and arg2 is 9
          """)
  void aChangeDoesWhatItSaysAndNothingElse(
      String origin, String changes, String relation, String words) {
    assertThat(differences(origin.equals("strict") ? STRICT : LOOSE, changes.split(" ")))
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo(relation),
            only -> assertThat(only.strip()).isEqualTo(words));
  }

  @Test
  void aChangeOfAllArgumentsLiftsTheCondition() {
    assertThat(differences(STRICT, "+clone"))
        .satisfiesExactly(
            relation -> assertThat(relation).isEqualTo("WEAKER"),
            clone -> assertThat(clone).startsWith("clone ALLOW flags has any of 0x7e020000"));
  }

  /// Mask and value exchanged: the rule allows every clone, and the change is about that.
  @Test
  void anOriginWithBitsOutsideOfAMask() {
    Profile exchanged =
        Profiles.with(
            "ERRNO",
            "{'names':['clone'],'action':'SCMP_ACT_ALLOW','args':[{'index':0,"
                + "'value':0,'valueTwo':2114060288,'op':'SCMP_CMP_MASKED_EQ'}]}");
    assertThat(differences(exchanged, "-clone:flags&CLONE_NEWUSER==CLONE_NEWUSER"))
        .containsExactly("STRICTER", "clone EPERM flags has 0x10000000 (CLONE_NEWUSER)");
  }

  /// One of the conditions is enough for runtimes.
  @Test
  void anOriginWithAnArgumentTwice() {
    Profile either =
        Profiles.with(
            "ERRNO",
            "{'names':['write'],'action':'SCMP_ACT_ALLOW','args':["
                + "{'index':0,'value':1,'op':'SCMP_CMP_EQ'},"
                + "{'index':0,'value':2,'op':'SCMP_CMP_EQ'}]}");
    assertThat(differences(either, "-write:arg0==2"))
        .containsExactly("STRICTER", "write EPERM arg0 is 2 and its upper 32 bits are 0");
  }

  @Test
  void whatNoRuleCanSay() {
    assertThat(
            Derivation.of(Profiles.resolved(STRICT), List.of(change("-socket:domain>9,domain<5"))))
        .isInstanceOfSatisfying(
            Derivation.Impossible.class,
            impossible -> assertThat(impossible.reason()).contains("no call of socket matches it"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ptrce;                did you mean ptrace?
          @file;                names no group; the groups are @files
          clone:flags=0;        write it as flags==0
          clone:flag==0;        has no argument flag
          clone:flags==x;       has the value "x"
          clone:flags&1!=0;     only == can follow one
          clone:flags&2==1;     has "flags&2==1" with value bits outside the mask
          socket:domain==0x100000010; has "domain==0x100000010" with bits that the kernel ignores
          chmod:mode&0x10000==0; of that argument of chmod it reads the lower 16
          clone:;               has the condition ""
          clone:flags==0x1ffffffffffffffff; has the value
          """)
  void wrongChanges(String text, String message) {
    assertThat(READER.read(true, text))
        .isInstanceOfSatisfying(
            ChangeReader.Reading.Wrong.class,
            wrong -> assertThat(wrong.reason()).contains(message));
  }

  @Test
  void constants() {
    assertThat(change("+clone:flags&CLONE_NEWUSER|CLONE_NEWNS==0").conditions())
        .singleElement()
        .satisfies(condition -> assertThat(condition.value()).isEqualTo(0x10020000L));
  }
}
