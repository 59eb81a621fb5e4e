package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.Cli;
import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The command line, called as users call it.
final class Portcullis {
  private Portcullis() {}

  /// What a command printed, and how it ended.
  record Result(int code, String out, String err) {

    /// The containers of the JSON that `run -o json` prints, by their names.
    Map<String, Container> containers() {
      Map<String, Container> containers = new LinkedHashMap<>();
      for (Mapping pod : items(parsed(), "pods")) {
        for (Mapping container : items(pod, "containers")) {
          Mapping kernel = (Mapping) container.present("kernel");
          containers.put(
              text(container, "name"),
              new Container(
                  text(container, "profile"),
                  text(container, "origin"),
                  kernel == null ? null : number(kernel, "mode"),
                  kernel == null ? null : number(kernel, "filters"),
                  number(container, "exitCode")));
        }
      }
      return containers;
    }

    private Mapping parsed() {
      return switch (Documents.readJson(out.getBytes(UTF_8), Limits.MANIFEST)) {
        case ParseResult.Documents(List<Value> values) -> (Mapping) values.getFirst();
        case ParseResult.Malformed malformed ->
            throw new AssertionError(malformed + "\n" + out + "\n" + err);
      };
    }
  }

  /// What is known of a container afterwards.
  record Container(
      String profile,
      String origin,
      @Nullable Integer mode,
      @Nullable Integer filters,
      @Nullable Integer exitCode) {}

  /// The line of `node status` about a container of [KubeletCalls], once its program runs; empty
  /// where there is none.
  static String statusLine(String pod, String container, String... options) {
    List<String> args = new ArrayList<>(List.of("node", "status"));
    args.addAll(List.of(options));
    String line = "";
    // Of a process that is just about to execute its program nothing is known yet.
    for (int i = 0;
        i < 100 && (line.isEmpty() || line.contains("unseen") || line.endsWith(" - - - - foreign"));
        i++) {
      line =
          run(args.toArray(String[]::new))
              .out()
              .lines()
              .filter(it -> it.matches("proxied/" + pod + " +" + container + " .*"))
              .findFirst()
              .orElse("")
              .replaceAll(" +", " ");
      LockSupport.parkNanos(20_000_000);
    }
    return line;
  }

  static Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new Cli(
                new Terminal(
                    InputStream.nullInputStream(),
                    new PrintStream(out, true, UTF_8),
                    new PrintStream(err, true, UTF_8),
                    Colour.OFF,
                    Colour.OFF,
                    0,
                    Map.of("PORTCULLIS_DEBUG", "1")))
            .run(List.of(args));
    return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  /// The same in a process of its own, which can be sent signals.
  static ProcessBuilder process(String... args) {
    return process(
        List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"),
        List.of(args));
  }

  /// With options of the JVM.
  static ProcessBuilder process(List<String> jvm, List<String> args) {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(jvm);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "dev.portcullis.cli.Main"));
    command.addAll(args);
    return new ProcessBuilder(command);
  }

  private static List<Mapping> items(Mapping object, String key) {
    if (!(object.present(key) instanceof Sequence(_, List<Value> items))) {
      throw new AssertionError("no list " + key);
    }
    return items.stream().map(Mapping.class::cast).toList();
  }

  private static String text(Mapping object, String key) {
    return object.present(key) instanceof Value.Text(_, String text) ? text : "";
  }

  private static @Nullable Integer number(Mapping object, String key) {
    return object.present(key) instanceof Value.Numeral(_, String number)
        ? Integer.valueOf(number)
        : null;
  }
}
