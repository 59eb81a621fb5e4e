package dev.portcullis.seccomp.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.ProfileProof.NoWeaker;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Flag;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Whatever is proven, nobody is made to believe that he gave up what he kept, and nobody else
/// decides: both programs are run with all calls, and the calls that matter stand here again, by
/// their numbers.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class SoundnessTest {
  /// How many pairs: -Dportcullis.soundness=5000 for a night.
  private static final int PAIRS = Integer.getInteger("portcullis.soundness", 300);

  private static final long SEED = Long.getLong("portcullis.seed", 11);
  private static final int X86_64 = 0xc000003e;
  private static final int X86 = 0x40000003;
  private static final int X32_BIT = 0x40000000;

  private static final List<String> NAMES =
      List.of(
          "mkdir",
          "rmdir",
          "ptrace",
          "socket",
          "clone",
          "capset",
          "capget",
          "setuid",
          "setgid",
          "setgroups",
          "setresuid",
          "prctl",
          "seccomp",
          "unshare",
          "chroot",
          "mount",
          "umask",
          "getuid",
          "close",
          "fcntl",
          "setuid32",
          "landlock_restrict_self",
          "setns");
  private static final List<Action> ACTIONS =
      List.of(
          Action.ALLOW,
          Action.ALLOW,
          Action.ALLOW,
          Action.ERRNO,
          Action.ERRNO,
          Action.ERRNO,
          Action.LOG,
          Action.TRAP,
          Action.KILL,
          Action.KILL_PROCESS,
          Action.TRACE,
          Action.NOTIFY);
  private static final List<Integer> ERRNOS = List.of(0, 1, 22, 38);

  // asm/unistd_64.h, asm/unistd_32.h and linux/prctl.h
  private static final List<Integer> RIGHTS =
      List.of(
          3, 95, 102, 104, 105, 106, 107, 108, 113, 114, 115, 116, 117, 118, 119, 120, 122, 123,
          125, 126, 135, 155, 160, 161, 165, 166, 231, 250, 272, 302, 308, 317, 436, 442, 444, 445,
          446, 460);
  private static final List<Integer> RIGHTS_OF_X86 =
      List.of(6, 21, 23, 24, 46, 60, 61, 70, 81, 184, 185, 199, 203, 206, 208, 213, 214, 310, 346);
  private static final List<Long> OPTIONS =
      List.of(24L, 38L, 28L, 8L, 47L, 22L, 23L, 65L, 1L << 40);

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private Outcome outcome() {
    Action action = one(ACTIONS);
    return new Outcome(
        Position.NONE, action, action.takesErrno() && random.nextBoolean() ? one(ERRNOS) : null);
  }

  private Rule rule() {
    String name = one(NAMES);
    List<ArgumentCondition> conditions =
        switch (random.nextInt(3)) {
          case 0 ->
              List.of(
                  new ArgumentCondition(
                      name.equals("fcntl") ? 1 : 0,
                      one(OPTIONS),
                      0,
                      one(List.of(Operator.values()))));
          default -> List.of();
        };
    return RandomProfiles.rule(name, outcome(), conditions);
  }

  private Profile base() {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      add(rules, rule());
    }
    return new Profile(
        new Outcome(Position.NONE, random.nextInt(4) == 0 ? Action.ERRNO : Action.ALLOW, null),
        new Architectures.Listed(List.of(Architecture.X86_64, Architecture.X86, Architecture.X32)),
        List.of(),
        new Listener("/run/a.sock", ""),
        rules);
  }

  /// One rule for a name, so that their order does not matter.
  private static void add(List<Rule> rules, Rule rule) {
    String name = rule.names().list().getFirst().name();
    rules.removeIf(each -> each.names().list().getFirst().name().equals(name));
    rules.add(rule);
  }

  /// The profile with a few changes.
  private Profile changed(Profile base) {
    List<Rule> rules = new ArrayList<>(base.rules());
    for (int i = random.nextInt(3); i >= 0; i--) {
      if (!rules.isEmpty() && random.nextInt(4) == 0) {
        rules.remove(random.nextInt(rules.size()));
      } else {
        add(rules, rule());
      }
    }
    boolean beside = random.nextInt(10) == 0;
    return new Profile(
        random.nextInt(10) == 0 ? outcome() : base.defaultOutcome(),
        random.nextInt(5) == 0
            ? new Architectures.Listed(List.of(Architecture.X86_64))
            : base.architectures(),
        beside ? List.of(new Flag(Position.NONE, "SECCOMP_FILTER_FLAG_SPEC_ALLOW")) : List.of(),
        beside ? Listener.NONE : base.listener(),
        rules);
  }

  private static List<Filters> filters(Profile profile) {
    return Compiler.inThisProcess().compileAll(Profiles.resolved(profile)).values().stream()
        .map(made -> Filters.of(((Compilation.Compiled) made).program()))
        .toList();
  }

  private static byte[] json(Profile profile) {
    return ProfileWriter.write(Profiles.resolved(profile)).getBytes(UTF_8);
  }

  @Test
  void nothingIsProvenThatFoolsAnybody() {
    ProfileProof proof = ProfileProof.by(Compiler.inThisProcess(), Bounds.USUAL);
    int proven = 0;
    for (int i = 0; i < PAIRS; i++) {
      Profile base = base();
      Profile profile = changed(base);
      if (!(proof.compare(json(profile), json(base)) instanceof NoWeaker)) {
        continue;
      }
      proven++;
      String which = "seed %s, pair %s: %s against %s".formatted(SEED, i, profile, base);
      assertThat(profile.flags()).as(which).isEmpty();
      assertThat(profile.listener()).as(which).isEqualTo(base.listener());
      List<Filters> mine = filters(profile);
      List<Filters> theirs = filters(base);
      for (int dialect = 0; dialect < mine.size(); dialect++) {
        check(mine.get(dialect), theirs.get(dialect), which);
      }
    }
    System.getLogger("soundness")
        .log(System.Logger.Level.INFO, PAIRS + " pairs, " + proven + " proven");
    assertThat(proven).isBetween(PAIRS / 20, PAIRS / 2);
  }

  private void check(Filters mine, Filters theirs, String which) {
    boolean x86Ends = killsAll(mine, X86, 0);
    boolean x32Ends = killsAll(mine, X86_64, X32_BIT);
    for (int number = 0; number < 480; number++) {
      for (long first : arguments(number)) {
        long[] arguments = {first, number == 72 || number == 55 ? 2 : first};
        check(
            mine, theirs, Call.of(X86_64, number, arguments), isRight(number, first), false, which);
        check(
            mine,
            theirs,
            Call.of(X86_64, number | X32_BIT, arguments),
            isRight(number, first),
            x32Ends,
            which);
        check(
            mine,
            theirs,
            Call.of(X86, number, arguments),
            RIGHTS_OF_X86.contains(number) || (number == 172 && isOption(first)) || number == 55,
            x86Ends,
            which);
      }
    }
  }

  private static boolean isRight(int number, long first) {
    return RIGHTS.contains(number) || (number == 157 && isOption(first)) || number == 72;
  }

  private static boolean isOption(long first) {
    return first != 15;
  }

  private static List<Long> arguments(int number) {
    if (number != 157 && number != 172) {
      return List.of(0L, 24L, 1L << 40);
    }
    List<Long> all = new ArrayList<>(OPTIONS);
    all.add(15L);
    all.add((1L << 40) + 24);
    return all;
  }

  private static boolean killsAll(Filters filters, int architecture, int bit) {
    for (int number = 0; number < 480; number++) {
      Kind kind = filters.run(Call.of(architecture, number | bit)).kind();
      if (kind != Kind.KILL_THREAD && kind != Kind.KILL_PROCESS) {
        return false;
      }
    }
    return true;
  }

  private static void check(
      Filters mine, Filters theirs, Call call, boolean right, boolean ends, String which) {
    Verdict is = mine.run(call);
    Verdict was = theirs.run(call);
    if (is.equals(was)) {
      return;
    }
    String what = "%s: %s is %s against %s".formatted(which, call, is, was);
    for (Verdict verdict : List.of(is, was)) {
      assertThat(verdict).as(what).isNotEqualTo(new Verdict(Kind.ERRNO, 0));
      assertThat(verdict.kind()).as(what).isNotIn(Kind.USER_NOTIF, Kind.TRACE);
    }
    assertThat(is.kind()).as(what).isLessThanOrEqualTo(was.kind());
    if (right && !ends) {
      assertThat(is.kind()).as(what).isIn(Kind.KILL_PROCESS, Kind.LOG);
    }
  }
}
