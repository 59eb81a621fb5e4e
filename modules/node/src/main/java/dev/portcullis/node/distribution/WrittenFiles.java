package dev.portcullis.node.distribution;

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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What Portcullis wrote below the profile root: a file with one of the digests that stand here for
/// its path is ours, and any other is the administrator's.
///
/// A digest is put in before its file is written, and taken out after, so that an end between the
/// two loses nothing.
///
/// @param digests by path, in hexadecimal
record WrittenFiles(SortedMap<String, Set<String>> digests) {
  static final WrittenFiles EMPTY = new WrittenFiles(Collections.emptySortedMap());

  private static final Limits LIMITS = new Limits(4 * 1024 * 1024, 8, 200_000);

  boolean wrote(String path, String sha256) {
    return digests.getOrDefault(path, Set.of()).contains(sha256);
  }

  WrittenFiles with(String path, String sha256) {
    SortedMap<String, Set<String>> all = new TreeMap<>(digests);
    Set<String> ofPath = new TreeSet<>(all.getOrDefault(path, Set.of()));
    ofPath.add(sha256);
    all.put(path, ofPath);
    return new WrittenFiles(all);
  }

  WrittenFiles withOnly(String path, String sha256) {
    SortedMap<String, Set<String>> all = new TreeMap<>(digests);
    all.put(path, Set.of(sha256));
    return new WrittenFiles(all);
  }

  WrittenFiles without(String path) {
    SortedMap<String, Set<String>> all = new TreeMap<>(digests);
    all.remove(path);
    return new WrittenFiles(all);
  }

  String json() {
    MappingBuilder files = new MappingBuilder();
    digests.forEach((path, all) ->
        files.put(path, all.stream().map(it -> new Value.Text(Position.NONE, it)).toList()));
    return JsonWriter.pretty(new MappingBuilder().put("written", files.build()).build()) + "\n";
  }

  static WrittenFiles read(byte[] json) throws IOException {
    SortedMap<String, Set<String>> all = new TreeMap<>();
    if (Documents.readJson(json, LIMITS) instanceof ParseResult.Documents(List<Value> values)
        && values.size() == 1
        && values.getFirst() instanceof Mapping object
        && object.get("written") instanceof Mapping files) {
      for (Map.Entry<String, Mapping.Entry> file : files.entries().entrySet()) {
        Set<String> ofPath = new TreeSet<>();
        if (file.getValue().value() instanceof Sequence list) {
          for (Value each : list.items()) {
            if (each instanceof Value.Text(_, String digest)) {
              ofPath.add(digest);
            }
          }
        }
        all.put(file.getKey(), ofPath);
      }
      return new WrittenFiles(all);
    }
    throw new IOException("was not written by Portcullis");
  }
}
