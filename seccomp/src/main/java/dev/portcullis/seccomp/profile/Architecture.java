package dev.portcullis.seccomp.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// An architecture that libseccomp 2.5 or 2.6 has.
///
/// `SCMP_ARCH_NATIVE` is a constant of libseccomp's API and not a name for profiles: runc refuses
/// it.
public enum Architecture {
  X86("x86", 0x40000003),
  X86_64("amd64", 0xC000003E),
  X32("x32", 0xC000003E),
  ARM("arm", 0x40000028),
  AARCH64("arm64", 0xC00000B7),
  LOONGARCH64("loong64", 0xC0000102),
  M68K("m68k", 0x00000004),
  MIPS("mips", 0x00000008),
  MIPS64("mips64", 0x80000008),
  MIPS64N32("mips64n32", 0xA0000008),
  MIPSEL("mipsel", 0x40000008),
  MIPSEL64("mipsel64", 0xC0000008),
  MIPSEL64N32("mips3l64n32", 0xE0000008),
  PARISC("parisc", 0x0000000F),
  PARISC64("parisc64", 0x8000000F),
  PPC("ppc", 0x00000014),
  PPC64("ppc64", 0x80000015),
  PPC64LE("ppc64le", 0xC0000015),
  RISCV64("riscv64", 0xC00000F3),
  S390("s390", 0x00000016),
  S390X("s390x", 0x80000016),
  SH("sh", 0x4000002A),
  SHEB("sheb", 0x0000002A);

  private static final List<String> SPELLINGS =
      Arrays.stream(values()).map(Architecture::spelling).toList();
  private static final List<String> DOCKER_NAMES =
      Arrays.stream(values()).map(Architecture::dockerName).toList();

  private final String dockerName;
  private final int token;

  Architecture(String dockerName, int token) {
    this.dockerName = dockerName;
    this.token = token;
  }

  /// The token that the kernel gives to filters: `AUDIT_ARCH_*` of linux/audit.h. X32 has that of
  /// X86_64; the numbers of its calls tell them apart.
  public int token() {
    return token;
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
