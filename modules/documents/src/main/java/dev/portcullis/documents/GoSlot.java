package dev.portcullis.documents;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A variable of Go that JSON is decoded into, perhaps several times: each time on top of what is
/// there.
sealed interface GoSlot {

  static GoSlot of(GoShape shape) {
    return switch (shape) {
      case GoShape.Text _ -> new Text();
      case GoShape.Unsigned(boolean pointer) -> new Unsigned(pointer);
      case GoShape.Slice(GoShape items) -> new Slice(items);
      case GoShape.Struct struct -> new Struct(struct);
    };
  }

  /// What JSON must have here, with its article.
  String wanted();

  /// JSON's `null`: it clears slices and pointers, and leaves everything else as it is.
  void setNull();

  /// What is in it; null where that is the zero value of its type, which is also what was never
  /// set.
  @Nullable Value value();

  /// The same, and a value for the zero value.
  Value valueAt(Position at);

  final class Text implements GoSlot {
    private Value.@Nullable Text text;

    void set(Value.Text value) {
      text = value;
    }

    @Override
    public String wanted() {
      return "a string";
    }

    @Override
    public void setNull() {}

    @Override
    public @Nullable Value value() {
      return text;
    }

    @Override
    public Value valueAt(Position at) {
      return text == null ? new Value.Text(at, "") : text;
    }
  }

  final class Unsigned implements GoSlot {
    private final boolean pointer;
    private Value.@Nullable Numeral number;

    Unsigned(boolean pointer) {
      this.pointer = pointer;
    }

    void set(Value.Numeral value) {
      number = value;
    }

    @Override
    public String wanted() {
      return "an integer from 0 to 18446744073709551615, written in digits";
    }

    @Override
    public void setNull() {
      if (pointer) {
        number = null;
      }
    }

    @Override
    public @Nullable Value value() {
      return number;
    }

    @Override
    public Value valueAt(Position at) {
      return number == null ? new Value.Numeral(at, "0") : number;
    }
  }

  /// A slice keeps the memory behind its end: a shorter list leaves there what a longer one before
  /// it had, and one that is longer again is decoded on top of that. An empty list gets new memory.
  final class Slice implements GoSlot {
    private final GoShape items;
    private final List<GoSlot> memory = new ArrayList<>();
    private int length;
    private @Nullable Position at;

    Slice(GoShape items) {
      this.items = items;
    }

    GoSlot item(int index) {
      if (index == memory.size()) {
        memory.add(of(items));
      }
      return memory.get(index);
    }

    void end(int newLength, Position newAt) {
      length = newLength;
      at = newAt;
      if (newLength == 0) {
        memory.clear();
      }
    }

    @Override
    public String wanted() {
      return "a list";
    }

    @Override
    public void setNull() {
      memory.clear();
      length = 0;
      at = null;
    }

    @Override
    public @Nullable Value value() {
      return at == null ? null : valueAt(at);
    }

    @Override
    public Value valueAt(Position other) {
      Position place = at == null ? other : at;
      return new Sequence(
          place, memory.subList(0, length).stream().map(each -> each.valueAt(place)).toList());
    }
  }

  final class Struct implements GoSlot {
    private final GoShape.Struct shape;
    private final Map<String, GoSlot> slots = new HashMap<>();
    private final Map<String, Position> keys = new HashMap<>();
    private @Nullable Position at;

    Struct(GoShape.Struct shape) {
      this.shape = shape;
    }

    GoShape.Struct shape() {
      return shape;
    }

    void begin(Position newAt) {
      at = newAt;
    }

    GoSlot field(String name, GoShape of, Position keyAt) {
      keys.put(name, keyAt);
      return slots.computeIfAbsent(name, _ -> GoSlot.of(of));
    }

    @Override
    public String wanted() {
      return "an object";
    }

    @Override
    public void setNull() {}

    @Override
    public @Nullable Value value() {
      return at == null ? null : valueAt(at);
    }

    @Override
    public Mapping valueAt(Position other) {
      Position place = at == null ? other : at;
      Map<String, Mapping.Entry> entries = new LinkedHashMap<>();
      for (String name : shape.fields().keySet()) {
        GoSlot slot = slots.get(name);
        Value value = slot == null ? null : slot.value();
        if (value != null) {
          entries.put(name, new Mapping.Entry(keys.getOrDefault(name, place), value));
        }
      }
      return new Mapping(place, entries);
    }
  }
}
