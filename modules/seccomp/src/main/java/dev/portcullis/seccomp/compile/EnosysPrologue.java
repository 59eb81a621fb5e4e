package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// runc's prologue: calls with numbers above the highest that the profile names get ENOSYS, so that
/// a C library that tries a new call falls back to the old one, which EPERM would keep it from
/// (runc 1.0.0 and later, libcontainer/seccomp/patchbpf, which all versions from 1.1.3 on write
/// alike).
///
/// It is there unless the default lets calls through or asks a tracer. Where
/// `defaultErrnoRet` is ENOSYS runc means to leave it out, and does not: it compares with 0x50026.
/// First come the architectures, each with a jump to a section that looks at the number; behind the
/// last section stand a jump over, and the answer:
///
///     load the architecture
///     if it is A, go to A           for each of them
///     go on with the filter
///     A: load the number            for each of them, the last one first
///        if it is above the highest, go to N
///        go on with the filter
///     go on with the filter
///     N: return ENOSYS
public final class EnosysPrologue {
  private static final int LOAD = 0x20;
  private static final int JUMP = 0x05;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_GREATER = 0x25;
  private static final int IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;

  /// `SECCOMP_RET_ERRNO | ENOSYS`
  private static final int NO_SUCH_CALL = 0x00050000 | 38;

  /// Of more architectures only one order is recognised: four have 576.
  private static final int MOST_ORDERED = 3;

  /// What is known on an architecture.
  ///
  /// @param highest the highest number; 0 where there is none, and then no limit
  record Limit(Architecture architecture, int highest) {}

  /// The highest numbers on an architecture of the kernel, which x86_64 and x32 share.
  ///
  /// @param only null where there is no limit
  /// @param other that of x32, where x86_64 has one as well
  private record Section(int token, @Nullable Limit only, @Nullable Limit other) {}

  private EnosysPrologue() {}

  /// Whether it stands before a filter with this default.
  public static boolean precedes(Action defaultAction) {
    return switch (defaultAction) {
      case ALLOW, LOG, TRACE -> false;
      case KILL, KILL_THREAD, KILL_PROCESS, TRAP, ERRNO, NOTIFY -> true;
    };
  }

  /// What may stand before the filter, in its different orders; a single empty list where nothing
  /// does.
  static List<List<Instruction>> spellings(Action defaultAction, List<Limit> limits) {
    if (!precedes(defaultAction)) {
      return List.of(List.of());
    }
    List<Section> sections = sections(limits);
    List<List<Section>> orders =
        sections.size() > MOST_ORDERED ? List.of(sections) : permutations(sections);
    List<List<Instruction>> spellings = new ArrayList<>();
    for (List<Section> bodies : orders) {
      for (List<Section> jumps : orders) {
        spellings.add(prologue(bodies, jumps));
      }
    }
    return spellings;
  }

  private static List<Section> sections(List<Limit> limits) {
    Map<Integer, Section> sections = new LinkedHashMap<>();
    for (Limit limit : limits) {
      int token = limit.architecture().token();
      Section before = sections.getOrDefault(token, new Section(token, null, null));
      if (limit.highest() == 0) {
        sections.put(token, before);
      } else if (before.only() == null) {
        sections.put(token, new Section(token, limit, null));
      } else if (limit.architecture() == Architecture.X32) {
        sections.put(token, new Section(token, before.only(), limit));
      } else {
        sections.put(token, new Section(token, limit, before.only()));
      }
    }
    return List.copyOf(sections.values());
  }

  private static List<List<Section>> permutations(List<Section> sections) {
    if (sections.isEmpty()) {
      return List.of(List.of());
    }
    List<List<Section>> all = new ArrayList<>();
    for (Section first : sections) {
      List<Section> others = new ArrayList<>(sections);
      others.remove(first);
      for (List<Section> rest : permutations(others)) {
        List<Section> one = new ArrayList<>(List.of(first));
        one.addAll(rest);
        all.add(one);
      }
    }
    return all;
  }

  /// Written from its end to its beginning, as jumps go forward.
  private static List<Instruction> prologue(List<Section> bodies, List<Section> jumps) {
    List<Instruction> whole =
        new ArrayList<>(List.of(jump(1), Instruction.of(RETURN, NO_SUCH_CALL)));
    Map<Integer, Integer> lengthFrom = new LinkedHashMap<>();
    for (Section section : bodies) {
      Limit only = section.only();
      if (only != null) {
        whole.addAll(0, body(only, section.other(), whole.size() - 1));
        lengthFrom.put(section.token(), whole.size());
      }
    }
    whole.addFirst(jump(whole.size()));
    for (Section section : jumps) {
      int skip = whole.size() - lengthFrom.getOrDefault(section.token(), 0);
      whole.addFirst(new Instruction(IF_EQUAL, skip, 0, section.token()));
    }
    whole.addFirst(Instruction.of(LOAD, ARCHITECTURE));
    return whole;
  }

  /// @param toDeny how many instructions lie between the end of this section and the answer
  private static List<Instruction> body(Limit only, @Nullable Limit x32, int toDeny) {
    Instruction load = Instruction.of(LOAD, NUMBER);
    Instruction pass = jump(toDeny + 1);
    Instruction limit = above(only, toDeny + 1, 0);
    if (x32 != null) {
      return List.of(
          load,
          new Instruction(IF_ANY_BIT, 1, 0, Architecture.X32_BIT),
          above(only, toDeny + 2, 1),
          above(x32, toDeny + 1, 0),
          pass);
    }
    return switch (only.architecture()) {
      case X86_64 ->
          List.of(load, new Instruction(IF_ANY_BIT, 1, 0, Architecture.X32_BIT), limit, pass);
      case X32 ->
          List.of(load, new Instruction(IF_ANY_BIT, 0, 1, Architecture.X32_BIT), limit, pass);
      // setup(2) has the number 0 there, which also stands for every number that the kernel's entry
      // code cannot pass on.
      case S390, S390X ->
          List.of(
              load,
              new Instruction(IF_EQUAL, 0, 1, 0),
              Instruction.of(RETURN, NO_SUCH_CALL),
              limit,
              pass);
      case X86,
          ARM,
          AARCH64,
          LOONGARCH64,
          M68K,
          MIPS,
          MIPS64,
          MIPS64N32,
          MIPSEL,
          MIPSEL64,
          MIPSEL64N32,
          PARISC,
          PARISC64,
          PPC,
          PPC64,
          PPC64LE,
          RISCV64,
          SH,
          SHEB ->
          List.of(load, limit, pass);
    };
  }

  private static Instruction above(Limit limit, int ifSo, int ifNot) {
    return new Instruction(IF_GREATER, ifSo, ifNot, limit.highest());
  }

  private static Instruction jump(int over) {
    return Instruction.of(JUMP, over);
  }
}
