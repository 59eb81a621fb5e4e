package dev.portcullis.profiles.exposure;

import static dev.portcullis.profiles.exposure.Machine.USUAL;
import static dev.portcullis.profiles.exposure.Machine.filters;
import static dev.portcullis.profiles.exposure.Machine.profile;
import static dev.portcullis.profiles.exposure.Machine.profileOfX8664;
import static dev.portcullis.profiles.exposure.Machine.reach;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "libseccomp makes filters of x86_64 here")
class ReachAnalysisTest {
  private static final String ALG = "call: socket:domain==AF_ALG";

  private static String socket(String value, String operator, String more) {
    return "{'names':['socket'],'action':'SCMP_ACT_ERRNO','args':[{'index':0,'value':"
        + value
        + more
        + ",'op':'SCMP_CMP_"
        + operator
        + "'}]}";
  }

  private static Call only(Reach reach) {
    return reach.steps().getFirst().ways().getFirst().call();
  }

  @Test
  void withoutAFilterThePlainCallReachesIt() {
    Reach reach = reach(Filters.NONE, USUAL, ALG);
    assertThat(reach.text()).isEqualTo("reachable");
    assertThat(only(reach)).isEqualTo(Call.of(Architecture.X86_64.token(), 41, 38));
  }

  /// The kernel takes 32 bits, and such a rule compares 64.
  @Test
  void bitsAboveWhatTheKernelTakesPassTheFilter() {
    Filters filters = filters(profileOfX8664("ALLOW", socket("38", "EQ", "")));
    assertThat(filters.run(Call.of(Architecture.X86_64.token(), 41, 38)).kind().passes()).isFalse();
    Reach reach = reach(filters, USUAL, ALG);
    assertThat(reach.outcome()).isEqualTo(Reach.Outcome.REACHABLE);
    Call call = only(reach);
    assertThat(call.arguments().getFirst().intValue()).isEqualTo(38);
    assertThat(call.arguments().getFirst()).isNotEqualTo(38L);
    assertThat(filters.run(call).kind().passes()).isTrue();
  }

  /// What a ring does, no filter sees.
  @Test
  void aRingIsAWay() {
    Filters filters =
        filters(profileOfX8664("ALLOW", socket("4294967295", "MASKED_EQ", ",'valueTwo':38")));
    Reach reach = reach(filters, USUAL, ALG);
    assertThat(reach.outcome()).isEqualTo(Reach.Outcome.REACHABLE);
    assertThat(reach.steps().getFirst().ways())
        .extracting(Way::name, Way::behind)
        .containsExactly(tuple("io_uring_setup", "socket"));
  }

  private static final String NO_RING = ",{'names':['io_uring_setup'],'action':'SCMP_ACT_ERRNO'}";

  @Test
  void aMaskOfWhatTheKernelTakesCloses() {
    Filters filters =
        filters(
            profileOfX8664("ALLOW", socket("4294967295", "MASKED_EQ", ",'valueTwo':38") + NO_RING));
    Reach reach = reach(filters, USUAL, ALG);
    assertThat(reach.outcome()).isEqualTo(Reach.Outcome.CLOSED);
    assertThat(reach.steps().getFirst().barrier()).isEqualTo("socket:domain==AF_ALG is EPERM");
    assertThat(reach(filters, USUAL, "call: socket:domain==AF_VSOCK").outcome())
        .isEqualTo(Reach.Outcome.REACHABLE);
  }

  /// socketcall has the family behind a pointer.
  @Test
  void anotherArchitectureCounts() {
    Filters filters =
        filters(profile("ERRNO", "{'names':['socketcall'],'action':'SCMP_ACT_ALLOW'}"));
    Reach reach = reach(filters, USUAL, ALG);
    assertThat(reach.text()).isEqualTo("closed only for x86_64, x32");
    Way way = reach.steps().getFirst().ways().getFirst();
    assertThat(way.architecture()).isEqualTo(Architecture.X86);
    assertThat(way.name()).isEqualTo("socketcall");
    assertThat(way.behind()).isEqualTo("socket");
    assertThat(way.call()).isEqualTo(Call.of(Architecture.X86.token(), 102, 1));
  }

  @Test
  void theNumbersOfX32Count() {
    // Allowed on x86_64 and denied there; libseccomp gives x32 rules of its own.
    Filters x32 =
        filters(profile("ERRNO", "{'names':['read','write','splice'],'action':'SCMP_ACT_ALLOW'}"));
    Reach reach = reach(x32, USUAL, "call: splice");
    assertThat(reach.steps().getFirst().ways())
        .extracting(Way::architecture)
        .containsExactly(Architecture.X86_64);
    Vulnerability both = Machine.needing("call: splice");
    CallNumbers asX32 = new CallNumbers(Architecture.X32, Machine.TABLE);
    Reach there = ReachAnalysis.of(x32, USUAL, List.of(both), asX32).getOrDefault(both, reach);
    assertThat(only(there).number()).isEqualTo(275 | Architecture.X32_BIT);
  }

  @Test
  void aListenerMayDecideAnything() {
    Filters filters =
        filters(
            profile(
                "ERRNO",
                "{'names':['read'],'action':'SCMP_ACT_ALLOW'},"
                    + "{'names':['socket','socketcall'],'action':'SCMP_ACT_NOTIFY'}"));
    Reach reach = reach(filters, USUAL, ALG);
    assertThat(reach.text()).isEqualTo("cannot be said");
    assertThat(reach.reason()).contains("another process");
  }

