package dev.portcullis.container.profiles;

import dev.portcullis.container.file.PrivateFile;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A directory of our own for what runtimes are to read: each profile in a file that is named by
/// its digest and never changes. A file below the profile root can be changed between the check and
/// the runtime's reading; these cannot, but by who could change the runtime itself.
///
/// Safe for threads.
public final class Snapshots {
  private static final String SUFFIX = ".json";

  private final Path directory;
  private final Map<String, Integer> holders = new HashMap<>();
  private final Set<String> heldSince = new HashSet<>();

  /// @param directory made when it is needed; only its owner can look in
  public Snapshots(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /// A file that stays as long as this is open, at the least.
  public final class Held implements AutoCloseable {
    private final Path file;
    private final String digest;
    private boolean closed;

    private Held(Path file, String digest) {
      this.file = file;
      this.digest = digest;
    }

    /// Absolute, with neither `.` nor `..`.
    public Path file() {
      return file;
    }

    /// From now on a {@link Sweep} may remove it.
    @Override
    public void close() {
      synchronized (Snapshots.this) {
        if (!closed) {
          closed = true;
          holders.computeIfPresent(digest, (_, count) -> count == 1 ? null : count - 1);
        }
      }
    }
  }

  /// The file with this content.
  public synchronized Held hold(ProfileContent content) throws IOException {
    String digest = content.sha256();
    Path file = file(digest);
    if (!has(file, content.bytes())) {
      PrivateFile.createDirectory(directory);
      PrivateFile.write(file, content.bytes(), PrivateFile.READABLE);
    }
    holders.merge(digest, 1, Integer::sum);
    heldSince.add(digest);
    return new Held(file, digest);
  }

  /// Where the file with this content is, if it is there.
  ///
  /// @param digest in hexadecimal
  public Path file(String digest) {
    return directory.resolve(digest + SUFFIX);
  }

  private static boolean has(Path file, byte[] content) throws IOException {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) == content.length
          && Arrays.equals(Files.readAllBytes(file), content);
    } catch (NoSuchFileException removed) {
      return false;
    }
  }

  /// Begins to remove what is not needed: what is held from now on stays.
  public Sweep sweep() throws IOException {
    synchronized (this) {
      heldSince.clear();
      heldSince.addAll(holders.keySet());
    }
    return new Sweep(files());
  }

  /// What was there when it began.
  public final class Sweep {
    private final List<Path> found;

    private Sweep(List<Path> found) {
      this.found = found;
    }

    /// Removes all that is neither needed nor was held meanwhile.
    ///
    /// @param needed digests in hexadecimal, asked for after the sweep began
    /// @return how many were removed
    public int keep(Set<String> needed) throws IOException {
      int removed = 0;
      synchronized (Snapshots.this) {
        for (Path file : found) {
          String name = file.getFileName().toString();
          String digest = name.substring(0, name.length() - SUFFIX.length());
          if (!needed.contains(digest)
              && !heldSince.contains(digest)
              && Files.deleteIfExists(file)) {
            removed++;
          }
        }
      }
      return removed;
    }
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
        entries.forEach(files::add);
      }
    }
    return files;
  }
}
