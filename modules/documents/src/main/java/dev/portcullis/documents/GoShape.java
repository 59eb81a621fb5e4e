package dev.portcullis.documents;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The type that a program in Go has JSON decoded into.
public sealed interface GoShape {

  /// `string`, or a type of its own that is one.
  record Text() implements GoShape {}

  /// `uint` or `uint64`; where it is behind a pointer, JSON's `null` clears it.
  record Unsigned(boolean pointer) implements GoShape {}

  /// A slice.
  record Slice(GoShape items) implements GoShape {}

  /// A structure: its fields by the names that their tags give them, in their order.
  record Struct(Map<String, GoShape> fields) implements GoShape {
    public Struct {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }
}
