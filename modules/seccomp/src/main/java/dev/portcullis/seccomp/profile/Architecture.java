package dev.portcullis.seccomp.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// An architecture that libseccomp 2.5 or 2.6 has.
///
/// `SCMP_ARCH_NATIVE` is a constant of libseccomp's API and not a name for profiles: runc refuses
/// it.
public enum Architecture {
  X86("x86", "x86", 0x40000003, 0),
  X86_64("amd64", "x86-64", 0xC000003E, 0),
  X32("x32", "x32", 0xC000003E, Architecture.X32_BIT),
  ARM("arm", "arm", 0x40000028, 0),
  AARCH64("arm64", "arm64", 0xC00000B7, 0),
  LOONGARCH64("loong64", "loongarch64", 0xC0000102, 0),
  M68K("m68k", "m68k", 0x00000004, 0),
  MIPS("mips", "mips", 0x00000008, 4000),
  MIPS64("mips64", "mips64", 0x80000008, 5000),
  MIPS64N32("mips64n32", "mips64-n32", 0xA0000008, 6000),
  MIPSEL("mipsel", "mips-le", 0x40000008, 4000),
  MIPSEL64("mipsel64", "mips64-le", 0xC0000008, 5000),
  MIPSEL64N32("mips3l64n32", "mips64-le-n32", 0xE0000008, 6000),
  PARISC("parisc", "parisc", 0x0000000F, 0),
  PARISC64("parisc64", "parisc64", 0x8000000F, 0),
  PPC("ppc", "ppc", 0x00000014, 0),
  PPC64("ppc64", "ppc64", 0x80000015, 0),
  PPC64LE("ppc64le", "ppc64-le", 0xC0000015, 0),
  RISCV64("riscv64", "riscv64", 0xC00000F3, 0),
  S390("s390", "s390", 0x00000016, 0),
  S390X("s390x", "s390x", 0x80000016, 0),
  SH("sh", "sh", 0x4000002A, 0),
  SHEB("sheb", "sheb", 0x0000002A, 0);

  /// What x32 has in the numbers of its calls: `__X32_SYSCALL_BIT` of asm/unistd.h.
  public static final int X32_BIT = 0x40000000;

  private static final List<String> SPELLINGS =
      Arrays.stream(values()).map(Architecture::spelling).toList();
  private static final List<String> DOCKER_NAMES =
      Arrays.stream(values()).map(Architecture::dockerName).toList();

  private final String dockerName;
  private final String systemdName;
  private final int token;
  private final int firstNumber;

  Architecture(String dockerName, String systemdName, int token, int firstNumber) {
    this.dockerName = dockerName;
    this.systemdName = systemdName;
    this.token = token;
    this.firstNumber = firstNumber;
  }

  /// The token that the kernel gives to filters: `AUDIT_ARCH_*` of linux/audit.h. X32 has that of
  /// X86_64; the numbers of its calls tell them apart.
  public int token() {
    return token;
  }

  /// Where the numbers of its calls begin (asm/unistd.h): what the numbers that all architectures
  /// share are counted from.
  public int firstNumber() {
    return firstNumber;
  }

  /// What else a kernel of this architecture may run, where it was built and started so.
  public List<Architecture> companions() {
    return switch (this) {
      case X86_64 -> List.of(X86, X32);
      case AARCH64 -> List.of(ARM);
      case X86,
          X32,
          ARM,
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
          S390,
          S390X,
          SH,
          SHEB ->
          List.of();
    };
  }

  /// Whether the registers of its programs have 32 bits: the kernel shows filters the upper halves
  /// of their arguments as 0. Programs of x32 have registers of 64 bits.
  public boolean hasNarrowRegisters() {
    return switch (this) {
      case X86, ARM, M68K, MIPS, MIPSEL, PARISC, PPC, S390, SH, SHEB -> true;
      case X86_64,
          X32,
          AARCH64,
          LOONGARCH64,
          MIPS64,
          MIPS64N32,
          MIPSEL64,
          MIPSEL64N32,
          PARISC64,
          PPC64,
          PPC64LE,
          RISCV64,
          S390X ->
          false;
    };
  }

  /// The name in a profile: `SCMP_ARCH_X86_64`.
  public String spelling() {
    return "SCMP_ARCH_" + name();
  }

  /// The name in `includes.arches` and `excludes.arches`, which are not `SCMP_ARCH_` names (moby's
  /// table from GOARCH).
  public String dockerName() {
    return dockerName;
  }

  /// The name in systemd's `SystemCallArchitectures=` (systemd.exec(5)): with `-`, and `le` as a
  /// part of its own.
  public String systemdName() {
    return systemdName;
  }

  /// Every name that a profile may use.
  public static List<String> spellings() {
    return SPELLINGS;
  }

  /// Every name that a condition may use.
  public static List<String> dockerNames() {
    return DOCKER_NAMES;
  }

  /// The architecture of a name, exactly as written.
  public static Optional<Architecture> spelled(String spelling) {
    int index = SPELLINGS.indexOf(spelling);
    return index < 0 ? Optional.empty() : Optional.of(values()[index]);
  }

  /// The architecture that Java names in the property `os.arch`.
  public static Optional<Architecture> ofJava(String osArch) {
    return switch (osArch) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "x86", "i386" -> Optional.of(X86);
      case "aarch64" -> Optional.of(AARCH64);
      case "arm" -> Optional.of(ARM);
      case "loongarch64" -> Optional.of(LOONGARCH64);
      case "ppc64le" -> Optional.of(PPC64LE);
      case "ppc64" -> Optional.of(PPC64);
      case "riscv64" -> Optional.of(RISCV64);
      case "s390x" -> Optional.of(S390X);
      default -> Optional.empty();
    };
  }
}
