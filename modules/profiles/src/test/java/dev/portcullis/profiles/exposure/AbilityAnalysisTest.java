package dev.portcullis.profiles.exposure;

import static dev.portcullis.profiles.exposure.Machine.TABLE;
import static dev.portcullis.profiles.exposure.Machine.filters;
import static dev.portcullis.profiles.exposure.Machine.profile;
import static dev.portcullis.profiles.exposure.Machine.profileOfX8664;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.profiles.exposure.AbilityAnswer.Outcome;
import dev.portcullis.profiles.exposure.AbilityAnswer.Passage;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "libseccomp makes filters of x86_64 here")
class AbilityAnalysisTest {
  private static final List<Ability> ALL = Abilities.load();

  private static List<AbilityAnswer> answers(Filters filters, Architecture architecture) {
    Analysis<Map<Architecture, List<AbilityAnswer>>> analysis =
        FilterSemantics.ask(
            List.of(filters),
            meanings ->
                AbilityAnalysis.of(
                    filters, meanings.getFirst(), ALL, List.of(architecture), TABLE));
    return switch (analysis) {
      case Analysis.Understood(var answers) -> answers.getOrDefault(architecture, List.of());
      case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
    };
  }

  private static AbilityAnswer answer(String id, Filters filters, Architecture architecture) {
    return answers(filters, architecture).stream()
        .filter(each -> each.ability().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static AbilityAnswer answer(String id, Filters filters) {
    return answer(id, filters, Architecture.X86_64);
  }

  private static String deny(String names, String... conditions) {
    return rule("ERRNO", names, conditions);
  }

  /// A condition is `index operator value` or `index MASKED_EQ mask value`.
  private static String rule(String action, String names, String... conditions) {
    List<String> args = new ArrayList<>();
    for (String condition : conditions) {
      String[] parts = condition.split(" ", -1);
      args.add(
          "{'index':%s,'op':'SCMP_CMP_%s','value':%s%s}"
              .formatted(
                  parts[0], parts[1], parts[2], parts.length > 3 ? ",'valueTwo':" + parts[3] : ""));
    }
    return "{'names':['%s'],'action':'SCMP_ACT_%s','args':[%s]}"
        .formatted(names.replace(",", "','"), action, String.join(",", args));
  }

  @Test
  void withoutAFilterEverythingIsAllowedThatThereIs() {
    assertThat(answers(Filters.NONE, Architecture.X86_64))
        .allMatch(each -> each.outcome() == Outcome.ALLOWED && each.onlyBy().isEmpty());
    assertThat(answer("io-ports", Filters.NONE, Architecture.AARCH64).outcome())
        .isEqualTo(Outcome.NO_CALL);
  }

  @Test
  void whatEndsEveryProgramDeniesEverything() {
    assertThat(answers(filters(profile("KILL_PROCESS", "")), Architecture.X86_64))
        .allMatch(each -> each.outcome() == Outcome.DENIED && each.passages().isEmpty());
  }

  /// To look for unshare in the list of what is denied is not enough.
  @Test
  void aUserNamespaceIsMadeInThreeWays() {
    String unshare = deny("unshare");
    String clone = deny("clone", "0 MASKED_EQ 268435456 268435456");
    AbilityAnswer one = answer("user-namespaces", filters(profile("ALLOW", unshare)));
    assertThat(one.outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(one.onlyBy()).containsExactly("clone", "clone3");
    AbilityAnswer two = answer("user-namespaces", filters(profile("ALLOW", unshare + "," + clone)));
    assertThat(two.outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(two.onlyBy()).containsExactly("clone3");
    assertThat(two.barred()).containsExactly("unshare", "clone");
    String all = unshare + "," + clone + "," + deny("clone3");
    assertThat(answer("user-namespaces", filters(profile("ALLOW", all))).outcome())
        .isEqualTo(Outcome.DENIED);
  }

  /// Threads and processes are made, namespaces are not.
  @Test
  void cloneWithoutFlagsIsNoNamespace() {
    String plain = rule("ALLOW", "clone", "0 MASKED_EQ 2114060288 0");
    AbilityAnswer answer = answer("user-namespaces", filters(profile("ERRNO", plain)));
    assertThat(answer.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(answer.barred()).containsExactly("unshare", "clone");
  }

  @Test
  void aNamespaceByArguments() {
    String some = rule("ALLOW", "unshare", "0 MASKED_EQ 131072 0");
    AbilityAnswer answer = answer("user-namespaces", filters(profile("ERRNO", some)));
    assertThat(answer.outcome()).isEqualTo(Outcome.BY_ARGUMENTS);
    Passage passage = answer.passages().getFirst();
    assertThat(ConditionText.of(passage.condition(), List.of(passage.call())))
        .isEqualTo("flags has none of 0x20000 (CLONE_NEWNS)");
    assertThat(passage.example().arguments().getFirst()).isEqualTo(0x10000000L);
  }

  /// SOCK_CLOEXEC is a part of the same argument.
  @Test
  void aRawSocketHasFlagsBesideItsType() {
    String ring = deny("io_uring_setup");
    String exact = deny("socket", "1 EQ 3") + "," + ring;
    AbilityAnswer passed = answer("raw-sockets", filters(profileOfX8664("ALLOW", exact)));
    assertThat(passed.outcome()).isEqualTo(Outcome.BY_ARGUMENTS);
    String masked = deny("socket", "1 MASKED_EQ 15 3") + "," + ring;
    assertThat(answer("raw-sockets", filters(profileOfX8664("ALLOW", masked))).outcome())
        .isEqualTo(Outcome.DENIED);
    // A packet socket may have another type, and has one of its own in its old spelling.
    assertThat(answer("packet-sockets", filters(profileOfX8664("ALLOW", masked))).outcome())
        .isEqualTo(Outcome.BY_ARGUMENTS);
    String packet = deny("socket", "0 MASKED_EQ 4294967295 17") + "," + ring;
    AbilityAnswer old = answer("packet-sockets", filters(profileOfX8664("ALLOW", packet)));
    assertThat(old.outcome()).isEqualTo(Outcome.BY_ARGUMENTS);
  }

  @Test
  void upperBitsAndRingsPassARuleOnAFamily() {
    String equal = deny("socket", "0 EQ 38");
    AbilityAnswer ring = answer("alg-sockets", filters(profileOfX8664("ALLOW", equal)));
    assertThat(ring.outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(ring.onlyBy()).containsExactly("io_uring_setup");
    AbilityAnswer upper =
        answer(
            "alg-sockets", filters(profileOfX8664("ALLOW", equal + "," + deny("io_uring_setup"))));
    assertThat(upper.outcome()).isEqualTo(Outcome.BY_ARGUMENTS);
    assertThat(upper.passages().getFirst().example().arguments().getFirst().intValue())
        .isEqualTo(38);
    // On x86 the family is behind a pointer.
    AbilityAnswer x86 =
        answer(
            "alg-sockets",
            filters(profile("ERRNO", rule("ALLOW", "socketcall"))),
            Architecture.X86);
    assertThat(x86.outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(x86.onlyBy()).containsExactly("socketcall");
  }

  @Test
  void oneOfSeveralCallsIsNamed() {
    AbilityAnswer keys = answer("keys", filters(profile("ERRNO", rule("ALLOW", "request_key"))));
    assertThat(keys.outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(keys.onlyBy()).containsExactly("request_key");
    assertThat(keys.barred()).containsExactly("keyctl", "add_key");
    assertThat(answer("keys", filters(profile("ALLOW", ""))).onlyBy()).isEmpty();
  }

  /// The machine's libseccomp may be older than the call, of which the number is known.
  @Test
  void mountsAreChangedByNewerCallsToo() {
    String older = "mount,fsmount,open_tree,move_mount";
    AbilityAnswer newer = answer("mount", filters(profile("ALLOW", deny(older))));
    assertThat(newer.outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(newer.onlyBy()).containsExactly("mount_setattr", "open_tree_attr");
    assertThat(newer.passages().getLast().example().number()).isEqualTo(467);
    assertThat(answer("mount", filters(profile("ERRNO", ""))).outcome()).isEqualTo(Outcome.DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOTIFY", "TRACE"})
  void whatAnotherProcessDecides(String action) {
    AbilityAnswer asked = answer("mount", filters(profile("ERRNO", rule(action, "mount"))));
    assertThat(asked.outcome()).isEqualTo(Outcome.ASKED);
    assertThat(asked.passages()).extracting(Passage::call).containsExactly("mount");
    // A call that passes needs nobody who is asked.
    String both = rule(action, "mount") + "," + rule("LOG", "fsmount");
    assertThat(answer("mount", filters(profile("ERRNO", both))).outcome())
        .isEqualTo(Outcome.ALLOWED);
  }

  /// Filters at random, and calls at random, by the interpreter.
  @Test
  void noCallThatIsRunContradictsAnAnswer() {
    Random random = new Random(16);
    List<String> names =
        List.of(
            "socket", "clone", "unshare", "personality", "mount", "keyctl", "ptrace", "open_tree");
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    for (int i = 0; i < 60; i++) {
      boolean allow = random.nextBoolean();
      List<String> rules = new ArrayList<>();
      for (String name : names) {
        rules.add(rule(allow ? "ERRNO" : "ALLOW", name, condition(random)));
      }
      rules.add(deny("io_uring_setup") + "," + deny("clone3"));
      if (!allow) {
        rules.removeLast();
      }
      Filters filters = filters(profile(allow ? "ALLOW" : "ERRNO", String.join(",", rules)));
      for (AbilityAnswer answer : answers(filters, Architecture.X86_64)) {
        outcomes.merge(answer.outcome(), 1, Integer::sum);
        hold(answer, filters, random);
      }
    }
    assertThat(outcomes.getOrDefault(Outcome.BY_ARGUMENTS, 0)).isGreaterThan(50);
    assertThat(outcomes.getOrDefault(Outcome.DENIED, 0)).isGreaterThan(50);
  }

  private static String condition(Random random) {
    int index = random.nextInt(3);
    long value =
        switch (random.nextInt(5)) {
          case 0 -> 38;
          case 1 -> 3;
          case 2 -> 0x10000000L;
          case 3 -> 17;
          default -> random.nextInt(64);
        };
    return switch (random.nextInt(4)) {
      case 0 -> index + " EQ " + value;
      case 1 -> index + " NE " + value;
      case 2 -> index + " GT " + value;
      default -> index + " MASKED_EQ " + (value | random.nextInt(256)) + " " + value;
    };
  }

  private static void hold(AbilityAnswer answer, Filters filters, Random random) {
    Map<String, Integer> numbers = new HashMap<>();
    TABLE.of(Architecture.X86_64).forEach((number, name) -> numbers.putIfAbsent(name, number));
    boolean some = false;
    for (Need.Step way : answer.ability().ways()) {
      List<CallPattern> patterns =
          switch (way) {
            case Need.Calls calls ->
                CallPattern.of(calls, Architecture.X86_64, numbers).orElseThrow();
            case Need.NewNamespaces namespaces ->
                CallPattern.of(namespaces.kinds().getFirst(), Architecture.X86_64, numbers);
            case Need.Capability capability -> throw new AssertionError(capability);
          };
      for (CallPattern pattern : patterns) {
        for (int i = 0; i < 40; i++) {
          Call call = call(pattern, random);
          boolean passes = filters.run(call).kind().passes();
          some |= passes;
          boolean always =
              answer.passages().stream()
                  .anyMatch(each ->
                      each.call().equals(pattern.name())
                          && each.behind().equals(pattern.behind())
                          && each.isAlways());
          assertThat(passes || !always).as(answer + " " + call).isTrue();
          if (answer.barred().contains(pattern.name()) && pattern.behind().isEmpty()) {
            assertThat(passes).as(answer + " " + call).isFalse();
          }
        }
      }
    }
    if (answer.outcome() == Outcome.DENIED || answer.outcome() == Outcome.NO_CALL) {
      assertThat(some).as(answer.toString()).isFalse();
    }
    for (Passage passage : answer.passages()) {
      assertThat(filters.run(passage.example()).kind().passes()).isTrue();
    }
  }

  private static Call call(CallPattern pattern, Random random) {
    long[] arguments = new long[Call.ARGUMENTS];
    for (int i = 0; i < arguments.length; i++) {
      ArgumentValues.Masked masked = pattern.arguments().get(i);
      long any = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(64);
      arguments[i] = (any & ~masked.mask()) | masked.bits();
    }
    return Call.of(pattern.architecture().token(), pattern.number(), arguments);
  }
}
