package dev.portcullis.documents;

import java.util.List;

/// A list.
public record Sequence(Position at, List<Value> items) implements Value {
  public Sequence {
    items = List.copyOf(items);
  }
}
