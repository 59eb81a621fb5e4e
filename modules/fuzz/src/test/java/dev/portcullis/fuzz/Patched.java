package dev.portcullis.fuzz;

import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object after a patch, as an API server applies it: of RFC 6902 `add`, `replace` and `remove`.
final class Patched {
  private Patched() {}

  static Mapping of(Mapping object, List<PatchOperation> patch) {
    Value result = object;
    for (PatchOperation step : patch) {
      result = at(result, List.of(step.path().substring(1).split("/")), step.value());
    }
    return (Mapping) result;
  }

  private static Value at(Value holder, List<String> path, @Nullable Value value) {
    String key = path.getFirst().replace("~1", "/").replace("~0", "~");
    List<String> rest = path.subList(1, path.size());
    if (holder instanceof Sequence list) {
      List<Value> items = new ArrayList<>(list.items());
      int index = Integer.parseInt(key);
      items.set(index, at(items.get(index), rest, value));
      return new Sequence(Position.NONE, items);
    }
    Map<String, Mapping.Entry> entries = new LinkedHashMap<>(((Mapping) holder).entries());
    Mapping.Entry entry = entries.get(key);
    if (!rest.isEmpty()) {
      if (entry == null) {
        throw new AssertionError("a patch below nothing: " + path);
      }
      entries.put(key, new Mapping.Entry(Position.NONE, at(entry.value(), rest, value)));
    } else if (value != null) {
      entries.put(key, new Mapping.Entry(Position.NONE, value));
    } else if (entries.remove(key) == null) {
      throw new AssertionError("a patch removes what is not there: " + path);
    }
    return new Mapping(Position.NONE, entries);
  }
}
