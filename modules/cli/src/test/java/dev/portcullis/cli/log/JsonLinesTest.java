package dev.portcullis.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
  private final Logger root = Logger.getLogger("");
  private final List<Handler> before = List.of(root.getHandlers());
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void redirect() {
    JsonLines.to(out);
  }

  @AfterEach
  void restore() {
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    before.forEach(root::addHandler);
  }

  /// By the names that Netty has for them: under a profile that denies it to look for interfaces,
  /// each start had three warnings.
  @ParameterizedTest
  @ValueSource(
      strings = {"io.netty.util.NetUtilInitializations", "io.netty.util.internal.MacAddressUtil"})
  void whatNettyWantsToKnowOfTheMachineIsNoWarning(String logger) throws Exception {
    assertThat(Class.forName(logger, false, getClass().getClassLoader()).getName())
        .isEqualTo(logger);
    Logger.getLogger(logger).warning("Failed to find the loopback interface");
    assertThat(out.toString(UTF_8)).isEmpty();
    Logger.getLogger(logger).severe("out of memory");
    assertThat(out.toString(UTF_8)).contains("\"level\":\"error\"", "out of memory");
  }

  @Test
  void otherWarningsOfNettyAreLogged() {
    Logger.getLogger("io.netty.channel.DefaultChannelPipeline").warning("an exception");
    assertThat(out.toString(UTF_8)).contains("\"level\":\"warning\"", "an exception");
  }
}
