package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileVerbTest {
  private static final String EXAMPLES = "examples/profiles";

  @TempDir Path temporary;

  private String profile(String name, String defaultAction, String rules) throws IOException {
    String json =
        "{'defaultAction': 'SCMP_ACT_"
            + defaultAction
            + "',\n"
            + " 'architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],\n"
            + " 'syscalls': ["
            + rules
            + "]}\n";
    return Files.writeString(temporary.resolve(name), json.replace('\'', '"')).toString();
  }

  private static final String MKDIR = "{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO'}";
  private static final String RMDIR = "{'names': ['rmdir'], 'action': 'SCMP_ACT_ERRNO'}";

  @Test
  void theGroupNamesItsParts() {
    assertThat(Run.of("profile").err())
        .contains("profile validate  ", "profile compare   ", "profile convert   ");
    assertThat(Run.of("profile", "comapre").err()).contains("did you mean profile compare?");
  }

  @Nested
  class Compare {
    @Test
    void relationsAndExitCodes() throws IOException {
      String one = profile("one.json", "ALLOW", MKDIR);
      String other = profile("other.json", "ALLOW", RMDIR);
      String both = profile("both.json", "ALLOW", MKDIR + "," + RMDIR);
      Run equal = Run.of("profile", "compare", one, one);
      assertThat(equal.out()).isEqualTo(one + " is EQUAL to " + one + "\n");
      assertThat(equal.code()).isZero();
      Run stricter = Run.of("profile", "compare", both, one);
      assertThat(stricter.code()).isZero();
      assertThat(stricter.out())
          .contains("both.json is STRICTER than ", "\nstricter:\n@@ x86_64, x86, x32 @@\n")
          .endsWith("\n+ EPERM -> ALLOW  rmdir\n")
          .contains("\n\n--- " + both + "\n+++ " + one + "\n\n");
      assertThat(Run.of("profile", "compare", one, both).code()).isEqualTo(1);
      Run neither = Run.of("profile", "compare", one, other);
      assertThat(neither.code()).isEqualTo(1);
      assertThat(neither.out()).contains("is INCOMPARABLE with");
    }

    @Test
    void whatMakesNeitherStricter() throws IOException {
      String base = profile("base.json", "ALLOW", MKDIR);
      String rights =
          profile(
              "rights.json", "ALLOW", MKDIR + ",{'names':['setuid'],'action':'SCMP_ACT_ERRNO'}");
      Run kept = Run.of("profile", "compare", rights, base);
      assertThat(kept.code()).isEqualTo(1);
      assertThat(kept.out())
          .contains("rights.json is INCOMPARABLE with ")
          .contains(
              "\n"
                  + "neither stricter nor weaker, as rights may be kept:\n"
                  + "  runtimes and programs use this call")
          .contains("drop the capability\n@@ x86_64, x86, x32 @@\n+ EPERM -> ALLOW  setuid\n");
      String faking =
          profile(
              "faking.json", "ALLOW", "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO','errnoRet':0}");
      assertThat(Run.of("profile", "compare", faking, base).out())
          .contains(
              "INCOMPARABLE",
              "as success is faked:\n",
              "@@ x86_64, x86, x32 @@\n~ errno 0 -> EPERM  mkdir\n");
      assertThat(Run.of("profile", "compare", faking, base, "-o", "json").out())
          .contains("\"direction\" : \"FAKES_SUCCESS\"");
    }

    /// Equal filters, and another one who decides.
    @Test
    void whatIsBesideTheFilters() throws IOException {
      String asks = "{'names':['mkdir'],'action':'SCMP_ACT_NOTIFY'}";
      String one = profile("one.json", "ALLOW", asks);
      String other = profile("other.json", "ALLOW", asks);
      for (String each : List.of(one, other)) {
        String name = each.equals(one) ? "a" : "b";
        String flags = each.equals(one) ? "'SECCOMP_FILTER_FLAG_LOG'" : "";
        Path file = Path.of(each);
        Files.writeString(
            file,
            Files.readString(file)
                .replace(
                    "\"defaultAction\"",
                    "'listenerPath':'/run/%s.sock','flags':[%s],'defaultAction'"
                        .formatted(name, flags)
                        .replace('\'', '"')));
      }
      Run run = Run.of("profile", "compare", one, other);
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out())
          .contains("one.json is INCOMPARABLE with ")
          .contains("\nneither stricter nor weaker, beside the filters:\n")
          .contains("  listenerPath: \"/run/a.sock\" against \"/run/b.sock\"\n")
          .contains("  flags: \"SECCOMP_FILTER_FLAG_LOG\" against none\n");
      assertThat(Run.of("profile", "compare", one, other, "-o", "json").out())
          .contains("\"field\" : \"listenerPath\"");
      assertThat(Run.of("profile", "compare", one, one).code()).isZero();
      String odd = profile("odd.json", "ALLOW", MKDIR.replace("}", ",'errno':'EINVAL'}"));
      assertThat(Run.of("profile", "compare", odd, profile("b", "ALLOW", MKDIR)).out())
          .contains(
              "INCOMPARABLE",
              "unknown fields: line 3: OCI runtimes read EPERM (1) here, CRI-O and Podman EINVAL");
      String same = profile("same.json", "ALLOW", MKDIR.replace("}", ",'errno':'EPERM'}"));
      assertThat(Run.of("profile", "compare", same, profile("b", "ALLOW", MKDIR)).out())
          .contains(" is EQUAL ");
    }

    /// Of what has no filter, nobody wants a list of every call.
    @Test
    void whatHasNoFilterIsASentence() throws IOException {
      String profile = profile("a", "ERRNO", "");
      Run run = Run.of("profile", "compare", "unconfined", profile);
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out())
          .isEqualTo(
              "unconfined is WEAKER than " + profile + ": unconfined has no seccomp filter\n");
      assertThat(Run.of("profile", "compare", "unconfined", profile, "-o", "json").out())
          .contains("\"relation\" : \"WEAKER\"", "other architectures");
      Run both = Run.of("profile", "compare", "unconfined", "unconfined");
      assertThat(both.code()).isZero();
      assertThat(both.out())
          .isEqualTo("unconfined is EQUAL to unconfined: neither has a seccomp filter\n");
      Run neither = Run.of("profile", "compare", profile, "unconfined");
      assertThat(neither.code()).isEqualTo(1);
      assertThat(neither.out())
          .startsWith(
              profile
                  + " is INCOMPARABLE with unconfined: unconfined has no seccomp filter; rights may"
                  + " be kept (arch_prctl, capget, capset, ")
          .endsWith(" more)\n")
          .hasLineCount(1);
      String listens = profile("l", "ALLOW", "{'names':['mkdir'],'action':'SCMP_ACT_NOTIFY'}");
      assertThat(Run.of("profile", "compare", "unconfined", listens).out())
          .endsWith("has no seccomp filter; another process decides (mkdir)\n");
    }

    /// As diff shows it: what the first has and the second has not, and the other way round.
    @Test
    void aDiffInColourAndWithinTheTerminal() throws IOException {
      String socket =
          "{'names':['socket'],'action':'SCMP_ACT_ERRNO','args':[{'index':0,'value':38,'op':'SCMP_CMP_EQ'}]}";
      String one = profile("one", "ALLOW", MKDIR + "," + socket);
      String other =
          profile("other", "ALLOW", RMDIR + "," + MKDIR.replace("mkdir", "reboot', 'swapon"));
      for (int columns : new int[] {40, 80, 140}) {
        Run run = Run.at(columns, "profile", "compare", one, other, "--arch", "x86_64");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= columns);
        assertThat(run.out().replaceAll("\\s+", " "))
            .contains(
                "weaker: @@ x86_64 @@ - ALLOW -> EPERM reboot, rmdir, swapon ",
                "stricter: @@ x86_64 @@ + EPERM -> ALLOW mkdir + EPERM -> ALLOW socket where domain"
                    + " is 38 and its upper 32 bits are 0 for example socket(0x26, 0, 0, 0, 0, 0)");
      }
      Run painted =
          Run.of("profile", "compare", one, other, "--arch", "x86_64", "--color", "always");
      assertThat(painted.out())
          .contains(
              "\u001b[31m- ALLOW -> EPERM  reboot, rmdir, swapon\u001b[0m\n",
              "\u001b[32m+ EPERM -> ALLOW  mkdir\u001b[0m\n");
    }

    /// As many as help; who wants all asks for the architecture.
    @Test
    void namesAreCountedWhereThereAreTooMany() throws IOException {
      String all = profile("all", "ALLOW", "");
      String none = profile("none", "KILL_PROCESS", "");
      String machine = hunk(Run.of("profile", "compare", all, none), "x86_64");
      assertThat(machine)
          .startsWith("- ALLOW -> KILL_PROCESS  _sysctl, accept, accept4,")
          .containsPattern(", and [0-9]+ more, numbers without a name");
      assertThat(machine.split(",", -1)).hasSizeBetween(100, 110);
      Run asked = Run.of("profile", "compare", all, none, "--arch", "x86_64");
      assertThat(hunk(asked, "x86_64")).contains(", writev, numbers").doesNotContain(" more");
      assertThat(hunk(Run.of("profile", "compare", all, none), "x86").split(",", -1))
          .hasSizeBetween(12, 22);
    }

    private static String hunk(Run run, String architecture) {
      return run.out().split("@@ " + architecture + " @@\n", -1)[1].split("@@", -1)[0];
    }

    @Test
    void asJson() throws IOException {
      Run run =
          Run.of(
              "profile",
              "compare",
              profile("a", "ALLOW", MKDIR),
              profile("b", "ALLOW", ""),
              "--arch",
              "x86_64",
              "-o",
              "json");
      assertThat(run.code()).isZero();
      assertThat(run.out().replaceAll("\\s+", " "))
          .contains("\"relation\" : \"STRICTER\"")
          .contains("\"direction\" : \"STRICTER\", \"architectures\" : [ \"x86_64\" ]")
          .contains("\"syscalls\" : [ \"mkdir\" ]")
          .contains("\"a\" : { \"action\" : \"ERRNO\", \"data\" : 1 }");
    }

    @Test
    void capabilitiesDecideDockersConditions() throws IOException {
      String docker =
          profile(
              "docker",
              "ERRNO",
              "{'names': ['bpf'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'caps': ['CAP_BPF']}}");
      String none = profile("none", "ERRNO", "");
      assertThat(Run.of("profile", "compare", docker, none).code()).isZero();
      Run with = Run.of("profile", "compare", docker, none, "--capabilities", "bpf");
      assertThat(with.code()).isEqualTo(1);
      assertThat(with.out()).contains("weaker:\n@@ x86_64, x86, x32 @@\n- ALLOW -> EPERM  bpf\n");
      assertThat(Run.of("profile", "compare", docker, none, "--capabilities", "ALL").out())
          .isEqualTo(with.out());
      assertThat(Run.of("profile", "compare", docker, none, "--capabilities", "none").code())
          .isZero();
    }

    /// On x86 a filter sees the lower half of an argument, which makes hundreds of masks.
    @Test
    void aFewValuesAreReadableOnEveryArchitecture() throws IOException {
      List<String> rules = new ArrayList<>();
      for (long value : new long[] {0, 8, 0x20000, 0x20008, 0xffffffffL}) {
        rules.add(
            "{'names': ['personality'], 'action': 'SCMP_ACT_ALLOW', 'args': [{'index': 0,"
                + " 'op': 'SCMP_CMP_EQ', 'value': "
                + value
                + "}]}");
      }
      String few = profile("few", "ERRNO", String.join(",", rules));
      String all =
          profile("all", "ERRNO", "{'names': ['personality'], 'action': 'SCMP_ACT_ALLOW'}");
      assertThat(Run.of("profile", "compare", few, all, "--arch", "x86_64,x86,x32").out())
          .contains(
              "@@ x86_64 @@\n"
                  + "+ EPERM -> ALLOW  personality where persona is none of 0, 8, 0x20000, 0x20008,"
                  + " 0xffffffff or its upper 32 bits are not 0\n")
          .contains(
              "@@ x86, x32 @@\n"
                  + "+ EPERM -> ALLOW  personality where persona is none of 0, 8, 0x20000, 0x20008,"
                  + " 0xffffffff, with any upper 32 bits\n");
    }

    /// The kernel takes both for the same, and one filter lets the second pass.
    @Test
    void bitsThatTheKernelIgnores() throws IOException {
      String denied =
          "{'names': ['ioctl'], 'action': 'SCMP_ACT_ERRNO', 'args': [{'index': 1, 'op':"
              + " 'SCMP_CMP_%s}]}";
      String equal = profile("equal", "ALLOW", denied.formatted("EQ', 'value': 21522"));
      String masked =
          profile(
              "masked",
              "ALLOW",
              denied.formatted("MASKED_EQ', 'value': 4294967295, 'valueTwo': 21522"));
      Run weaker = Run.of("profile", "compare", equal, masked);
      assertThat(weaker.out())
          .contains("equal is WEAKER than ")
          .contains(
              "@@ x86_64 @@\n"
                  + "- ALLOW -> EPERM  ioctl where request is 0x5412 and its upper 32 bits are not"
                  + " 0\n"
                  + "                  for example ioctl(0, 0x100005412, 0, 0, 0, 0), which the"
                  + " kernel reads as ioctl(0, 0x5412, 0, 0, 0, 0)\n");
      assertThat(Run.of("profile", "compare", equal, masked, "-o", "json").out())
          .contains(
              "\"registers\" : \"request is 0x5412 in its lower 32 bits and its upper 32 bits are"
                  + " not 0\"");
      assertThat(Run.of("profile", "validate", equal).out())
          .contains("ioctl(0, 0x100005412, 0, 0, 0, 0) is ALLOW with the same effect")
          .contains("[upper-half-ignored]");
      assertThat(Run.of("profile", "validate", masked).out())
          .doesNotContain("[upper-half-ignored]");
    }

    /// A capability that is mistyped would decide the conditions for another container.
    @Test
    void unknownCapabilitiesAreRefused() {
      for (String names : new String[] {"CAP_BFP", "sys_admin,bfp", "CAP_SYS_ADMIN,", "all,none"}) {
        Run run = Run.of("profile", "compare", "unconfined", "unconfined", "--capabilities", names);
        assertThat(run.code()).as(names).isEqualTo(2);
        assertThat(run.err()).contains("--capabilities: there is no capability \"");
      }
      assertThat(Run.of("profile", "show", "unconfined", "--capabilities", "CAP_SYS_ADMN").err())
          .contains("did you mean CAP_SYS_ADMIN?");
    }

    /// An empty variable of the shell is not the directory that one is in.
    @Test
    void anEmptyOperandIsRefused() {
      for (String[] args :
          new String[][] {{"validate", ""}, {"show", ""}, {"compare", "", "unconfined"}}) {
        String[] all = new String[args.length + 1];
        all[0] = "profile";
        System.arraycopy(args, 0, all, 1, args.length);
        Run run = Run.of(all);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("an operand is empty");
      }
    }

    @Test
    void architecturesThatThereAreAreListed() {
      Run run = Run.of("profile", "show", "unconfined", "--arch", "amd64");
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("no architecture \"amd64\"; use ", "x86_64", "aarch64");
    }

    @Test
    void whatCannotBeDecidedIsNamed() throws IOException {
      List<String> rules = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        rules.add(
            "{'names': ['ioctl'], 'action': 'SCMP_ACT_ALLOW', 'args': ["
                + "{'index': 1, 'op': 'SCMP_CMP_MASKED_EQ', 'value': %d, 'valueTwo': %d},"
                    .formatted(i * 7919, i * 104_729)
                + "{'index': 2, 'op': 'SCMP_CMP_GT', 'value': %d}]}".formatted(i * 7919));
      }
      String hard = profile("hard", "ERRNO", String.join(",", rules));
      Run shown = Run.of("profile", "show", hard);
      assertThat(shown.code()).isEqualTo(1);
      assertThat(shown.err()).contains("hard: the filter is too complex");
      assertThat(Run.of("profile", "compare", "unconfined", hard).err())
          .contains("hard: the filter is too complex");
      assertThat(Run.of("profile", "validate", hard).out())
          .contains("hard:1: warning: the filter is too complex", "[filter-not-checked]");
    }

    @Test
    void unknownNamesAreReported() throws IOException {
      String typo = profile("t", "ALLOW", MKDIR.replace("mkdir", "mkdri"));
      assertThat(Run.of("profile", "compare", typo, typo).err())
          .contains("does not know mkdri (3:26): the runtime leaves them out");
    }

    @Test
    void whatCannotBeUsed() throws IOException {
      assertThat(Run.of("profile", "compare", "a").code()).isEqualTo(2);
      Run missing = Run.of("profile", "compare", "unconfined", temporary + "/none");
      assertThat(missing.code()).isEqualTo(3);
      assertThat(missing.err()).contains("/none: no such file or directory");
      String broken = Files.writeString(temporary.resolve("broken"), "{}").toString();
      Run refused = Run.of("profile", "compare", "unconfined", broken);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err()).contains("broken:1: `defaultAction` is missing");
      assertThat(Run.of("profile", "compare", "unconfined", "unconfined", "--arch", "amd65").code())
          .isEqualTo(2);
      assertThat(
              Run.of("profile", "compare", "unconfined", "unconfined", "--oci-runtime", "x").err())
          .contains("use runc, runc-1.1, crun or crun-1.29");
    }
  }

  @Nested
  class Show {
    @Test
    void callsInGroups() throws IOException {
      Run run = Run.of("profile", "show", profile("p", "ALLOW", MKDIR), "--arch", "x86_64");
      assertThat(run.code()).isZero();
      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .contains("p on x86_64: ", " calls allowed, 1 EPERM\n")
          .contains("files: to open, inspect, change and remove files\n  allowed       access, ")
          .contains("\n  EPERM         mkdir\n")
          .contains("without running the filter");
    }

    @Test
    void argumentsInWords() throws IOException {
      String rule =
          "{'names': ['socket'], 'action': 'SCMP_ACT_ERRNO',"
              + " 'args': [{'index': 0, 'value': 40, 'op': 'SCMP_CMP_EQ'}]}";
      assertThat(Run.of("profile", "show", profile("p", "ALLOW", rule)).out())
          .contains(
              "by arguments  socket: allowed where domain is not 40 or its upper 32 bits are\n"
                  + "                not 0; else EPERM");
    }

    @Test
    void asJson() throws IOException {
      Run run = Run.of("profile", "show", profile("p", "ALLOW", MKDIR), "-o", "json");
      assertThat(run.out().replaceAll("\\s+", " "))
          .contains("\"architecture\" : \"x86_64\", \"calls\"")
          .contains(
              "\"group\" : \"files\", \"action\" : \"ERRNO\", \"data\" : 1,"
                  + " \"syscalls\" : [ \"mkdir\" ], \"condition\" : \"\"")
          .contains("\"longestPath\" : ");
    }

    /// What people ask first is answered first, and not by a look at names.
    @Test
    void theHeadlineComesFirst() throws IOException {
      String rules =
          "{'names': ['unshare', 'ptrace', 'mount', 'keyctl'], 'action': 'SCMP_ACT_ERRNO'},"
              + "{'names': ['clone'], 'action': 'SCMP_ACT_ERRNO', 'args': [{'index': 0, 'value':"
              + " 268435456, 'valueTwo': 268435456, 'op': 'SCMP_CMP_MASKED_EQ'}]},"
              + "{'names': ['personality'], 'action': 'SCMP_ACT_ERRNO', 'args': [{'index': 0,"
              + " 'value': 8, 'op': 'SCMP_CMP_EQ'}]}";
      String profile = profile("p", "ALLOW", rules);
      Run run = Run.at(80, "profile", "show", profile);
      String headline = run.out().split("\n\n", -1)[1];
      assertThat(headline)
          .startsWith("at a glance\n  allowed       process_vm_readv/writev, ")
          .contains("  by arguments  personality: where persona is not 8 or its upper 32 bits")
          .endsWith("\n  denied        ptrace")
          .doesNotContain("also on");
      assertThat(headline.lines()).allMatch(line -> line.length() <= 80);
      assertThat(headline.replaceAll("\\s+", " "))
          .contains(
              "new user namespaces (by clone3)",
              "its upper 32 bits are not 0 (the kernel ignores these 32 bits, so the call is within"
                  + " reach)",
              "mount (by fsmount, open_tree, move_mount, mount_setattr, open_tree_attr)",
              "kernel keys (by add_key, request_key)");
      assertThat(Run.of("profile", "show", profile, "-o", "json").out().replaceAll("\\s+", " "))
          .contains(
              "\"filters\" : 1,",
              "{ \"id\" : \"user-namespaces\", \"title\" : \"new user namespaces\", \"answer\" :"
                  + " \"allowed\", \"by\" : [ { \"syscall\" : \"clone3\", \"for\" : \"flags\","
                  + " \"condition\" : \"\", \"example\" : [ \"0\", \"0\", \"0\", \"0\", \"0\","
                  + " \"0\" ] } ], \"barred\" : [ \"unshare\", \"clone\" ] }");
    }

    /// A program of another architecture can do what the machine's own cannot.
    @Test
    void moreThatIsAllowedOnAnotherArchitectureIsSaid() throws IOException {
      String rules =
          "{'names': ['read', 'write', 'socketcall'], 'action': 'SCMP_ACT_ALLOW'},"
              + "{'names': ['mount'], 'action': 'SCMP_ACT_NOTIFY'}";
      String file = profile("p", "ERRNO", rules);
      Run run = Run.of("profile", "show", file);
      assertThat(run.out())
          .contains("\n  others decide mount\n")
          .contains("  also on x86   raw sockets (by socketcall), packet sockets (by socketcall),");
      assertThat(Run.of("profile", "show", file, "--arch", "x86_64").out())
          .doesNotContain("also on");
      Run both = Run.of("profile", "show", file, "--arch", "x86_64,x86");
      assertThat(both.out().split("at a glance", -1)).hasSize(3);
    }

    /// The same call, by more of its arguments, is more.
    @Test
    void argumentsOfAnotherArchitectureAreComparedToo() throws IOException {
      String rule =
          "{'names': ['unshare'], 'action': 'SCMP_ACT_ALLOW', 'args': [{'index': 0, 'value': %s,"
              + " 'op': 'SCMP_CMP_%s'}]}";
      String same = rule.formatted("268435456", "EQ");
      assertThat(Run.of("profile", "show", profile("p", "ERRNO", same)).out())
          .contains("  by arguments  new user namespaces: unshare where flags is 0x10000000\n")
          .doesNotContain("also on");
      // What only odd values are denied for is no way around.
      String plain = same.replace("unshare", "personality").replace("268435456", "4294967295");
      String shown = Run.of("profile", "show", profile("p", "ERRNO", plain)).out();
      assertThat(shown.replaceAll("\\s+", " "))
          .contains("its upper 32 bits are 0 (the kernel ignores these 32 bits; no harm)");
      // Of a register of 32 bits libseccomp compares the lower half of the value alone.
      String more = same + "," + rule.formatted("4563533824", "EQ");
      assertThat(Run.of("profile", "show", profile("p", "ERRNO", more)).out())
          .contains(
              "  by arguments  new user namespaces: unshare where flags is 0x10000000\n",
              "  also on x86   new user namespaces: unshare where flags is 0x10020000");
    }

    @Test
    void whatHasNoFilterIsASentence() {
      Run run = Run.of("profile", "show", "unconfined");
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .isEqualTo("unconfined has no seccomp filter: every system call is allowed\n");
      assertThat(Run.of("profile", "show", "unconfined", "-o", "json").out())
          .contains("\"filters\" : 0,", "\"answer\" : \"allowed\"", "\"calls\" : [")
          .doesNotContain("\"answer\" : \"denied\"");
    }

    @Test
    void whatCannotBeShown() {
      assertThat(Run.of("profile", "show").code()).isEqualTo(2);
      assertThat(Run.of("profile", "show", temporary + "/none").code()).isEqualTo(3);
    }
  }

  @Nested
  class Validate {
    @Test
    void theExamplesAreUsable() {
      Run run = Run.of("profile", "validate", EXAMPLES);
      assertThat(run.code()).isZero();
      assertThat(run.out()).contains(" usable, 0 not\n");
    }

    @Test
    void whatTheFilterDoes() throws IOException {
      String rule =
          "{'names': ['clone'], 'action': 'SCMP_ACT_ALLOW',"
              + " 'args': [{'index': 0, 'value': 1, 'op': 'SCMP_CMP_EQ'}]},"
              + "{'names': ['clone'], 'action': 'SCMP_ACT_ALLOW'}";
      Run run = Run.of("profile", "validate", profile("p", "ERRNO", rule));
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .contains("p:3: warning: the conditions for clone have no effect")
          .contains("[condition-without-effect]");
      assertThat(
              Run.of("profile", "validate", temporary + "/p", "-o", "json")
                  .out()
                  .replaceAll("\\s+", " "))
          .contains("\"usable\" : true, \"findings\" : [ {")
          .contains("\"id\" : \"condition-without-effect\", \"severity\" : \"warning\"");
    }

    /// A file in an old format has one for each of its rules, and the warnings drown.
    @Test
    void equalFindingsAreOneLineForPeopleAndAllForPrograms() throws IOException {
      String rule = "{'name':'%s','action':'SCMP_ACT_ERRNO'}";
      String rules =
          Stream.of("mkdir", "rmdir", "chroot", "reboot", "swapon")
              .map(rule::formatted)
              .collect(Collectors.joining(",\n"));
      String file = profile("old", "ALLOW", rules);
      assertThat(Run.of("profile", "validate", file).out())
          .contains(
              "old:3: note: `name`: OCI runtimes read `names` and ignore the rule (5 times: lines"
                  + " 3, 4, 5 ...) [docker-format]")
          .containsOnlyOnce("[docker-format]");
      assertThat(Run.of("profile", "validate", file, "-o", "json").out().split("docker-format", -1))
          .hasSize(6);
    }

    @Test
    void findingsWithTheirPlace() throws IOException {
      String typo = profile("typo", "ALLOW", MKDIR.replace("mkdir", "mkdri"));
      Run warned = Run.of("profile", "validate", typo);
      assertThat(warned.code()).isZero();
      assertThat(warned.out())
          .contains("typo:3: warning: libseccomp ", "did you mean mkdir?", "[unknown-syscall]");
      String broken = profile("broken", "ALOW", "");
      Run refused = Run.of("profile", "validate", typo, broken);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out())
          .contains("broken:1: error: ", "[unknown-action]", "2 profiles: 1 usable, 1 not");
      assertThat(Run.of("profile", "validate", temporary + "/none").code()).isEqualTo(3);
      assertThat(Run.of("profile", "validate").code()).isEqualTo(2);
    }
  }

  /// Go's reader takes a field in any case, and one that stands twice.
  @Nested
  class ReadAs {
    private static final String[] AS_RUNTIME = {"--read-as", "runtime"};

    private String twice() throws IOException {
      return profile("twice", "ALLOW", MKDIR + "], \"SYSCALLS\": [" + RMDIR);
    }

    private Run run(String... words) {
      List<String> all = new ArrayList<>(List.of(words));
      all.addAll(List.of(AS_RUNTIME));
      return Run.of(all.toArray(String[]::new));
    }

    @Test
    void validate() throws IOException {
      Run strict = Run.of("profile", "validate", twice());
      assertThat(strict.code()).isEqualTo(1);
      assertThat(strict.out())
          .contains("[field-case]")
          .contains("twice:3: warning: runtimes read the field \"SYSCALLS\" as `syscalls`;")
          .contains("use --read-as runtime to see what they read [reads-differently]");
      Run runtime = run("profile", "validate", twice());
      assertThat(runtime.code()).isZero();
      assertThat(runtime.out()).contains("[reads-differently]").doesNotContain("[field-case]");
    }

    @Test
    void compareAndShow() throws IOException {
      String rmdir = profile("rmdir", "ALLOW", RMDIR);
      assertThat(Run.of("profile", "compare", twice(), rmdir).code()).isEqualTo(1);
      Run equal = run("profile", "compare", twice(), rmdir);
      assertThat(equal.code()).isZero();
      assertThat(equal.out()).contains("is EQUAL to");
      assertThat(equal.err())
          .contains("note: ", "twice:3: runtimes read the field \"SYSCALLS\" as `syscalls`");
      assertThat(run("profile", "show", twice()).out()).contains("  EPERM         rmdir\n");
    }

    @Test
    void convertAndDerive() throws IOException {
      assertThat(run("profile", "convert", twice(), "--to", "oci").out())
          .contains("rmdir")
          .doesNotContain("mkdir");
      Run derived = run("profile", "derive", "--from", twice(), "--allow", "rmdir");
      assertThat(derived.code()).isZero();
      assertThat(derived.err()).contains("which occurs twice", "the derived profile is WEAKER");
    }

    @Test
    void anotherWord() throws IOException {
      Run run = Run.of("profile", "validate", twice(), "--read-as", "go");
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--read-as: \"go\" is not known; use strict or runtime");
    }
  }
}
