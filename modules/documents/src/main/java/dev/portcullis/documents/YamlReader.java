package dev.portcullis.documents;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// YAML as kubectl reads it: several documents, anchors, aliases and merge keys, and plain scalars
/// resolved by {@link PlainScalar}.
final class YamlReader {
  private final Limits limits;
  private final @Nullable YamlPlaces places;
  private final Map<String, Anchored> anchors = new HashMap<>();

  /// Values so far, those behind an alias counted every time: memory is shared, but anyone who
  /// walks the tree pays for each.
  private long values;

  private record Anchored(Value value, long size) {}

  /// @param layout where the places of values are noted; null where they are not asked for
  YamlReader(Limits limits, @Nullable Layout layout) {
    this.limits = limits;
    this.places = layout == null ? null : new YamlPlaces(layout);
  }

  /// YAML 1.1 has them as line breaks and YAML 1.2 has not: kubectl sees fields where this reader
  /// sees a comment.
  private static void requireCommonBreaks(String text) throws MalformedException {
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == '\u0085' || each == '\u2028' || each == '\u2029') {
        throw new MalformedException(
            place(text, text.codePointCount(0, i)),
            "the character U+%04X is not allowed here: kubectl reads it as a line break; write it"
                    .formatted((int) each)
                + " as an escape in double quotes, or remove it");
      }
    }
  }

  List<Value> read(String text) throws MalformedException {
    requireCommonBreaks(text);
    if (places != null) {
      places.begin(text);
    }
    LoadSettings settings =
        LoadSettings.builder().setUseMarks(true).setCodePointLimit(limits.bytes()).build();
    List<Value> documents = new ArrayList<>();
    try {
      Iterator<Event> events = new ParserImpl(settings, new StreamReader(settings, text));
      while (events.hasNext()) {
        Event event = events.next();
        if (event.getEventId() == Event.ID.DocumentStart) {
          anchors.clear();
          Value document = value(events.next(), events, 1);
          if (!(document instanceof Value.Null)) {
            documents.add(document);
          }
        }
      }
    } catch (MarkedYamlEngineException e) {
      throw new MalformedException(
          e.getProblemMark().map(YamlReader::position).orElse(Position.NONE),
          "not YAML: " + said(e));
    } catch (ReaderException e) {
      throw new MalformedException(
          place(text, e.getPosition()),
          "not YAML: the character U+%04X is not allowed here".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      throw new MalformedException(Position.NONE, "not YAML: " + e.getMessage());
    }
    return documents;
  }

  private Value value(Event event, Iterator<Event> events, int depth) throws MalformedException {
    Position at = position(event);
    long before = values;
    count(1, at);
    if (places != null) {
      places.leaf(event);
    }
    Value value =
        switch (event) {
          case AliasEvent alias -> alias(alias, at);
          case ScalarEvent scalar -> scalar(scalar, at);
          case SequenceStartEvent start -> sequence(start, events, at, deeper(at, depth));
          case MappingStartEvent start -> mapping(start, events, at, deeper(at, depth));
          default -> throw new IllegalStateException("a value cannot begin with " + event);
        };
    if (event instanceof NodeEvent node && !(event instanceof AliasEvent)) {
      Optional<Anchor> anchor = node.getAnchor();
      if (anchor.isPresent()) {
        anchors.put(anchor.get().getValue(), new Anchored(value, values - before));
      }
    }
    if (places != null) {
      places.value(event, value);
    }
    return value;
  }

  private int deeper(Position at, int depth) throws MalformedException {
    if (depth > limits.depth()) {
      throw new MalformedException(at, "nested more than " + limits.depth() + " levels deep");
    }
    return depth + 1;
  }

  private void count(long more, Position at) throws MalformedException {
    values += more;
    if (values > limits.values()) {
      throw new MalformedException(
          at, "more than " + limits.values() + " values once its aliases are followed");
    }
  }

  private Value alias(AliasEvent alias, Position at) throws MalformedException {
    String name = alias.getAlias().getValue();
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw new MalformedException(
          at, "the alias *" + name + " refers to its anchor before the end of &" + name);
    }
    count(anchored.size(), at);
    return anchored.value();
  }

  private static Value scalar(ScalarEvent event, Position at) throws MalformedException {
    Optional<String> tag = event.getTag();
    if (tag.isEmpty()) {
      return event.getScalarStyle() == ScalarStyle.PLAIN
          ? PlainScalar.resolve(event.getValue(), at)
          : new Value.Text(at, event.getValue());
    }
    return switch (tag.get()) {
      case "!", "tag:yaml.org,2002:str" -> new Value.Text(at, event.getValue());
      case "tag:yaml.org,2002:int",
          "tag:yaml.org,2002:float",
          "tag:yaml.org,2002:bool",
          "tag:yaml.org,2002:null" ->
          PlainScalar.resolve(event.getValue(), at);
      default -> throw new MalformedException(at, "the tag " + tag.get() + " is not supported");
    };
  }

  private Sequence sequence(
      SequenceStartEvent start, Iterator<Event> events, Position at, int depth)
      throws MalformedException {
    List<Value> items = new ArrayList<>();
    Event e;
    for (e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
      items.add(value(e, events, depth));
    }
    if (places != null) {
      places.end(start, e);
    }
    return new Sequence(at, items);
  }

  private Mapping mapping(MappingStartEvent start, Iterator<Event> events, Position at, int depth)
      throws MalformedException {
    Entries.Builder entries = new Entries.Builder();
    List<Mapping> merged = new ArrayList<>();
    YamlPlaces.Entries written = places == null ? null : places.entries();
    Event e;
    for (e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
      Position keyAt = position(e);
      if (isMergeKey(e)) {
        if (written != null) {
          written.mergeKey(e);
        }
        addMerged(value(events.next(), events, depth), merged);
        if (written != null) {
          written.value();
        }
        continue;
      }
      String key = key(value(e, events, depth), keyAt);
      if (written != null) {
        written.key(e, key);
      }
      Value value = value(events.next(), events, depth);
      if (written != null) {
        written.value();
      }
      Mapping.Entry first = entries.get(key);
      if (first != null) {
        throw duplicate(key, keyAt, first.keyAt());
      }
      entries.add(Keys.shared(key), new Mapping.Entry(keyAt, value));
    }
    for (Mapping mapping : merged) {
      mapping.entries().forEach(entries::addIfNew);
    }
    Mapping mapping = new Mapping(at, entries.done());
    if (places != null && written != null) {
      places.end(start, e);
      written.done(mapping);
    }
    return mapping;
  }

  private static boolean isMergeKey(Event event) {
    return event instanceof ScalarEvent scalar
        && scalar.getScalarStyle() == ScalarStyle.PLAIN
        && scalar.getTag().isEmpty()
        && scalar.getValue().equals("<<");
  }

  private void addMerged(Value value, List<Mapping> merged) throws MalformedException {
    switch (value) {
      case Mapping mapping -> addMerged(mapping, merged);
      case Sequence sequence -> {
        for (Value item : sequence.items()) {
          if (!(item instanceof Mapping mapping)) {
            throw notMerged(item);
          }
          addMerged(mapping, merged);
        }
      }
      default -> throw notMerged(value);
    }
  }

  private void addMerged(Mapping mapping, List<Mapping> merged) {
    merged.add(mapping);
    if (places != null) {
      places.merged(mapping);
    }
  }

  private static MalformedException notMerged(Value value) {
    return new MalformedException(
        value.at(), "the merge key << takes an object or a list of objects, not " + value.kind());
  }

  private static String key(Value key, Position at) throws MalformedException {
    return switch (key) {
      case Value.Text text -> text.value();
      case Value.Numeral numeral -> numeral.literal();
      case Value.Truth truth -> Boolean.toString(truth.value());
      case Value.Null _, Mapping _, Sequence _ ->
          throw new MalformedException(at, "a key must be a string, not " + key.kind());
    };
  }

  static MalformedException duplicate(String key, Position at, Position first) {
    return new MalformedException(
        at, "the key \"" + key + "\" occurs twice; first at " + first + ". Remove one of them");
  }

  private static String said(MarkedYamlEngineException e) {
    String problem = e.getProblem().strip();
    return e.getContext() == null || e.getContext().isBlank()
        ? problem
        : e.getContext().strip() + ": " + problem;
  }

  private static Position position(Event event) {
    return event.getStartMark().map(YamlReader::position).orElse(Position.NONE);
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /// The place of the character at an offset that is counted in code points.
  private static Position place(String text, int codePoints) {
    String before = text.substring(0, text.offsetByCodePoints(0, codePoints));
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Position(line, before.length() - before.lastIndexOf('\n'));
  }
}
