package dev.portcullis.seccomp.profile;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Names of errnos, from asm-generic/errno-base.h and errno.h. MIPS and PA-RISC use the names up to
/// 34 and have numbers of their own above that (their uapi/asm/errno.h).
public final class Errno {
  /// What programs take for a kernel that does not have the call.
  public static final int ENOSYS = 38;

  private static final Map<String, Integer> NUMBERS = new HashMap<>();
  private static final Map<Integer, String> NAMES = new HashMap<>();

  static {
    String all =
        """
          EPERM=1 ENOENT=2 ESRCH=3 EINTR=4 EIO=5 ENXIO=6 E2BIG=7 ENOEXEC=8 EBADF=9 ECHILD=10
          EAGAIN=11 ENOMEM=12 EACCES=13 EFAULT=14 ENOTBLK=15 EBUSY=16 EEXIST=17 EXDEV=18 ENODEV=19
          ENOTDIR=20 EISDIR=21 EINVAL=22 ENFILE=23 EMFILE=24 ENOTTY=25 ETXTBSY=26 EFBIG=27
          ENOSPC=28 ESPIPE=29 EROFS=30 EMLINK=31 EPIPE=32 EDOM=33 ERANGE=34 EDEADLK=35
          ENAMETOOLONG=36 ENOLCK=37 ENOSYS=38 ENOTEMPTY=39 ELOOP=40 ENOMSG=42 EIDRM=43 ECHRNG=44
          EL2NSYNC=45 EL3HLT=46 EL3RST=47 ELNRNG=48 EUNATCH=49 ENOCSI=50 EL2HLT=51 EBADE=52
          EBADR=53 EXFULL=54 ENOANO=55 EBADRQC=56 EBADSLT=57 EBFONT=59 ENOSTR=60 ENODATA=61
          ETIME=62 ENOSR=63 ENONET=64 ENOPKG=65 EREMOTE=66 ENOLINK=67 EADV=68 ESRMNT=69 ECOMM=70
          EPROTO=71 EMULTIHOP=72 EDOTDOT=73 EBADMSG=74 EOVERFLOW=75 ENOTUNIQ=76 EBADFD=77
          EREMCHG=78 ELIBACC=79 ELIBBAD=80 ELIBSCN=81 ELIBMAX=82 ELIBEXEC=83 EILSEQ=84 ERESTART=85
          ESTRPIPE=86 EUSERS=87 ENOTSOCK=88 EDESTADDRREQ=89 EMSGSIZE=90 EPROTOTYPE=91
          ENOPROTOOPT=92 EPROTONOSUPPORT=93 ESOCKTNOSUPPORT=94 EOPNOTSUPP=95 EPFNOSUPPORT=96
          EAFNOSUPPORT=97 EADDRINUSE=98 EADDRNOTAVAIL=99 ENETDOWN=100 ENETUNREACH=101
          ENETRESET=102 ECONNABORTED=103 ECONNRESET=104 ENOBUFS=105 EISCONN=106 ENOTCONN=107
          ESHUTDOWN=108 ETOOMANYREFS=109 ETIMEDOUT=110 ECONNREFUSED=111 EHOSTDOWN=112
          EHOSTUNREACH=113 EALREADY=114 EINPROGRESS=115 ESTALE=116 EUCLEAN=117 ENOTNAM=118
          ENAVAIL=119 EISNAM=120 EREMOTEIO=121 EDQUOT=122 ENOMEDIUM=123 EMEDIUMTYPE=124
          ECANCELED=125 ENOKEY=126 EKEYEXPIRED=127 EKEYREVOKED=128 EKEYREJECTED=129 EOWNERDEAD=130
          ENOTRECOVERABLE=131 ERFKILL=132
        """;
    for (String each : all.strip().split("\\s+")) {
      String[] parts = each.split("=", 2);
      NUMBERS.put(parts[0], Integer.valueOf(parts[1]));
      NAMES.put(Integer.valueOf(parts[1]), parts[0]);
    }
    NUMBERS.put("EWOULDBLOCK", 11);
    NUMBERS.put("EDEADLOCK", 35);
    NUMBERS.put("ENOTSUP", 95);
  }

  private Errno() {}

  // ELF machine numbers, which are the lower 16 bits of AUDIT_ARCH_* (linux/audit.h)
  private static final int EM_MIPS = 8;
  private static final int EM_PARISC = 15;
  private static final int LAST_COMMON = 34;

  /// The name on one architecture; empty for a number that has no name, or none that is known here.
  ///
  /// @param token the architecture, as `seccomp_data.arch` has it
  public static Optional<String> name(int errno, int token) {
    int machine = token & 0xffff;
    boolean others = machine == EM_MIPS || machine == EM_PARISC;
    return others && errno > LAST_COMMON ? Optional.empty() : name(errno);
  }

  /// The name in asm-generic/errno.h, such as `EPERM` for 1; empty for a number without a name.
  public static Optional<String> name(int errno) {
    return Optional.ofNullable(NAMES.get(errno));
  }

  /// The number of a name in asm-generic/errno.h, such as 1 for `EPERM`; empty for another text.
  public static Optional<Integer> number(String name) {
    return Optional.ofNullable(NUMBERS.get(name));
  }
}
