package dev.portcullis.node.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.container.file.PrivateFile;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What was decided about containers, by the ids that the runtime gave them, in files of our own.
///
/// The runtime keeps the same as annotations, but a runtime that restores a container from a
/// checkpoint image takes that image's annotations, and its author may write there what he likes.
/// An id is never given twice, so that a file that is left over is about no other container.
///
/// Safe for threads.
public final class RecordStore {
  private static final String SUFFIX = ".json";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

  /// One byte more than what is read as a document. What a pod asks for, such as thousands of
  /// capabilities, is in the record: none that an API server takes is too large.
  private static final int LARGEST = Limits.MANIFEST.bytes() + 1;

  private final Path directory;

  /// @param directory made when it is needed; only its owner can look in
  public RecordStore(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  synchronized void keep(String id, ContainerRecord record) throws IOException {
    if (!ID.matcher(id).matches()) {
      throw new IOException("the id that the runtime gave to a container is not a file name");
    }
    MappingBuilder object = new MappingBuilder();
    record.annotations().forEach(object::put);
    PrivateFile.createDirectory(directory);
    PrivateFile.write(
        directory.resolve(id + SUFFIX),
        JsonWriter.compact(object.build()).getBytes(UTF_8),
        PrivateFile.WRITABLE);
  }

  /// What was decided about a container; null where it was not kept.
  ///
  /// @throws IOException where the file cannot be read, or is not as it was written
  public @Nullable ContainerRecord of(String id) throws IOException {
    if (!ID.matcher(id).matches()) {
      return null;
    }
    Path file = directory.resolve(id + SUFFIX);
    byte[] content;
    try (var in = Files.newInputStream(file)) {
      content = in.readNBytes(LARGEST);
    } catch (NoSuchFileException none) {
      return null;
    }
    ContainerRecord record = null;
    if (Documents.readJson(content, Limits.MANIFEST) instanceof ParseResult.Documents(var values)
        && values.size() == 1
        && values.getFirst() instanceof Mapping object) {
      Map<String, String> annotations = new HashMap<>();
      object
          .entries()
          .forEach((key, entry) -> {
            if (entry.value() instanceof Value.Text(_, String text)) {
              annotations.put(key, text);
            }
          });
      record = ContainerRecord.read(annotations);
    }
    if (record == null) {
      throw new IOException(file + " is not in Portcullis' format");
    }
    return record;
  }

  /// The containers of which something is kept.
  public List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          ids.add(name.substring(0, name.length() - SUFFIX.length()));
        }
      }
    }
    return ids;
  }

  /// Removes what is kept of containers that are not there any more.
  ///
  /// @param before what {@link #ids} said before the runtime was asked
  /// @param there the containers that it has
  public void forget(List<String> before, Set<String> there) throws IOException {
    for (String id : before) {
      if (!there.contains(id)) {
        Files.deleteIfExists(directory.resolve(id + SUFFIX));
      }
    }
  }
}
