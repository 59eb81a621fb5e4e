package dev.portcullis.e2e.cluster;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The part of kubectl's template language for `-o=jsonpath=` that the tests use: fields, items by
/// number, all items, items by a field's text, `range`, and text between them. A field that is not
/// there is nothing, an item that is not there is an error, as with kubectl.
///
/// Source: https://kubernetes.io/docs/reference/kubectl/jsonpath/
final class JsonPath {
  private static final Pattern PART = Pattern.compile("\\{([^}]*)}|([^{]+)");
  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<key>(?:\\\\.|[A-Za-z0-9/_-])+)"
              + "|\\['(?<quoted>(?:\\\\.|[^'\\\\])+)']"
              + "|\\[(?<index>\\d+)]"
              + "|(?<all>\\[\\*])"
              + "|\\[\\?\\(@\\.(?<field>[A-Za-z]+)=='(?<text>[^']*)'\\)]");

  private sealed interface Part {}

  private record Literal(String text) implements Part {}

  private record Path(List<Step> steps) implements Part {}

  private record Range(Path over, List<Part> parts) implements Part {}

  private sealed interface Step {}

  private record Key(String name) implements Step {}

  private record Index(int at) implements Step {}

  private record All() implements Step {}

  private record Where(String field, String text) implements Step {}

  private final List<Part> parts;

  private JsonPath(List<Part> parts) {
    this.parts = parts;
  }

  /// A template; empty where there is more in it than is understood here.
  static Optional<JsonPath> parse(String template) {
    List<Part> top = new ArrayList<>();
    List<Part> into = top;
    boolean inRange = false;
    Matcher matcher = PART.matcher(template);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      end = matcher.end();
      String inside = matcher.group(1);
      if (inside == null) {
        into.add(new Literal(matcher.group(2)));
      } else if (inside.equals("end")) {
        into = top;
        inRange = false;
      } else if (inside.matches("'(\\\\n|\\\\t|[^'\\\\])*'")) {
        into.add(
            new Literal(
                inside
                    .substring(1, inside.length() - 1)
                    .replace("\\n", "\n")
                    .replace("\\t", "\t")));
      } else {
        boolean range = inside.startsWith("range ");
        Optional<Path> path = path(range ? inside.substring("range ".length()) : inside);
        if (path.isEmpty() || (range && inRange)) {
          return Optional.empty();
        }
        if (range) {
          List<Part> each = new ArrayList<>();
          into.add(new Range(path.get(), each));
          into = each;
          inRange = true;
        } else {
          into.add(path.get());
        }
      }
    }
    return end == template.length() && !inRange ? Optional.of(new JsonPath(top)) : Optional.empty();
  }

  private static Optional<Path> path(String text) {
    List<Step> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(text);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      end = matcher.end();
      steps.add(step(matcher));
    }
    return end == text.length() && !steps.isEmpty()
        ? Optional.of(new Path(List.copyOf(steps)))
        : Optional.empty();
  }

  private static Step step(Matcher matcher) {
    for (String key : List.of("key", "quoted")) {
      if (matcher.group(key) != null) {
        return new Key(matcher.group(key).replaceAll("\\\\(.)", "$1"));
      }
    }
    if (matcher.group("index") != null) {
      return new Index(Integer.parseInt(matcher.group("index")));
    }
    return matcher.group("all") != null
        ? new All()
        : new Where(matcher.group("field"), matcher.group("text"));
  }

  /// What it makes of a document.
  String of(String json) throws IOException {
    StringBuilder printed = new StringBuilder();
    print(parts, JsonValues.read(json), printed);
    return printed.toString();
  }

  private static void print(List<Part> parts, Value root, StringBuilder printed)
      throws IOException {
    for (Part part : parts) {
      switch (part) {
        case Literal(String text) -> printed.append(text);
        case Path path -> {
          List<String> texts = new ArrayList<>();
          for (Value found : find(path, root)) {
            texts.add(JsonValues.printed(found));
          }
          printed.append(String.join(" ", texts));
        }
        case Range(Path over, List<Part> each) -> {
          for (Value item : find(over, root)) {
            print(each, item, printed);
          }
        }
      }
    }
  }

  private static List<Value> find(Path path, Value root) throws IOException {
    List<Value> found = List.of(root);
    for (Step step : path.steps()) {
      List<Value> next = new ArrayList<>();
      for (Value value : found) {
        step(step, value).forEach(next::add);
      }
      found = next;
    }
    return found;
  }

  private static Stream<Value> step(Step step, Value value) throws IOException {
    return switch (step) {
      case Key(String name) ->
          value instanceof Mapping map ? Stream.ofNullable(map.present(name)) : Stream.of();
      case Index(int at) -> {
        if (!(value instanceof Sequence list)) {
          yield Stream.of();
        }
        if (at >= list.items().size()) {
          throw new IOException(
              "array index out of bounds: index " + at + " of " + list.items().size());
        }
        yield Stream.of(list.items().get(at));
      }
      case All() ->
          value instanceof Mapping map
              ? map.entries().values().stream().map(Mapping.Entry::value)
              : JsonValues.items(value).stream();
      case Where(String field, String text) ->
          JsonValues.items(value).stream()
              .filter(item -> JsonValues.text(JsonValues.at(item, field)).equals(text));
    };
  }
}
