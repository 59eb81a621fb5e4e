package dev.portcullis.cli.input;

import dev.portcullis.cel.CompiledPolicies;
import dev.portcullis.cli.input.ManifestFiles.SourcedObject;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Objects that policies were compiled to, by their kinds and names.
public final class CompiledObjects {
  private final Map<String, Mapping> byLabel = new TreeMap<>();

  private CompiledObjects() {}

  /// Those among some objects: the others have no digest of ours.
  public static CompiledObjects among(List<SourcedObject> objects) {
    CompiledObjects compiled = new CompiledObjects();
    objects.forEach(each -> compiled.add(each.object().manifest()));
    return compiled;
  }

  /// All of some.
  public static CompiledObjects of(List<Mapping> objects) {
    CompiledObjects compiled = new CompiledObjects();
    objects.forEach(compiled::add);
    return compiled;
  }

  private void add(Mapping object) {
    if (annotation(object, CompiledPolicies.COMPILED) != null
        && object.present("metadata") instanceof Mapping metadata) {
      byLabel.put(text(object, "kind") + " " + text(metadata, "name"), object);
    }
  }

  public boolean isEmpty() {
    return byLabel.isEmpty();
  }

  public int size() {
    return byLabel.size();
  }

  /// How these differ from what would be compiled now; nothing where they are the same.
  public List<String> differences(CompiledObjects now) {
    List<String> differences = new ArrayList<>();
    boolean contents = false;
    for (Map.Entry<String, Mapping> each : now.byLabel.entrySet()) {
      Mapping old = byLabel.get(each.getKey());
      if (old == null) {
        differences.add(each.getKey() + " is missing");
      } else if (!same(old, each.getValue(), CompiledPolicies.COMPILED)) {
        differences.add(each.getKey() + " was compiled from something else");
        contents |= !same(old, each.getValue(), CompiledPolicies.PROOFS);
      }
    }
    byLabel.keySet().stream()
        .filter(label -> !now.byLabel.containsKey(label))
        .forEach(label -> differences.add(label + " is no longer compiled: delete it"));
    if (contents) {
      differences.add("what stricterThan was proven for has changed: contents, or policies");
    }
    return differences;
  }

  private static boolean same(Mapping one, Mapping other, String key) {
    String value = annotation(one, key);
    String second = annotation(other, key);
    return value == null ? second == null : value.equals(second);
  }

  private static @Nullable String annotation(Mapping object, String key) {
    return object.present("metadata") instanceof Mapping metadata
            && metadata.present("annotations") instanceof Mapping annotations
            && annotations.present(key) instanceof Value.Text(_, String text)
        ? text
        : null;
  }

  private static String text(Mapping object, String key) {
    return object.present(key) instanceof Value.Text(_, String text) ? text : "";
  }
}
