package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// `RestrictAddressFamilies=`: the families that socket(2) may be called for, where all rules for
/// it are about its first argument alone.
///
/// With `~` systemd denies each of the listed numbers and no other, as a rule with `SCMP_CMP_EQ`
/// does; a list of what is allowed denies everything else, numbers above 32 bits included
/// (seccomp-util.c of systemd, and measured with 252).
///
/// @param denied names after `~`; empty where a list of what is allowed is needed
/// @param allowed names of what is allowed; empty for none
/// @param denials how the profile denies the others
record Families(List<String> denied, List<String> allowed, List<Outcome> denials) {
  /// AF_* of bits/socket.h, at the index that is the number; empty where none has a name.
  private static final List<String> NAMES =
      List.of(
          "",
          "AF_UNIX",
          "AF_INET",
          "AF_AX25",
          "AF_IPX",
          "AF_APPLETALK",
          "AF_NETROM",
          "AF_BRIDGE",
          "AF_ATMPVC",
          "AF_X25",
          "AF_INET6",
          "AF_ROSE",
          "AF_DECnet",
          "AF_NETBEUI",
          "AF_SECURITY",
          "AF_KEY",
          "AF_NETLINK",
          "AF_PACKET",
          "AF_ASH",
          "AF_ECONET",
          "AF_ATMSVC",
          "AF_RDS",
          "AF_SNA",
          "AF_IRDA",
          "AF_PPPOX",
          "AF_WANPIPE",
          "AF_LLC",
          "AF_IB",
          "AF_MPLS",
          "AF_CAN",
          "AF_TIPC",
          "AF_BLUETOOTH",
          "AF_IUCV",
          "AF_RXRPC",
          "AF_ISDN",
          "AF_PHONET",
          "AF_IEEE802154",
          "AF_CAIF",
          "AF_ALG",
          "AF_NFC",
          "AF_VSOCK",
          "AF_KCM",
          "AF_QIPCRTR",
          "AF_SMC",
          "AF_XDP",
          "AF_MCTP");

  /// `seccomp_restrict_address_families` of systemd 252.
  private static final Set<Architecture> SUPPORTED =
      EnumSet.of(
          Architecture.X86_64,
          Architecture.X32,
          Architecture.ARM,
          Architecture.AARCH64,
          Architecture.MIPS64,
          Architecture.MIPS64N32,
          Architecture.MIPSEL64,
          Architecture.MIPSEL64N32,
          Architecture.RISCV64);

  /// What `RestrictAddressFamilies=` answers.
  private static final int EAFNOSUPPORT = 97;

  /// More different values than there are families are not looked at.
  private static final int MOST_VALUES = 200;

  Families {
    denied = List.copyOf(denied);
    allowed = List.copyOf(allowed);
    denials = List.copyOf(denials);
  }

  /// What a profile does with families; null where it has no rules about them, or where the setting
  /// cannot say what they say.
  static @Nullable Families of(ResolvedProfile profile) {
    List<ResolvedRule> rules = profile.rules().stream().filter(Families::isAboutSocket).toList();
    boolean open = profile.defaultOutcome().action().letsThrough();
    if (rules.isEmpty() || !rules.stream().allMatch(rule -> isAboutFamilies(rule, open))) {
      return null;
    }
    LongPredicate passes = family -> rules.stream().anyMatch(rule -> holds(rule, family)) != open;
    List<Outcome> denials =
        open
            ? rules.stream().map(ResolvedRule::outcome).toList()
            : List.of(profile.defaultOutcome());
    List<Long> denied = denied(rules, passes);
    if (denied != null && denied.stream().noneMatch(number -> name(number).isEmpty())) {
      return denied.isEmpty()
          ? null
          : new Families(denied.stream().map(Families::name).toList(), List.of(), denials);
    }
    List<String> allowed = NAMES.stream().filter(name -> passes.test(NAMES.indexOf(name))).toList();
    return new Families(
        List.of(), allowed.stream().filter(name -> !name.isEmpty()).toList(), denials);
  }

  private static boolean isAboutSocket(ResolvedRule rule) {
    return rule.names().stream().map(SyscallName::name).anyMatch("socket"::equals);
  }

  private static boolean isAboutFamilies(ResolvedRule rule, boolean open) {
    Action action = rule.outcome().action();
    return (open ? !action.letsThrough() : action == Action.ALLOW)
        && !rule.arguments().isEmpty()
        && rule.arguments().stream().allMatch(condition -> condition.index() == 0);
  }

  /// Of two conditions on one argument one is enough, for runc and crun.
  private static boolean holds(ResolvedRule rule, long family) {
    return rule.arguments().stream().anyMatch(condition -> condition.holds(family));
  }

  /// The numbers that are denied, where they are few single ones; null where they are more, or
  /// where a mask makes them repeat.
  private static @Nullable List<Long> denied(List<ResolvedRule> rules, LongPredicate passes) {
    SortedSet<Long> points = new TreeSet<>(Long::compareUnsigned);
    points.add(0L);
    points.add(-1L);
    for (ResolvedRule rule : rules) {
      for (ArgumentCondition condition : rule.arguments()) {
        if (condition.operator() == Operator.MASKED_EQ) {
          return null;
        }
        long value = condition.value();
        points.addAll(List.of(value - 1, value, value + 1));
      }
    }
    if (points.size() > MOST_VALUES) {
      return null;
    }
    List<Long> denied = new ArrayList<>();
    for (long point : points) {
      // Up to the next point nothing changes.
      boolean isGap = point != -1 && !points.contains(point + 1);
      if (isGap && !passes.test(point + 1)) {
        return null;
      }
      if (!passes.test(point)) {
        denied.add(point);
      }
    }
    return denied;
  }

  private static String name(long number) {
    return number > 0 && number < NAMES.size() ? NAMES.get((int) number) : "";
  }

  /// Whether systemd restricts families on an architecture at all: not where sockets are made by
  /// socketcall(2).
  static boolean isRestrictedOn(Architecture architecture) {
    return SUPPORTED.contains(architecture);
  }

  /// Lines of the drop-in, and what they do otherwise.
  List<String> lines(List<Loss> losses) {
    for (Outcome denial : denials) {
      if (denial.action() != Action.ERRNO || denial.effectiveErrno() != EAFNOSUPPORT) {
        losses.add(
            new Loss(
                denial.at(),
                Loss.Effect.NEITHER,
                "socket: RestrictAddressFamilies= denies with EAFNOSUPPORT (97), the profile in"
                    + " another way"));
        break;
      }
    }
    if (!denied.isEmpty()) {
      return List.of("RestrictAddressFamilies=~" + String.join(" ", denied));
    }
    losses.add(
        new Loss(
            denials.getFirst().at(),
            Loss.Effect.STRICTER,
            "socket: families without a name, and numbers above 32 bits, are denied"));
    return List.of(
        "RestrictAddressFamilies=",
        "RestrictAddressFamilies=" + (allowed.isEmpty() ? "none" : String.join(" ", allowed)));
  }
}
