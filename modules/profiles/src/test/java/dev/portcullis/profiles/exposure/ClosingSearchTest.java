package dev.portcullis.profiles.exposure;

import static dev.portcullis.profiles.exposure.Machine.USUAL;
import static dev.portcullis.profiles.exposure.Machine.filters;
import static dev.portcullis.profiles.exposure.Machine.profile;
import static dev.portcullis.profiles.exposure.Machine.profileOfX8664;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Relation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "libseccomp makes filters of x86_64 here")
class ClosingSearchTest {
  private static final ResolvedProfile LOOSE =
      profile("ALLOW", "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO'}");

  private static ClosingSearch by(Compiler compiler) {
    return new ClosingSearch(compiler, Dialect.CRUN, Machine.TABLE, Machine.NUMBERS, Machine.CALLS);
  }

  private static ClosingSearch.Found found(ResolvedProfile origin, Vulnerability... reached) {
    Filters before = filters(origin);
    Map<Vulnerability, Reach> all =
        ReachAnalysis.of(before, USUAL, Arrays.asList(reached), Machine.NUMBERS);
    return by(Compiler.inThisProcess()).of(origin, before, USUAL, all);
  }

  private static Vulnerability known(String id) {
    return Machine.CATALOGUE.find(id).orElseThrow();
  }

  /// The narrow change leaves socketcall, which has the family behind a pointer, and libseccomp
  /// lets that pass for every rule that lets some socket pass: what is left is to leave x86 out.
  @Test
  void theLeastComesFirst() {
    ResolvedProfile list =
        profile("ERRNO", "{'names':['socket','socketcall','read'],'action':'SCMP_ACT_ALLOW'}");
    List<ClosingChange> closings = found(list, known("CVE-2026-31431")).closings();
    assertThat(closings)
        .extracting(ClosingChange::changes)
        .containsExactly(List.of("socket:domain==AF_ALG"), List.of("socket:domain==AF_ALG"));
    assertThat(closings)
        .extracting(ClosingChange::without)
        .containsExactly(List.of(), List.of(Architecture.X86, Architecture.X32));
    assertThat(closings).extracting(ClosingChange::whole).containsExactly(false, true);
    closings.forEach(closing -> isStricter(closing, list));
  }

  private static void isStricter(ClosingChange closing, ResolvedProfile than) {
    assertThat(Comparison.of(filters(closing.profile()), filters(than), Machine.TABLE))
        .isInstanceOfSatisfying(
            Analysis.Understood.class,
            understood ->
                assertThat(((Comparison) understood.answer()).relation())
                    .isEqualTo(Relation.STRICTER));
  }

  /// On x86, libseccomp takes a rule that denies some sockets for one that denies all of
  /// socketcall: nobody asked for that, and it is said.
  @Test
  void whatLibseccompTakesBesideIsSaid() {
    ClosingChange only = found(LOOSE, known("CVE-2026-31431")).closings().getFirst();
    assertThat(only.changes()).containsExactly("socket:domain==AF_ALG", "io_uring_setup");
    assertThat(only.whole()).isTrue();
    assertThat(only.takesMultiplexed()).isTrue();
    isStricter(only, LOOSE);
  }

  /// A ring makes sockets and splices, and the filter sees none of its operations.
  @Test
  void aRingIsAWay() {
    String denied =
        "{'names':['socket'],'action':'SCMP_ACT_ERRNO','args':[{'index':0,'value':4294967295,"
            + "'valueTwo':38,'op':'SCMP_CMP_MASKED_EQ'}]},{'names':['splice','sendfile'],"
            + "'action':'SCMP_ACT_ERRNO'}";
    ResolvedProfile open = profileOfX8664("ALLOW", denied);
    Vulnerability[] both = {known("CVE-2026-31431"), known("CVE-2022-0847")};
    ClosingChange only = found(open, both).closings().getFirst();
    assertThat(only.changes()).contains("io_uring_setup");
    assertThat(only.whole()).isTrue();
    isStricter(only, open);
    ResolvedProfile closed =
        profileOfX8664("ALLOW", denied + ",{'names':['io_uring_setup'],'action':'SCMP_ACT_ERRNO'}");
    assertThat(found(closed, both).closings()).isEmpty();
  }

  /// Each change of the catalogue is one that can be made, where anything is reached.
  @Test
  void severalAreClosedTogether() {
    Vulnerability[] all = {
      known("CVE-2026-31431"), known("CVE-2026-43500"), known("CVE-2026-46333")
    };
    List<ClosingChange> closings = found(LOOSE, all).closings();
    assertThat(closings.getFirst().changes())
        .containsExactly(
            "socket:domain==AF_ALG", "socket:domain==AF_RXRPC", "pidfd_getfd", "io_uring_setup");
    assertThat(closings.getLast().whole()).isTrue();
  }

  /// An error for unshare may leave rights that somebody believes gone: never stricter.
  @Test
  void whatIsNotProvenStricterIsNotOffered() {
    Vulnerability users = Machine.needing("call: unshare");
    ClosingSearch.Found found = found(LOOSE, users);
    assertThat(found.closings()).isEmpty();
    assertThat(found.without().get(users)).contains("INCOMPARABLE");
  }

  @Test
  void whatNoCallClosesIsSaid() {
    Vulnerability held = Machine.needing("capability: CAP_NET_RAW");
    assertThat(found(LOOSE, held).without()).containsKey(held);
    Vulnerability either = Machine.needing("anyOf: [{call: splice}, {capability: CAP_NET_RAW}]");
    assertThat(found(LOOSE, either).closings()).isEmpty();
    Vulnerability both = Machine.needing("allOf: [{capability: CAP_NET_RAW}, {call: splice}]");
    assertThat(found(LOOSE, both).closings())
        .singleElement()
        .extracting(ClosingChange::changes)
        .isEqualTo(List.of("splice", "io_uring_setup"));
  }

  /// One that cannot be closed does not keep the others open.
  @Test
  void eachByItselfWhereNotTogether() {
    Vulnerability users = Machine.needing("call: unshare");
    ClosingSearch.Found found = found(LOOSE, users, known("CVE-2026-46333"));
    assertThat(found.closings())
        .singleElement()
        .extracting(ClosingChange::changes)
        .isEqualTo(List.of("pidfd_getfd"));
    assertThat(found.without()).containsOnlyKeys(users);
  }

  @Test
  void whatLibseccompDoesNotMakeIsNotOffered() {
    Filters before = filters(LOOSE);
    Vulnerability alg = known("CVE-2026-31431");
    Map<Vulnerability, Reach> reached =
        ReachAnalysis.of(before, USUAL, List.of(alg), Machine.NUMBERS);
    ClosingSearch.Found found =
        by(Compiler.by(_ -> new RulesetCompiler.Undecided("no time")))
            .of(LOOSE, before, USUAL, reached);
    assertThat(found.closings()).isEmpty();
    assertThat(found.without().get(alg)).contains("no time");
  }
}
