package dev.portcullis.node.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.container.file.PrivateFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of recordings, for root alone: of each container a profile and what was seen, and of
/// each pod that is recorded how far that is. For one thread.
final class ProposalDirectory {
  static final String PROFILE = ".json";
  static final String RECORDING = ".recording.json";
  private static final String SESSION = ".session";

  /// Recordings that are kept: the oldest are removed. A recording has 1 MB at the most.
  static final int MOST = 200;

  /// A larger one was not written by us.
  private static final int LARGEST = 1 << 22;

  private final Path directory;

  ProposalDirectory(Path directory) {
    this.directory = directory;
  }

  /// The path of a file, for people.
  Path path(String name) {
    return directory.resolve(name);
  }

  /// The name that the files of a container begin with: none of the parts has the sign between
  /// them, and so no two recordings have the same.
  ///
  /// @param podUid tells apart pods of one name, which come one after the other, or stand on the
  ///   node at the same time
  /// @param run the how manieth recording of the pod it is, from 1
  static String stem(String namespace, String pod, String container, String podUid, int run) {
    return String.join("_", namespace, pod, container, podUid) + (run == 1 ? "" : "_" + run);
  }

  /// The name of the file of a pod.
  static String session(String podUid) {
    return podUid + SESSION;
  }

  /// The content of a file; null where there is none.
  byte @Nullable [] read(String name) throws IOException {
    try (var in = Files.newInputStream(path(name))) {
      return in.readNBytes(LARGEST);
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  void write(String name, String text) throws IOException {
    PrivateFile.createDirectory(directory);
    PrivateFile.write(path(name), text.getBytes(UTF_8), PrivateFile.WRITABLE);
  }

  void remove(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }

  /// The files of pods.
  List<String> sessions() throws IOException {
    return list("*" + SESSION).stream().map(each -> each.getFileName().toString()).toList();
  }

  /// Removes the oldest recordings, with their profiles, until there are no more than {@link
  /// #MOST}.
  ///
  /// @return what was removed
  List<String> prune() throws IOException {
    record Aged(Path file, long millis) {}
    List<Aged> all = new ArrayList<>();
    for (Path file : list("*" + RECORDING)) {
      all.add(new Aged(file, Files.getLastModifiedTime(file).toMillis()));
    }
    all.sort(Comparator.comparingLong(Aged::millis));
    List<String> removed = new ArrayList<>();
    for (Aged old : all.subList(0, Math.max(0, all.size() - MOST))) {
      String name = old.file().getFileName().toString();
      String stem = name.substring(0, name.length() - RECORDING.length());
      remove(stem + PROFILE);
      remove(name);
      removed.add(stem);
    }
    return removed;
  }

  private List<Path> list(String pattern) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
        files.forEach(found::add);
      } catch (DirectoryIteratorException e) {
        throw new IOException(directory + " cannot be listed", e);
      }
    }
    return found;
  }
}
