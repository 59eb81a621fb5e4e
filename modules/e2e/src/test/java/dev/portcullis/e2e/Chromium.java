package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Debian's Chromium without a window, led by its DevTools protocol. Its profile is a directory of
/// the test; it listens on the loopback address alone.
final class Chromium implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final List<String> QUIET =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--hide-scrollbars",
          "--remote-debugging-port=0");
  private static final int PATIENCE = 60;

  private final Process process;
  private final WebSocket socket;
  private final Answers answers;
  private final AtomicInteger last = new AtomicInteger();

  private Chromium(Process process, WebSocket socket, Answers answers) {
    this.process = process;
    this.socket = socket;
    this.answers = answers;
  }

  /// Starts it with an empty page. Skips the calling test where there is none.
  static Chromium start(Path directory) throws Exception {
    assumeTrue(Files.exists(PROGRAM), "no Chromium: apt-get install chromium");
    Path profile = Files.createDirectory(directory.resolve("chromium"));
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(QUIET);
    command.add("--user-data-dir=" + profile);
    command.add("about:blank");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("chromium.log").toFile())
            .start();
    try {
      Answers answers = new Answers();
      HttpClient client = HttpClient.newHttpClient();
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(page(client, port(profile, process)), answers)
              .get(PATIENCE, TimeUnit.SECONDS);
      Chromium chromium = new Chromium(process, socket, answers);
      for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
        chromium.call(domain + ".enable", Map.of());
      }
      return chromium;
    } catch (Exception failed) {
      stop(process);
      throw failed;
    }
  }

  private static int port(Path profile, Process process) throws IOException {
    Path file = profile.resolve("DevToolsActivePort");
    for (int i = 0; i < PATIENCE * 50; i++) {
      if (Files.exists(file) && Files.readString(file).contains("\n")) {
        return Integer.parseInt(Files.readString(file).lines().findFirst().orElseThrow());
      }
      if (!process.isAlive()) {
        break;
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new IOException("Chromium did not start: see chromium.log beside " + profile);
  }

  private static URI page(HttpClient client, int port) throws Exception {
    HttpRequest question =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
    for (int i = 0; i < PATIENCE; i++) {
      String list = client.send(question, BodyHandlers.ofString()).body();
      for (Value target : ((Sequence) parsed(list)).items()) {
        Tree page = new Tree((Mapping) target);
        if (page.text("type").equals("page")) {
          return URI.create(page.text("webSocketDebuggerUrl"));
        }
      }
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
    throw new IOException("Chromium has no page");
  }

  private static Value parsed(String json) {
    if (Documents.readJson(json.getBytes(UTF_8), Limits.MANIFEST)
        instanceof ParseResult.Documents(List<Value> values)) {
      return values.getFirst();
    }
    throw new IllegalStateException("Chromium said what is no JSON: " + json);
  }

  /// What it answers and reports, in the thread of the connection.
  private static final class Answers implements WebSocket.Listener {
    final Map<Integer, CompletableFuture<Mapping>> waiting = new ConcurrentHashMap<>();
    final List<Mapping> events = Collections.synchronizedList(new ArrayList<>());
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean end) {
      text.append(part);
      if (end) {
        Mapping message = (Mapping) parsed(text.toString());
        text.setLength(0);
        if (message.present("id") instanceof Value.Numeral(_, String id)) {
          CompletableFuture<Mapping> future = waiting.remove(Integer.parseInt(id));
          if (future != null) {
            future.complete(message);
          }
        } else {
          events.add(message);
        }
      }
      from.request(1);
      return null;
    }
  }

  /// Calls a method, and gives its result.
  private Mapping call(String method, Map<String, Value> parameters) throws Exception {
    int id = last.incrementAndGet();
    CompletableFuture<Mapping> answer = new CompletableFuture<>();
    answers.waiting.put(id, answer);
    MappingBuilder values = new MappingBuilder();
    parameters.forEach(values::put);
    String text =
        JsonWriter.pretty(
            new MappingBuilder()
                .put("id", id)
                .put("method", method)
                .put("params", values.build())
                .build());
    socket.sendText(text, true).get(PATIENCE, TimeUnit.SECONDS);
    Mapping message = answer.get(PATIENCE, TimeUnit.SECONDS);
    if (!(message.present("result") instanceof Mapping result)) {
      throw new IllegalStateException(method + ": " + JsonWriter.pretty(message));
    }
    return result;
  }

  /// Opens a file, and waits until all of it is there.
  void open(Path file) throws Exception {
    open(file.toUri());
  }

  /// Opens a file of a directory.
  ///
  /// @param address from there, as a link has it
  void open(Path directory, String address) throws Exception {
    open(directory.toUri().resolve(address));
  }

  private void open(URI page) throws Exception {
    answers.events.clear();
    call("Page.navigate", Map.of("url", text(page.toString())));
    awaitPage(page.toString());
  }

  private void awaitPage(String page) throws IOException {
    for (int i = 0; i < PATIENCE * 100; i++) {
      if (hasLoaded()) {
        return;
      }
      LockSupport.parkNanos(10_000_000);
    }
    throw new IOException(page + " does not load");
  }

  /// Whether a page came, and then all of it: the end of the page before may be told late.
  private boolean hasLoaded() {
    synchronized (answers.events) {
      return answers.events.stream()
          .map(each -> new Tree(each).text("method"))
          .dropWhile(method -> !method.equals("Page.frameNavigated"))
          .anyMatch(method -> method.equals("Page.loadEventFired"));
    }
  }

  /// As a browser that is set so shows it.
  ///
  /// @param media `screen` or `print`
  /// @param scheme `light` or `dark`
  void show(String media, String scheme, int width) throws Exception {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            text(media),
            "features",
            parsed("[{\"name\": \"prefers-color-scheme\", \"value\": \"" + scheme + "\"}]")));
    call(
        "Emulation.setDeviceMetricsOverride",
        new MappingBuilder()
                .put("width", width)
                .put("height", 900)
                .put("deviceScaleFactor", 1)
                .put("mobile", false)
                .build()
                .entries()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().value())));
  }

  /// Presses the tab key.
  void tab() throws Exception {
    press("Tab", "", "9");
  }

  /// Presses the enter key, and waits until the page is there that it leads to.
  void enter() throws Exception {
    answers.events.clear();
    press("Enter", "\r", "13");
    awaitPage("the page behind the enter key");
  }

  /// Types a text, where the focus is.
  void type(String text) throws Exception {
    call("Input.insertText", Map.of("text", text(text)));
  }

  private void press(String key, String character, String code) throws Exception {
    for (String type : List.of(character.isEmpty() ? "rawKeyDown" : "keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              text(type),
              "key",
              text(key),
              "code",
              text(key),
              "text",
              text(character),
              "windowsVirtualKeyCode",
              new Value.Numeral(Position.NONE, code)));
    }
  }

  /// The value of an expression, as text.
  String evaluate(String expression) throws Exception {
    Mapping result =
        call("Runtime.evaluate", Map.of("expression", text("String(" + expression + ")")));
    if (result.present("exceptionDetails") != null) {
      throw new IllegalStateException(JsonWriter.pretty(result));
    }
    return new Tree(result).at("result").text("value");
  }

  /// What it reported since the last page was opened.
  List<Mapping> events(String method) {
    synchronized (answers.events) {
      return answers.events.stream()
          .filter(each -> new Tree(each).text("method").equals(method))
          .toList();
    }
  }

  private static Value text(String text) {
    return new Value.Text(Position.NONE, text);
  }

  @Override
  public void close() {
    socket.abort();
    stop(process);
  }

  private static void stop(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    process.onExit().orTimeout(PATIENCE, TimeUnit.SECONDS).join();
  }
}