  @Test
  void aCapabilityIsHeldOrNot() {
    String raw = "capability: CAP_NET_RAW";
    assertThat(reach(Filters.NONE, USUAL, raw).outcome()).isEqualTo(Reach.Outcome.REACHABLE);
    Reach none = reach(Filters.NONE, new Privileges(Set.of(), true), raw);
    assertThat(none.outcome()).isEqualTo(Reach.Outcome.CLOSED);
    assertThat(none.steps().getFirst().barrier()).isEqualTo("no CAP_NET_RAW");
    Privileges ownUsers = new Privileges(Set.of("CAP_NET_RAW"), false);
    assertThat(reach(Filters.NONE, ownUsers, raw).outcome()).isEqualTo(Reach.Outcome.REACHABLE);
    assertThat(reach(Filters.NONE, ownUsers, raw + "\noverNode: true").outcome())
        .isEqualTo(Reach.Outcome.CLOSED);
  }

  private static final String NAMESPACES = "namespaces: [user, network]";

  /// 0x10000000 makes a user namespace, 0x40000000 one of the network.
  private static String denied(String call, String flag) {
    return "{'names':['"
        + call
        + "'],'action':'SCMP_ACT_ERRNO','args':[{'index':0,'value':"
        + flag
        + ",'valueTwo':"
        + flag
        + ",'op':'SCMP_CMP_MASKED_EQ'}]}";
  }

  @Test
  void namespacesAreMadeByFlagsInAnyCall() {
    String clone3 = "{'names':['clone3'],'action':'SCMP_ACT_ERRNO','errnoRet':38}";
    Filters noUsers =
        filters(
            profile(
                "ALLOW",
                clone3
                    + ","
                    + denied("unshare", "268435456")
                    + ","
                    + denied("clone", "268435456")));
    Reach closed = reach(noUsers, USUAL, NAMESPACES);
    assertThat(closed.outcome()).isEqualTo(Reach.Outcome.CLOSED);
    assertThat(closed.steps().getFirst().barrier()).contains("new user namespaces");
    Filters noNetworkByUnshare =
        filters(
            profile(
                "ALLOW",
                clone3
                    + ","
                    + denied("unshare", "1073741824")
                    + ","
                    + denied("clone", "268435456")));
    // A user namespace by unshare, then one of the network by clone.
    Reach twice = reach(noNetworkByUnshare, USUAL, NAMESPACES);
    assertThat(twice.outcome()).isEqualTo(Reach.Outcome.REACHABLE);
    assertThat(twice.steps().getFirst().ways())
        .extracting(Way::name)
        .containsExactly("unshare", "clone");
  }

  @Test
  void flagsBehindAPointerAreNotSeen() {
    Filters filters =
        filters(
            profile("ALLOW", denied("unshare", "268435456") + "," + denied("clone", "268435456")));
    Reach reach = reach(filters, USUAL, "namespaces: [user]");
    assertThat(reach.outcome()).isEqualTo(Reach.Outcome.REACHABLE);
    assertThat(reach.steps().getFirst().ways()).extracting(Way::name).containsExactly("clone3");
  }

  /// unshare fails with a flag that it does not know.
  @Test
  void unshareIsTriedWithFlagsThatTheKernelTakes() {
    String odd =
        "{'names':['unshare'],'action':'SCMP_ACT_ALLOW','args':[{'index':0,'value':1,"
            + "'valueTwo':1,'op':'SCMP_CMP_MASKED_EQ'}]}";
    assertThat(reach(filters(profile("ERRNO", odd)), USUAL, "namespaces: [user]").outcome())
        .isEqualTo(Reach.Outcome.CLOSED);
  }

  @Test
  void stepsAndAlternatives() {
    Filters filters =
        filters(profile("ALLOW", "{'names':['splice'],'action':'SCMP_ACT_ERRNO'}" + NO_RING));
    assertThat(
            Stream.of(
                "anyOf: [{call: splice}, {call: tee}]",
                "allOf: [{call: splice}, {call: tee}]",
                "allOf: [{anyOf: [{call: splice}, {call: tee}]}, {call: vmsplice}]",
                "anyOf: [{call: splice}, {capability: CAP_BPF}]"))
        .extracting(needs -> reach(filters, USUAL, needs).text())
        .containsExactly("reachable", "closed", "reachable", "closed");
  }

  /// Steps may be taken by calls of several architectures: a program of x86_64 may make calls of
  /// x86, by int 0x80.
  @Test
  void architecturesTogetherReachWhatNoneDoesAlone() {
    String onX86 = "{'names':['socketcall','read'],'action':'SCMP_ACT_ALLOW'}";
    String native64 = "{'names':['arch_prctl'],'action':'SCMP_ACT_ALLOW'}";
    Filters filters = filters(profile("ERRNO", onX86 + "," + native64));
    Reach reach =
        reach(filters, USUAL, "allOf: [{call: 'socket:domain==AF_ALG'}, {call: arch_prctl}]");
    assertThat(reach.outcome()).isEqualTo(Reach.Outcome.CLOSED_IN_PART);
    assertThat(reach.steps()).extracting(step -> step.ways().getFirst().architecture()).hasSize(2);
  }

  /// All filters of a task count.
  @Test
  void severalFilters() {
    Filters one = filters(profileOfX8664("ALLOW", socket("38", "EQ", "")));
    Filters other =
        filters(
            profileOfX8664("ALLOW", socket("4294967295", "MASKED_EQ", ",'valueTwo':38") + NO_RING));
    Filters both =
        new Filters(List.of(one.newestFirst().getFirst(), other.newestFirst().getFirst()));
    assertThat(reach(one, USUAL, ALG).outcome()).isEqualTo(Reach.Outcome.REACHABLE);
    assertThat(reach(both, USUAL, ALG).outcome()).isEqualTo(Reach.Outcome.CLOSED);
  }
}
