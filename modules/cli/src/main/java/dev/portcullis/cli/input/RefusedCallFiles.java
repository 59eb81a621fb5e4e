package dev.portcullis.cli.input;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.heal.DenialParseResult;
import dev.portcullis.seccomp.heal.DenialReader;
import dev.portcullis.seccomp.heal.DenialRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The calls that were refused to containers, as the documents of nodes have them.
///
/// @param entries each counter once, also where several documents of a node have it
/// @param missing how many events or containers the documents say they do not have, at least
/// @param complaints about files that could not be read
public record RefusedCallFiles(List<Entry> entries, long missing, List<Diagnostic> complaints) {
  /// A document is a moment's; what is far from all of them is not the time of a call.
  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  public RefusedCallFiles {
    entries = List.copyOf(entries);
    complaints = List.copyOf(complaints);
  }

  /// Calls of one kind in one place.
  ///
  /// @param file that has them
  /// @param of whose they are; null of a process that is in no pod
  /// @param first null where the document does not contain it
  /// @param last the same
  public record Entry(
      String file,
      DenialRecord denial,
      @Nullable PodContainer of,
      @Nullable Instant first,
      @Nullable Instant last) {
    /// The later of two states of one counter: a node counts on while documents are made.
    Entry or(Entry other) {
      return denial.count() >= other.denial.count() ? this : other;
    }
  }

  /// A container of a pod, by their names.
  public record PodContainer(String namespace, String pod, String name) {}

  /// What distinguishes one counter of a node from others.
  private record Counter(
      @Nullable PodContainer of,
      String where,
      String architecture,
      String call,
      String kind,
      int errno,
      List<Long> arguments,
      Instant first) {}

  /// What was read so far.
  private static final class Gathered {
    final List<Entry> unnumbered = new ArrayList<>();
    final Map<Counter, Entry> counters = new LinkedHashMap<>();
    int records;
    long missing;

    void add(Entry entry) {
      DenialRecord denial = entry.denial();
      Instant first = entry.first();
      if (first == null) {
        unnumbered.add(entry);
        return;
      }
      counters.merge(
          new Counter(
              entry.of(),
              denial.where(),
              denial.architecture().name(),
              denial.call(),
              denial.kind().name(),
              denial.errno(),
              denial.arguments(),
              first),
          entry,
          Entry::or);
    }
  }

  /// Reads files, and of directories what ends in .json.
  ///
  /// @param in what `-` stands for
  public static RefusedCallFiles read(List<String> paths, InputStream in) {
    List<Diagnostic> complaints = new ArrayList<>();
    Gathered gathered = new Gathered();
    List<Diagnostic> wrong =
        InputFiles.each(
            files(paths, complaints),
            in,
            DenialReader.LIMITS.bytes(),
            "document of denials is",
            (file, bytes) -> document(file, bytes, gathered));
    complaints.addAll(wrong);
    List<Entry> all = new ArrayList<>(gathered.unnumbered);
    all.addAll(gathered.counters.values());
    return new RefusedCallFiles(all, gathered.missing, complaints);
  }

  /// Each file once, however often it is named.
  private static List<String> files(List<String> paths, List<Diagnostic> complaints) {
    List<String> files = new ArrayList<>();
    Set<Path> seen = new HashSet<>();
    for (String named : paths) {
      try {
        Path path = Path.of(named);
        List<Path> found =
            !named.equals(Diagnostic.STANDARD_INPUT) && Files.isDirectory(path)
                ? DirectoryFiles.below(path).stream()
                    .filter(file -> file.toString().endsWith(".json"))
                    .toList()
                : List.of(path);
        for (Path file : found) {
          // What is not a regular file may contain something else each time.
          if (!Files.isRegularFile(file) || seen.add(file.toRealPath())) {
            files.add(file.toString());
          }
        }
        if (found.isEmpty()) {
          complaints.add(Diagnostic.malformed(named, Position.NONE, "no file in it ends in .json"));
        }
      } catch (InvalidPathException e) {
        complaints.add(Diagnostic.unreadable(named, "is not a valid path: " + e.getReason()));
      } catch (IOException e) {
        complaints.add(Diagnostic.unreadable(named, FileFailure.why(e)));
      }
    }
    return files;
  }

  private static Optional<Diagnostic> document(String file, byte[] bytes, Gathered gathered) {
    List<Value> values;
    switch (Documents.readJson(bytes, DenialReader.LIMITS)) {
      case ParseResult.Malformed(Position at, String message) -> {
        return Optional.of(
            Diagnostic.malformed(
                file,
                at,
                message
                    + "; report takes what portcullis node denials -o json prints: the kernel's"
                    + " records name no pods"));
      }
      case ParseResult.Documents(List<Value> read) -> values = read;
    }
    if (!(values.getFirst() instanceof Mapping document)) {
      return Optional.of(
          Diagnostic.malformed(
              file, values.getFirst().at(), "no document of portcullis node denials -o json"));
    }
    return switch (DenialReader.of(document)) {
      case DenialParseResult.Rejected(Position at, String message) ->
          Optional.of(Diagnostic.malformed(file, at, message));
      case DenialParseResult.Read(List<DenialRecord> denials, long missing) -> {
        gathered.records += denials.size();
        if (gathered.records > DenialReader.MOST) {
          yield Optional.of(
              Diagnostic.malformed(
                  file,
                  Position.NONE,
                  "with the files before it more than "
                      + DenialReader.MOST
                      + " denials; give fewer files"));
        }
        yield entries(file, document, denials, missing, gathered);
      }
    };
  }

  private static Optional<Diagnostic> entries(
      String file, Mapping document, List<DenialRecord> denials, long missing, Gathered gathered) {
    List<Value> items =
        document.present("denials") instanceof Sequence(_, List<Value> all) ? all : List.of();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof Mapping item)) {
        continue;
      }
      for (String key : List.of("firstSeen", "lastSeen")) {
        if (item.get(key) != null && time(item, key) == null) {
          return Optional.of(
              Diagnostic.malformed(
                  file, item.at(key), "`" + key + "` is no time like 2026-11-30T20:37:13Z"));
        }
      }
      Instant first = time(item, "firstSeen");
      Instant last = time(item, "lastSeen");
      // A clock that was set back in between.
      boolean turned = first != null && last != null && last.isBefore(first);
      entries.add(
          new Entry(
              file, denials.get(i), container(item), turned ? last : first, turned ? first : last));
    }
    entries.forEach(gathered::add);
    gathered.missing += missing;
    return Optional.empty();
  }

  private static @Nullable Instant time(Mapping item, String key) {
    if (item.present(key) instanceof Value.Text(_, String text)) {
      try {
        Instant time = Instant.parse(text);
        return time.isBefore(EARLIEST) || time.isAfter(LATEST) ? null : time;
      } catch (DateTimeParseException none) {
        return null;
      }
    }
    return null;
  }

  private static @Nullable PodContainer container(Mapping item) {
    return item.present("container") instanceof Mapping object && object.present("pod") != null
        ? new PodContainer(text(object, "namespace"), text(object, "pod"), text(object, "name"))
        : null;
  }

  /// The reader of denials has required it.
  private static String text(Mapping object, String key) {
    return object.present(key) instanceof Value.Text(_, String text) ? text : "";
  }
}
