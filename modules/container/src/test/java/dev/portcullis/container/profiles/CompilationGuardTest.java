package dev.portcullis.container.profiles;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompilationGuardTest {
  private static final CompilationGuard GUARD = new CompilationGuard(Compiler.inThisProcess());

  /// @param rules of which each is one for four calls
  private static ResolvedProfile different(int rules) {
    String json =
        IntStream.range(0, rules)
            .mapToObj(i ->
                """
                {"names": ["mkdir", "rmdir", "chmod", "chown"], "action": "SCMP_ACT_ERRNO",
                 "args": [{"index": 1, "op": "SCMP_CMP_EQ", "value": %d}]}\
                """
                    .formatted(i))
            .collect(
                Collectors.joining(
                    ",", "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [", "]}"));
    return switch (ProfileReader.read(json.getBytes(UTF_8))) {
      case ProfileParseResult.Read(Profile profile, _) -> ResolvedProfile.of(profile).orElseThrow();
      case ProfileParseResult.Rejected rejected -> throw new AssertionError(rejected);
    };
  }

  /// A runtime asks libseccomp for as many rules as there are: that we ask for fewer is no reason
  /// to let it.
  @Test
  void moreRulesThanLibseccompIsAskedForHereAreRefused() {
    assertThat(GUARD.wrong(different(2_501)))
        .contains("more than 10000 different rules", "might never start the container");
  }

  @Test
  void aFewAreNot() {
    assertThat(GUARD.wrong(different(10))).isNull();
  }
}
