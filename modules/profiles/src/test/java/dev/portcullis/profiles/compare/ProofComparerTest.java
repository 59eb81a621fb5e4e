package dev.portcullis.profiles.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.decide.Strictness.NoWeaker;
import dev.portcullis.pods.decide.Strictness.Unprovable;
import dev.portcullis.pods.decide.Strictness.Weaker;
import dev.portcullis.seccomp.compare.ProfileProof;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.ProfileContent;
import org.junit.jupiter.api.Test;

class ProofComparerTest {
  private static final ProfileContent MORE = denying("\"mkdir\",\"rmdir\"");
  private static final ProfileContent BASE = denying("\"mkdir\"");

  private static ProfileContent denying(String names) {
    return new ProfileContent(
        ("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":["
                + names
                + "],\"action\":\"SCMP_ACT_ERRNO\"}]}")
            .getBytes(UTF_8));
  }

  private static ProofComparer by(Compiler compiler) {
    return new ProofComparer(() -> ProfileProof.by(compiler, Bounds.SMALL));
  }

  @Test
  void aProofNamesTheContentsThatItIsOf() {
    ProofComparer comparer = by(Compiler.inThisProcess());
    assertThat(comparer.compare(MORE, BASE)).isEqualTo(new NoWeaker(MORE.sha256(), BASE.sha256()));
    assertThat(comparer.compare(MORE, null)).isEqualTo(new NoWeaker(MORE.sha256(), null));
  }

  @Test
  void whatIsWeakerIsSaidWithACall() {
    assertThat(by(Compiler.inThisProcess()).compare(BASE, MORE))
        .isInstanceOfSatisfying(
            Weaker.class, weaker -> assertThat(weaker.where()).contains("rmdir"));
  }

  @Test
  void whatCannotBeKnownIsNotProven() {
    ProfileContent none = new ProfileContent("{}".getBytes(UTF_8));
    assertThat(by(Compiler.inThisProcess()).compare(none, BASE)).isInstanceOf(Unprovable.class);
    assertThat(by(Compiler.by(_ -> new RulesetCompiler.Undecided("no time"))).compare(MORE, BASE))
        .isInstanceOfSatisfying(
            Unprovable.class, unprovable -> assertThat(unprovable.why()).contains("no time"));
  }
}
