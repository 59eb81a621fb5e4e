package dev.portcullis.admission.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compilation.BoundedCompiler;
import dev.portcullis.pods.decide.Strictness.Answer;
import dev.portcullis.pods.decide.Strictness.NoWeaker;
import dev.portcullis.pods.decide.Strictness.Unprovable;
import dev.portcullis.pods.decide.Strictness.Weaker;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Profiles on which libseccomp does not end, with the real library in its process.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Timeout(300)
class HangingProfilesTest {
  private static ProfileContent content(String rules) {
    return new ProfileContent(
        ("{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[" + rules + "]}")
            .replace('\'', '"')
            .getBytes(UTF_8));
  }

  private static ProfileContent hanging(int value) {
    return content(
        rule("mkdir", condition(0, "NE", value) + "," + condition(1, "GE", value))
            + ","
            + rule("mkdir", condition(0, "NE", value) + "," + condition(1, "NE", value)));
  }

  private static String rule(String name, String conditions) {
    return "{'names':['%s'],'action':'SCMP_ACT_ERRNO','args':[%s]}".formatted(name, conditions);
  }

  private static String condition(int index, String operator, int value) {
    return "{'index':%d,'op':'SCMP_CMP_%s','value':%d}".formatted(index, operator, value);
  }

  private static final ProfileContent BASE = content(rule("mkdir", ""));
  private static final ProfileContent MORE = content(rule("mkdir", "") + "," + rule("rmdir", ""));

  @Test
  void oneIsNotProvenAndTheNextPodIsToldSo() {
    try (BoundedCompiler compiling = BoundedCompiler.ofServer(Duration.ofSeconds(3))) {
      ContentProofs proofs = new ContentProofs(Compiler.by(compiling), Duration.ofSeconds(60));
      Answer late =
          new Unprovable("it: cannot compile the filter: libseccomp did not finish in 3 s");
      assertThat(proofs.compare(hanging(3), BASE)).isEqualTo(late);
      assertThat(proofs.compare(hanging(3), BASE)).isEqualTo(late);
      assertThat(proofs.compare(hanging(3), null)).isEqualTo(late);
      assertThat(proofs.compare(BASE, hanging(3)))
          .isEqualTo(
              new Unprovable(
                  "the other profile: cannot compile the filter: libseccomp did not finish in 3"
                      + " s"));
      assertThat(proofs.compare(MORE, BASE)).isEqualTo(new NoWeaker(MORE.sha256(), BASE.sha256()));
    }
  }

  /// A hundred different ones at once, and all the others are answered meanwhile.
  @Test
  void theyKeepNobodyElseWaiting() throws Exception {
    try (BoundedCompiler compiling = BoundedCompiler.ofServer(Duration.ofHours(1));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ContentProofs proofs = new ContentProofs(Compiler.by(compiling), Duration.ofHours(1));
      List<Future<Answer>> hanging = new ArrayList<>();
      CountDownLatch begun = new CountDownLatch(100);
      for (int i = 0; i < 100; i++) {
        ProfileContent content = hanging(i);
        hanging.add(
            threads.submit(() -> {
              begun.countDown();
              return proofs.compare(content, BASE);
            }));
      }
      begun.await();
      for (int i = 0; i < 20; i++) {
        ProfileContent mine =
            content(rule("mkdir", "") + "," + rule("rmdir", condition(0, "EQ", i)));
        assertThat(proofs.compare(mine, BASE))
            .isEqualTo(new NoWeaker(mine.sha256(), BASE.sha256()));
        assertThat(proofs.compare(BASE, mine)).isInstanceOf(Weaker.class);
      }
      assertThat(hanging).noneMatch(Future::isDone);
      threads.shutdownNow();
      for (Future<Answer> each : hanging) {
        assertThat(each.get()).isInstanceOf(Unprovable.class);
      }
    }
  }
}
