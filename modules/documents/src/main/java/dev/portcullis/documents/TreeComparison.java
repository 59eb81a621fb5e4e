package dev.portcullis.documents;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a document that was edited and read again has the changes that were asked for, and no
/// other. Where things stand, and the order of the entries of an object, do not matter.
public final class TreeComparison {
  private final IdentityHashMap<Mapping, ObjectChange> changes;
  private final IdentityHashMap<Mapping, Integer> seen = new IdentityHashMap<>();

  /// What was asked for of one object, by identity.
  ///
  /// @param put the entries that it has now
  /// @param removed the keys that it has no longer
  /// @param times how often it was asked for: in as many places the document shall have this
  ///   object, as an alias may repeat it in others
  public record ObjectChange(Map<String, Value> put, Set<String> removed, int times) {
    public ObjectChange {
      put = Map.copyOf(put);
      removed = Set.copyOf(removed);
    }
  }

  private TreeComparison(IdentityHashMap<Mapping, ObjectChange> changes) {
    this.changes = changes;
  }

  /// Compares.
  ///
  /// @param changes by the identity of the objects in the old document
  /// @return a place in the old document where the new one is not as it should be; null where it is
  ///   everywhere
  public static @Nullable Position difference(
      Value before, Value after, IdentityHashMap<Mapping, ObjectChange> changes) {
    TreeComparison comparison = new TreeComparison(changes);
    Position place = comparison.difference(before, after);
    return place == null ? comparison.unasked() : place;
  }

  /// An object that changes in more places than was asked for, or in fewer.
  private @Nullable Position unasked() {
    for (Map.Entry<Mapping, ObjectChange> change : changes.entrySet()) {
      if (seen.getOrDefault(change.getKey(), 0) != change.getValue().times()) {
        return change.getKey().at();
      }
    }
    return null;
  }

  private @Nullable Position difference(Value before, Value after) {
    return switch (before) {
      case Mapping mapping ->
          after instanceof Mapping other ? mapping(mapping, other) : before.at();
      case Sequence sequence ->
          after instanceof Sequence other ? sequence(sequence, other) : before.at();
      case Value.Text text ->
          after instanceof Value.Text other && other.value().equals(text.value())
              ? null
              : before.at();
      case Value.Numeral numeral ->
          after instanceof Value.Numeral other && other.literal().equals(numeral.literal())
              ? null
              : before.at();
      case Value.Truth truth ->
          after instanceof Value.Truth other && other.value() == truth.value() ? null : before.at();
      case Value.Null _ -> after instanceof Value.Null ? null : before.at();
    };
  }

  private @Nullable Position sequence(Sequence before, Sequence after) {
    List<Value> items = before.items();
    if (items.size() != after.items().size()) {
      return before.at();
    }
    for (int i = 0; i < items.size(); i++) {
      Position place = difference(items.get(i), after.items().get(i));
      if (place != null) {
        return place;
      }
    }
    return null;
  }

  private @Nullable Position mapping(Mapping before, Mapping after) {
    ObjectChange change = changes.get(before);
    Map<String, Value> put = Map.of();
    Set<String> removed = Set.of();
    if (change != null) {
      seen.merge(before, 1, Integer::sum);
      put = change.put();
      removed = change.removed();
    }
    Set<String> keys = new LinkedHashSet<>(before.entries().keySet());
    keys.removeAll(removed);
    keys.addAll(put.keySet());
    if (!keys.equals(after.entries().keySet())) {
      return before.at();
    }
    for (String key : keys) {
      Value now = after.get(key);
      Value asked = put.get(key);
      Value old = asked == null ? before.get(key) : asked;
      Position place = old == null || now == null ? before.at() : difference(old, now);
      if (place != null) {
        return asked == null ? place : before.at(key);
      }
    }
    return null;
  }

  /// Joins what two askers want of one object; null where they want it to be different.
  public static @Nullable ObjectChange joined(ObjectChange one, ObjectChange other) {
    Map<String, Value> put = new HashMap<>(one.put());
    for (Map.Entry<String, Value> entry : other.put().entrySet()) {
      Value present = put.putIfAbsent(entry.getKey(), entry.getValue());
      if (present != null && !present.equals(entry.getValue())) {
        return null;
      }
    }
    Set<String> removed = new LinkedHashSet<>(one.removed());
    removed.addAll(other.removed());
    return new ObjectChange(put, removed, one.times() + other.times());
  }
}
