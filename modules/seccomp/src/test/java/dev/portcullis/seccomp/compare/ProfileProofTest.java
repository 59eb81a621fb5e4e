package dev.portcullis.seccomp.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.compare.ProfileProof.Incomparable;
import dev.portcullis.seccomp.compare.ProfileProof.NoWeaker;
import dev.portcullis.seccomp.compare.ProfileProof.Outcome;
import dev.portcullis.seccomp.compare.ProfileProof.Unfinished;
import dev.portcullis.seccomp.compare.ProfileProof.Unprovable;
import dev.portcullis.seccomp.compare.ProfileProof.Weaker;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.meaning.Bounds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProfileProofTest {
  private static final String BASE = allowing("\"read\", \"write\", \"exit_group\", \"socket\"");

  private final ProfileProof proof = ProfileProof.by(Compiler.inThisProcess(), Bounds.USUAL);

  private static String allowing(String names) {
    return """
    {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
     "syscalls": [{"names": [%s], "action": "SCMP_ACT_ALLOW"}]}
    """
        .formatted(names);
  }

  private Outcome compare(String profile, String than) {
    return proof.compare(profile.getBytes(UTF_8), than.getBytes(UTF_8));
  }

  @Test
  void oneIsNoWeakerThanItself() {
    assertThat(compare(BASE, BASE)).isEqualTo(new NoWeaker());
  }

  @Test
  void lessIsNoWeaker() {
    assertThat(compare(allowing("\"read\", \"exit_group\""), BASE)).isEqualTo(new NoWeaker());
  }

  @Test
  void moreIsWeakerWithTheCall() {
    assertThat(compare(allowing("\"read\", \"ptrace\""), BASE))
        .isInstanceOfSatisfying(
            Weaker.class,
            weaker ->
                assertThat(weaker.weaker())
                    .allSatisfy(difference -> {
                      assertThat(difference.names()).containsExactly("ptrace");
                      assertThat(DifferenceText.how(difference)).startsWith("ALLOW instead of E");
                    }));
  }

  /// As `write` is missing, and `ptrace` is not, one is neither.
  @Test
  void theIncomparableIsNotProven() {
    assertThat(compare(allowing("\"ptrace\""), BASE)).isInstanceOf(Weaker.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "no json",
        "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [\"read\"], \"action\":"
            + " \"SCMP_ACT_ALLOW\", \"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}}]}",
        "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [\"raed\"], \"action\":"
            + " \"SCMP_ACT_ALLOW\"}]}"
      })
  void whatIsNotSureEverywhereIsNotProven(String odd) {
    assertThat(compare(odd, BASE)).isInstanceOf(Unprovable.class);
    assertThat(compare(BASE, odd)).isInstanceOf(Unprovable.class);
    assertThat(proof.compareToUnconfined(odd.getBytes(UTF_8))).isInstanceOf(Unprovable.class);
  }

  /// The same content twice, even: a node's runtime may take it for another filter.
  @Test
  void anUnknownFieldIsNamedAndProvesNothing() {
    String odd = BASE.replace("{\"defaultAction\"", "{\"later\": 1, \"defaultAction\"");
    String why = " has a part that only some runtimes know (";
    for (String other : List.of(odd, BASE)) {
      assertThat(compare(odd, other))
          .isInstanceOfSatisfying(
              Unprovable.class, unprovable -> assertThat(unprovable.why()).startsWith("it" + why));
    }
    assertThat(compare(BASE, odd))
        .isInstanceOfSatisfying(
            Unprovable.class,
            unprovable -> assertThat(unprovable.why()).startsWith("the other profile" + why));
  }

  /// A filter that denies what gives rights up leaves more than none at all.
  @Test
  void noFilterIsComparedLikeAnyOther() {
    String denying =
        """
        {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
         "syscalls": [{"names": ["%s"], "action": "SCMP_ACT_ERRNO"}]}
        """;
    assertThat(proof.compareToUnconfined(denying.formatted("ptrace").getBytes(UTF_8)))
        .isEqualTo(new NoWeaker());
    assertThat(proof.compareToUnconfined(denying.formatted("setuid").getBytes(UTF_8)))
        .isInstanceOf(Incomparable.class);
  }

  /// The same content twice, even.
  @Test
  void whatLibseccompDidNotFinishIsNotProven() {
    RulesetCompiler stuck = _ -> new RulesetCompiler.Undecided("libseccomp did not finish in 2 s");
    ProfileProof unable = ProfileProof.by(Compiler.by(stuck), Bounds.USUAL);
    byte[] content = BASE.getBytes(UTF_8);
    Outcome undecided =
        new Unfinished("it: cannot compile the filter: libseccomp did not finish in 2 s");
    assertThat(unable.compare(content, content)).isEqualTo(undecided);
    assertThat(unable.compareToUnconfined(content)).isEqualTo(undecided);
  }

  @Test
  void anOldLibseccompProvesNothing() {
    assertThat(ProfileProof.wrong("2.3.3")).contains("2.3.3", "CVE-2019-9893", "2.4.0 or later");
    assertThat(ProfileProof.wrong("2.4.0")).isEmpty();
    assertThat(ProfileProof.wrong("")).isEmpty();
  }
}
