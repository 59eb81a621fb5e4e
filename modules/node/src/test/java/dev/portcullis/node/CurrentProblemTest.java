package dev.portcullis.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class CurrentProblemTest {
  private final List<String> told = new ArrayList<>();
  private final CurrentProblem problem = new CurrentProblem(log(), "cannot look", "not yet");

  private Logger log() {
    Logger log = Logger.getAnonymousLogger();
    log.setUseParentHandlers(false);
    log.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            told.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
    return log;
  }

  @Test
  void isToldWhenItChangesAndNotEachTime() {
    assertThat(problem.why()).isEqualTo("not yet");
    problem.is("refused");
    problem.is("refused");
    problem.is("too late");
    assertThat(problem.why()).isEqualTo("too late");
    assertThat(told).containsExactly("cannot look: refused", "cannot look: too late");
  }

  @Test
  void isToldAgainOnceItWasOver() {
    assertThat(problem.clear()).isTrue();
    assertThat(problem.clear()).isFalse();
    assertThat(problem.why()).isEmpty();
    problem.is("refused");
    problem.clear();
    problem.is("refused");
    assertThat(told).containsExactly("cannot look: refused", "cannot look: refused");
  }
}
