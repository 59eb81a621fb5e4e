package dev.portcullis.seccomp.derive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.CallCondition;
import dev.portcullis.seccomp.meaning.CallCondition.Alternative;
import dev.portcullis.seccomp.meaning.CallCondition.Test;
import dev.portcullis.seccomp.meaning.Range;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import java.util.List;
import java.util.Set;

/// Conditions of filters as changes, which {@link ChangeReader} takes.
class ChangeTextTest {
  private static final ArgumentValues FORTY =
      new ArgumentValues.Halves(List.of(new Range(0, 0xffffffffL)), List.of(new Range(40, 40)));

  private static CallCondition one(Test... tests) {
    return new CallCondition(List.of(new Alternative(List.of(tests))), true);
  }

  private static List<String> texts(String call, CallCondition condition) {
    List<String> texts = ChangeText.of(call, condition);
    ChangeReader reader = new ChangeReader(SyscallGroups.load(), Set.of(call));
    for (String text : texts) {
      assertThat(reader.read(true, text)).isInstanceOf(ChangeReader.Reading.Read.class);
    }
    return texts;
  }

  @org.junit.jupiter.api.Test
  void whatCanBeSaid() {
    assertThat(texts("ptrace", one())).containsExactly("ptrace");
    assertThat(texts("socket", one(new Test(0, FORTY)))).containsExactly("socket:domain==40");
    assertThat(
            texts(
                "socket",
                one(
                    new Test(0, new ArgumentValues.Within(List.of(new Range(16, 16)))),
                    new Test(1, new ArgumentValues.Masked(0xf, 3)))))
        .containsExactly("socket:domain==16,type&0xf==3");
    assertThat(
            texts(
                "socket",
                new CallCondition(
                    List.of(
                        new Alternative(List.of(new Test(0, FORTY))),
                        new Alternative(
                            List.of(new Test(0, new ArgumentValues.Masked(0xffffffffL, 2000))))),
                    true)))
        .containsExactly("socket:domain==40", "socket:domain==0x7d0");
  }

  /// Then it is the call with all arguments, never one with fewer.
  @org.junit.jupiter.api.Test
  void whatCannot() {
    assertThat(texts("clone", one(new Test(0, new ArgumentValues.NotMasked(0x10000000, 0)))))
        .containsExactly("clone");
    assertThat(
            texts("socket", one(new Test(0, new ArgumentValues.Within(List.of(new Range(3, 9)))))))
        .containsExactly("socket");
    assertThat(texts("socket", one(new Test(6, FORTY)))).containsExactly("socket");
    assertThat(
            texts(
                "socket",
                new CallCondition(List.of(new Alternative(List.of(new Test(0, FORTY)))), false)))
        .containsExactly("socket");
  }
}
