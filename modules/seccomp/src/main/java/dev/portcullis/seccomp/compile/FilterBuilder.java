package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.libseccomp.LibseccompException;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.runtime.OciRuntimeFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One profile made into filters. What libseccomp makes is kept: dialects share it.
final class FilterBuilder {
  private final ResolvedProfile profile;
  private final Libseccomp libseccomp;
  private final LibseccompRules rules;

  /// Of the architectures that the profile lists.
  private final Map<Architecture, Integer> tokens = new LinkedHashMap<>();

  private final RulesetCompiler compiler;
  private final Map<Asked, RulesetCompiler.Answer> made = new HashMap<>();

  /// Why one of them is not known. The others are much the same, and would take as long.
  private @Nullable Compilation undecided;

  /// What libseccomp is asked for.
  ///
  /// @param conditions how many of a rule count
  private record Asked(boolean tree, int conditions) {}

  FilterBuilder(ResolvedProfile profile, Libseccomp libseccomp, RulesetCompiler compiler) {
    this.profile = profile;
    this.libseccomp = libseccomp;
    this.compiler = compiler;
    rules = new LibseccompRules(profile, libseccomp);
  }

  Compilation in(Dialect dialect) {
    if (undecided != null) {
      return undecided;
    }
    try {
      findTokens();
      return switch (answer(asked(dialect))) {
        case RulesetCompiler.Made(ProgramCheck.Refused refused) -> tooLong(refused);
        case RulesetCompiler.Made(ProgramCheck.Accepted(Program own)) -> withPrologue(own, dialect);
        case RulesetCompiler.Refused(int entry, String reason) ->
            throw new LibseccompException(
                entry < 0 ? reason : rules.place(asked(dialect).conditions(), entry) + reason);
        case RulesetCompiler.Undecided(String reason) -> {
          undecided = new Compilation.Undecided(reason);
          yield undecided;
        }
      };
    } catch (TooManyRulesException tooMany) {
      undecided = new Compilation.Undecided(String.valueOf(tooMany.getMessage()));
      return undecided;
    } catch (LibseccompException refused) {
      return new Compilation.Refused(
          "libseccomp " + libseccomp.version() + ": " + refused.getMessage());
    }
  }

  private void findTokens() throws LibseccompException {
    for (Architecture architecture : profile.architectures()) {
      int token = token(architecture);
      if (token == 0) {
        throw new LibseccompException("there is no " + architecture.spelling());
      }
      tokens.put(architecture, token);
    }
    requireOneByteOrder();
  }

  /// `__AUDIT_ARCH_LE` of linux/audit.h.
  private static boolean isLittleEndian(int token) {
    return (token & 0x40000000) != 0;
  }

  /// seccomp_arch_add(3) answers EDOM to the first of another byte order than the machine's.
  private void requireOneByteOrder() throws LibseccompException {
    int machines = libseccomp.nativeArchitecture();
    List<String> others = new ArrayList<>();
    tokens.forEach((architecture, token) -> {
      if (isLittleEndian(token) != isLittleEndian(machines)) {
        others.add(architecture.spelling());
      }
    });
    if (!others.isEmpty()) {
      throw new LibseccompException(
          String.join(", ", others)
              + (others.size() == 1 ? " has" : " have")
              + " a byte order other than this machine's ("
              + name(machines)
              + "), and all architectures of a filter must have the same byte order");
    }
  }

  private String name(int token) {
    for (Architecture each : Architecture.values()) {
      if (token(each) == token) {
        return each.name().toLowerCase(Locale.ROOT);
      }
    }
    return "0x" + Integer.toHexString(token);
  }

  private int token(Architecture architecture) {
    return libseccomp.architecture(architecture.name().toLowerCase(Locale.ROOT));
  }

  Effort effort() {
    try {
      findTokens();
      Set<Asked> different = new HashSet<>();
      for (Dialect dialect : Dialect.values()) {
        Asked asked = asked(dialect);
        if (different.add(asked) && Effort.of(ruleset(asked)) == Effort.UNKNOWN) {
          return Effort.UNKNOWN;
        }
      }
      return Effort.SMALL;
    } catch (LibseccompException | TooManyRulesException refused) {
      return Effort.UNKNOWN;
    }
  }

  private Asked asked(Dialect dialect) {
    OciRuntimeFacts facts = dialect.facts();
    return new Asked(
        rules.size() > facts.treeAbove(), Math.min(facts.conditions(), rules.mostConditions()));
  }

  private RulesetCompiler.Answer answer(Asked asked) throws TooManyRulesException {
    RulesetCompiler.Answer known = made.get(asked);
    if (known != null) {
      return known;
    }
    RulesetCompiler.Answer answer = compiler.compile(ruleset(asked));
    made.put(asked, answer);
    return answer;
  }

  private Ruleset ruleset(Asked asked) throws TooManyRulesException {
    return new Ruleset(
        rules.defaultAction(),
        List.copyOf(tokens.values()),
        asked.tree(),
        rules.told(asked.conditions()).stream().map(LibseccompRules.Told::entry).toList());
  }

  private Compilation withPrologue(Program own, Dialect dialect) {
    List<List<Instruction>> prologues =
        switch (dialect.facts().prologue()) {
          case LISTED_AND_OWN ->
              EnosysPrologue.spellings(profile.defaultOutcome().action(), limits(true));
          case LISTED -> EnosysPrologue.spellings(profile.defaultOutcome().action(), limits(false));
          case NONE -> List.of(List.of());
        };
    List<Instruction> whole = new ArrayList<>(prologues.getFirst());
    whole.addAll(own.instructions());
    return switch (Program.of(whole)) {
      case ProgramCheck.Refused refused -> tooLong(refused);
      case ProgramCheck.Accepted(Program program) ->
          new Compilation.Compiled(
              program, new Spellings(prologues, own.instructions()), rules.skipped());
    };
  }

  private List<EnosysPrologue.Limit> limits(boolean withTheMachines) {
    List<EnosysPrologue.Limit> limits = new ArrayList<>();
    tokens.forEach((architecture, token) ->
        limits.add(new EnosysPrologue.Limit(architecture, rules.highestNumber(token))));
    int machines = libseccomp.nativeArchitecture();
    if (withTheMachines && !tokens.containsValue(machines)) {
      for (Architecture each : Architecture.values()) {
        if (token(each) == machines) {
          limits.add(new EnosysPrologue.Limit(each, rules.highestNumber(machines)));
        }
      }
    }
    return limits;
  }

  private static Compilation tooLong(ProgramCheck.Refused refused) {
    return new Compilation.Refused("the kernel would refuse the filter: " + refused);
  }
}
