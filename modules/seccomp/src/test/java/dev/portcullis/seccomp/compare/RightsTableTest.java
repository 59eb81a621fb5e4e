package dev.portcullis.seccomp.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.compare.ProfileProof.Incomparable;
import dev.portcullis.seccomp.compare.ProfileProof.NoWeaker;
import dev.portcullis.seccomp.compare.ProfileProof.Outcome;
import dev.portcullis.seccomp.compare.ProfileProof.Unprovable;
import dev.portcullis.seccomp.compare.ProfileProof.Weaker;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.meaning.Bounds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Profiles by which their author would have more than the base: a runtime or a program goes on
/// with rights that it believes gone, or somebody else decides.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class RightsTableTest {
  private static final String MKDIR = "{'names':['mkdir','mkdirat'],'action':'SCMP_ACT_ERRNO'}";
  private static final String BASE = allowing("", MKDIR);

  private final ProfileProof proof = ProfileProof.by(Compiler.inThisProcess(), Bounds.SMALL);

  private static String allowing(String fields, String rules) {
    return "{'defaultAction':'SCMP_ACT_ALLOW','architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86','SCMP_ARCH_X32'],"
        + fields
        + "'syscalls':["
        + rules
        + "]}";
  }

  /// The base with one more rule.
  private static String with(String rule) {
    return allowing("", MKDIR + "," + rule);
  }

  private static String rule(String name, String action, String more) {
    return "{'names':['" + name + "'],'action':'SCMP_ACT_" + action + "'" + more + "}";
  }

  private Outcome compare(String profile, String than) {
    return proof.compare(
        profile.replace('\'', '"').getBytes(UTF_8), than.replace('\'', '"').getBytes(UTF_8));
  }

  private static Direction direction(Outcome outcome) {
    return ((Incomparable) outcome).differences().getFirst().direction();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rmdir", "setuid", "capset", "getuid"})
  void successIsFaked(String name) {
    String faking = with(rule(name, "ERRNO", ",'errnoRet':0"));
    Outcome outcome = compare(faking, BASE);
    assertThat(direction(outcome)).isEqualTo(Direction.FAKES_SUCCESS);
    assertThat(((Incomparable) outcome).text())
        .startsWith(name)
        .contains("errno 0 instead of ALLOW, for example " + name + "(0, 0");
    // Nor is any other answer comparable with it.
    assertThat(compare(with(rule(name, "ERRNO", "")), faking)).isInstanceOf(Incomparable.class);
    assertThat(compare(with(rule(name, "KILL_PROCESS", "")), faking))
        .isInstanceOf(Incomparable.class);
    assertThat(compare(BASE, faking)).isInstanceOf(Incomparable.class);
    assertThat(compare(faking, faking)).isEqualTo(new NoWeaker());
  }

  /// Where the base denies, and the profile says that it was done.
  @Test
  void aDenialBecomesASuccess() {
    String faking = allowing("", MKDIR.replace("}", ",'errnoRet':0}"));
    assertThat(direction(compare(faking, BASE))).isEqualTo(Direction.FAKES_SUCCESS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "capset",
        "capget",
        "setuid",
        "setresgid",
        "setgroups",
        "setfsuid",
        "seccomp",
        "unshare",
        "setns",
        "pivot_root",
        "chroot",
        "mount",
        "landlock_restrict_self",
        "prlimit64",
        "umask",
        "personality",
        "keyctl",
        "close",
        "close_range",
        "exit_group",
        "getuid",
        "geteuid",
        "setuid32",
        "getresuid32",
        "mount_setattr",
        "prctl",
        "arch_prctl"
      })
  void rightsAreKept(String name) {
    for (String answer : new String[] {"ERRNO", "TRAP", "KILL", "KILL_THREAD"}) {
      Outcome outcome = compare(with(rule(name, answer, "")), BASE);
      assertThat(direction(outcome)).as(answer).isEqualTo(Direction.KEEPS_RIGHTS);
      assertThat(((Incomparable) outcome).text())
          .contains(name, " instead of ALLOW, for example ", "drop rights", "drop the capability");
    }
    assertThat(compare(with(rule(name, "KILL_PROCESS", "")), BASE)).isEqualTo(new NoWeaker());
    assertThat(compare(with(rule(name, "LOG", "")), BASE)).isEqualTo(new NoWeaker());
    // The other way round it is plain.
    assertThat(compare(BASE, with(rule(name, "ERRNO", "")))).isInstanceOf(Weaker.class);
  }

  @Test
  void anotherErrnoIsAnotherAnswer() {
    String eperm = with(rule("setuid", "ERRNO", ",'errnoRet':1"));
    String enosys = with(rule("setuid", "ERRNO", ",'errnoRet':38"));
    assertThat(direction(compare(enosys, eperm))).isEqualTo(Direction.KEEPS_RIGHTS);
    assertThat(compare(eperm, eperm)).isEqualTo(new NoWeaker());
    assertThat(
            compare(
                with(rule("rmdir", "ERRNO", ",'errnoRet':38")),
                with(rule("rmdir", "ERRNO", ",'errnoRet':1"))))
        .isEqualTo(new NoWeaker());
  }

  /// runc and crun take EINVAL for an old kernel.
  @Test
  void anOldKernelIsPlayed() {
    String drop = ",'errnoRet':22,'args':[{'index':0,'value':24,'op':'SCMP_CMP_EQ'}]";
    Outcome outcome = compare(with(rule("prctl", "ERRNO", drop)), BASE);
    assertThat(direction(outcome)).isEqualTo(Direction.KEEPS_RIGHTS);
    assertThat(((Incomparable) outcome).text())
        .contains("prctl where option is 24", "EINVAL instead of ALLOW, for example prctl(0x18, 0");
  }

  /// The kernel takes 32 bits of an option.
  @Test
  void theUpperHalfDoesNotMatter() {
    String above = ",'args':[{'index':0,'value':%d,'op':'SCMP_CMP_GT'}]".formatted(0xffffffffL);
    String one = ",'args':[{'index':0,'value':%d,'op':'SCMP_CMP_EQ'}]".formatted((1L << 40) + 24);
    assertThat(direction(compare(with(rule("prctl", "ERRNO", above)), BASE)))
        .isEqualTo(Direction.KEEPS_RIGHTS);
    assertThat(compare(with(rule("prctl", "ERRNO", one)), BASE)).isInstanceOf(Incomparable.class);
  }

  /// PR_SET_NAME gives nothing up, and fcntl only with F_SETFD.
  @Test
  void whatKeepsNoRightsMayBeDenied() {
    String name = ",'args':[{'index':0,'value':15,'op':'SCMP_CMP_EQ'}]";
    assertThat(compare(with(rule("prctl", "ERRNO", name)), BASE)).isEqualTo(new NoWeaker());
    String lock = ",'args':[{'index':1,'value':6,'op':'SCMP_CMP_EQ'}]";
    assertThat(compare(with(rule("fcntl", "ERRNO", lock)), BASE)).isEqualTo(new NoWeaker());
    String descriptor = lock.replace("6", "2");
    assertThat(direction(compare(with(rule("fcntl", "ERRNO", descriptor)), BASE)))
        .isEqualTo(Direction.KEEPS_RIGHTS);
    for (String usual : new String[] {"ptrace", "bpf", "io_uring_setup", "clone3", "rmdir"}) {
      assertThat(compare(with(rule(usual, "ERRNO", "")), BASE)).isEqualTo(new NoWeaker());
    }
  }

  /// The same operation has two numbers, and the highest bit says of which.
  @ParameterizedTest
  @CsvSource({
    "io_uring_register, 1, 11",
    "io_uring_register, 1, 2147483659", // IORING_REGISTER_USE_REGISTERED_RING
    "io_uring_register, 1, 10",
    "io_uring_register, 1, 37", // whatever comes next
    "ioctl, 1, 21538", // TIOCNOTTY
    "ioctl, 1, 4294988881" // FIOCLEX, with bits that the kernel ignores
  })
  void oneOfManyThingsThatACallDoes(String name, int index, long value) {
    String one = ",'args':[{'index':%d,'value':%d,'op':'SCMP_CMP_EQ'}]".formatted(index, value);
    assertThat(direction(compare(with(rule(name, "ERRNO", one)), BASE)))
        .isEqualTo(Direction.KEEPS_RIGHTS);
    assertThat(compare(with(rule(name, "KILL_PROCESS", one)), BASE)).isEqualTo(new NoWeaker());
  }

  /// TIOCSTI gives nothing up, and is what a profile denies.
  @Test
  void othersMayBeDenied() {
    String one = ",'args':[{'index':1,'value':21522,'op':'SCMP_CMP_EQ'}]";
    assertThat(compare(with(rule("ioctl", "ERRNO", one)), BASE)).isEqualTo(new NoWeaker());
  }

  /// libseccomp hands 16 bits on, of which 65536 has none set: it would be errno 0.
  @ParameterizedTest
  @ValueSource(longs = {65536, 131072, 4096, 65535, 4294967296L, -1})
  void anErrnoThatThereIsNotIsNoProfile(long errno) {
    for (String profile :
        List.of(
            with(rule("capset", "ERRNO", ",'errnoRet':" + errno)),
            "{'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':%d,'syscalls':[]}"
                .formatted(errno))) {
      assertThat(((Unprovable) compare(profile, BASE)).why())
          .startsWith("it is not a usable profile: ");
      assertThat(((Unprovable) compare(BASE, profile)).why())
          .startsWith("the other profile is not a usable profile: ");
    }
  }

  /// What one profile lists, and the other does not, in whatever way.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // setuid and setgroups of 16 bits, and by the names of 32 bits
        "'SCMP_ARCH_X86_64','SCMP_ARCH_X86' | setuid",
        "'SCMP_ARCH_X86_64','SCMP_ARCH_X86' | setgroups",
        "'SCMP_ARCH_X86_64','SCMP_ARCH_X86' | setgroups32",
        "'SCMP_ARCH_X86_64','SCMP_ARCH_X86' | capset",
        "'SCMP_ARCH_X32' | setresuid",
        "'SCMP_ARCH_X86' | setfsgid32",
        "'SCMP_ARCH_X86','SCMP_ARCH_X86','SCMP_ARCH_X86_64' | umount"
      })
  void otherArchitecturesThanTheBase(String architectures, String name) {
    for (String action : new String[] {"ERRNO", "TRAP", "KILL_THREAD"}) {
      String profile =
          "{'defaultAction':'SCMP_ACT_ALLOW','architectures':[%s],'syscalls':[%s,%s]}"
              .formatted(architectures, MKDIR, rule(name, action, ""));
      for (String base : List.of(BASE, allowing("", MKDIR).replace(",'SCMP_ARCH_X32'", ""))) {
        assertThat(compare(profile, base)).as(action).isNotInstanceOf(NoWeaker.class);
      }
    }
  }

  /// Each architecture by itself: only one of them has the number.
  @Test
  void everyArchitectureCounts() {
    Outcome outcome = compare(with(rule("setuid32", "ERRNO", "")), BASE);
    assertThat(((Incomparable) outcome).differences().getFirst().where()).containsExactly("x86");
    // On x32, setns is another number with the bit of x32.
    assertThat(
            ((Incomparable) compare(with(rule("setns", "ERRNO", "")), BASE))
                .differences()
                .getFirst()
                .where())
        .contains("x86_64", "x86", "x32");
  }

  /// A program of an architecture that is not listed ends with its first call, whichever that is.
  @Test
  void anArchitectureMayBeLeftOut() {
    String one = BASE.replace(",'SCMP_ARCH_X86','SCMP_ARCH_X32'", "");
    assertThat(compare(one, BASE)).isEqualTo(new NoWeaker());
    assertThat(compare(BASE, one)).isInstanceOf(Weaker.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOTIFY", "TRACE"})
  void somebodyElseDecides(String asking) {
    String asked = with(rule("rmdir", asking, ""));
    assertThat(direction(compare(asked, BASE))).isEqualTo(Direction.ASKS);
    assertThat(direction(compare(BASE, asked))).isEqualTo(Direction.ASKS);
    assertThat(direction(compare(with(rule("rmdir", "ERRNO", "")), asked)))
        .isEqualTo(Direction.ASKS);
    assertThat(direction(compare(with(rule("rmdir", "KILL_PROCESS", "")), asked)))
        .isEqualTo(Direction.ASKS);
    assertThat(compare(asked, asked)).isEqualTo(new NoWeaker());
  }

  @Test
  void theDefaultAsksATracer() {
    assertThat(direction(compare(BASE.replace("_ALLOW", "_TRACE"), BASE)))
        .isEqualTo(Direction.ASKS);
    assertThat(
            direction(
                compare(
                    with(rule("rmdir", "TRACE", ",'errnoRet':1")),
                    with(rule("rmdir", "TRACE", ",'errnoRet':2")))))
        .isEqualTo(Direction.ASKS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'listenerPath':'/run/b.sock',",
        "'listenerPath':'/run/a.sock','listenerMetadata':'x',",
        "",
        "'listenerPath':'/run/a.sock','flags':['SECCOMP_FILTER_FLAG_SPEC_ALLOW'],",
        "'listenerPath':'/run/a.sock','flags':['SECCOMP_FILTER_FLAG_LOG'],",
        "'listenerPath':'/run/a.sock','flags':['none'],"
      })
  void theSameProgramAndAnotherWhoDecides(String fields) {
    String asks = rule("rmdir", "NOTIFY", "");
    String base = allowing("'listenerPath':'/run/a.sock',", asks);
    assertThat(compare(base, base)).isEqualTo(new NoWeaker());
    assertThat(compare(allowing(fields, asks), base)).isInstanceOf(Unprovable.class);
    assertThat(compare(base, allowing(fields, asks))).isInstanceOf(Unprovable.class);
  }

  @Test
  void theOrderOfFlagsDoesNotMatter() {
    String one =
        allowing("'flags':['SECCOMP_FILTER_FLAG_LOG','SECCOMP_FILTER_FLAG_TSYNC'],", MKDIR);
    String other =
        allowing(
            "'flags':['SECCOMP_FILTER_FLAG_TSYNC','SECCOMP_FILTER_FLAG_LOG','SECCOMP_FILTER_FLAG_LOG'],",
            MKDIR);
    assertThat(compare(one, other)).isEqualTo(new NoWeaker());
    Outcome outcome = compare(one, BASE);
    assertThat(((Unprovable) outcome).why()).contains("flags", "FLAG_TSYNC", "against none");
  }

  @Test
  void unknownFieldsAreNamed() {
    String odd = allowing("'$schema':'x',", MKDIR);
    for (Outcome outcome : List.of(compare(odd, BASE), compare(BASE, odd))) {
      assertThat(((Unprovable) outcome).why()).contains("$schema", "1:");
    }
  }

  /// CRI-O reads the errno by its name, other runtimes EPERM. Where no call gets an errno, the name
  /// of one changes nothing for either.
  @Test
  void whatReadersTakeOtherwiseIsNotProven() {
    String denying = "{'defaultAction':'SCMP_ACT_ERRNO',%s'syscalls':[]}";
    String other = denying.formatted("'defaultErrno':'EINVAL',");
    for (Outcome outcome :
        List.of(
            compare(other, denying.formatted("")),
            compare(denying.formatted(""), other),
            compare(with(rule("rmdir", "ERRNO", ",'errno':'EINVAL'")), BASE))) {
      assertThat(((Unprovable) outcome).why()).contains("CRI-O and Podman EINVAL");
    }
    assertThat(compare(allowing("'defaultErrno':'EINVAL',", MKDIR), BASE))
        .isEqualTo(new NoWeaker());
  }

  /// However many fields stand before it.
  @Test
  void anUnknownFieldDoesNotHide() {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      fields.append("'x%d':1,".formatted(i));
    }
    assertThat(compare(allowing(fields.toString(), MKDIR), BASE)).isInstanceOf(Unprovable.class);
  }
}
