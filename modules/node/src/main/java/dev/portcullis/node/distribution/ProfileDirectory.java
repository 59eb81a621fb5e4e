package dev.portcullis.node.distribution;

import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The profile root, for writing. Nothing below it is reached through a symbolic link, and a file
/// is always whole: written beside its place, flushed, and renamed.
///
/// For one thread.
final class ProfileDirectory {
  /// What was written, as {@link WrittenFiles}.
  static final String LEDGER = ".portcullis-written.json";

  /// What is being written.
  static final String FRESH = ".portcullis.new";

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path root;
  private final Map<String, Known> known = new HashMap<>();

  /// What a file was when it was read.
  private record Known(@Nullable Object key, long size, Instant modified, String sha256) {
    boolean is(BasicFileAttributes now) {
      return now.size() == size
          && now.lastModifiedTime().toInstant().equals(modified)
          && java.util.Objects.equals(now.fileKey(), key);
    }
  }

  /// @param root made when something is written, where its parent is there
  ProfileDirectory(Path root) {
    this.root = root;
  }

  WrittenFiles ledger() throws IOException {
    try (OpenDirectory directory = OpenDirectory.root(root)) {
      return WrittenFiles.read(read(directory.stream(), LEDGER, 4 * 1024 * 1024));
    } catch (NoSuchFileException none) {
      return WrittenFiles.EMPTY;
    } catch (IOException wrong) {
      throw new IOException(
          "the list of files that Portcullis wrote, "
              + root.resolve(LEDGER)
              + ", "
              + OpenDirectory.reason(wrong)
              + "; Portcullis writes nothing until it can be read. If it is damaged, remove it:"
              + " Portcullis then treats the files in it as this node's own",
          wrong);
    }
  }

  void write(WrittenFiles ledger) throws IOException {
    try (OpenDirectory directory = OpenDirectory.rootMade(root)) {
      put(directory, directory, LEDGER, ledger.json().getBytes(StandardCharsets.UTF_8));
    }
  }

  OnDisk look(String path) {
    try (OpenDirectory directory = OpenDirectory.of(root, path, false)) {
      String name = name(path);
      BasicFileAttributes now = attributes(directory.stream(), name);
      if (!now.isRegularFile()) {
        return new OnDisk.Other(
            now.isDirectory()
                ? "a directory"
                : now.isSymbolicLink() ? "a symbolic link" : "not a regular file");
      }
      if (now.size() > ProfileReader.LIMITS.bytes()) {
        return new OnDisk.Other("a file larger than the limit for profiles");
      }
      Known before = known.get(path);
      if (before != null && before.is(now)) {
        return new OnDisk.File(before.sha256());
      }
      return new OnDisk.File(digest(directory.stream(), path, now));
    } catch (NoSuchFileException _) {
      return new OnDisk.Absent();
    } catch (IOException e) {
      return new OnDisk.Other("a file that cannot be read (" + OpenDirectory.reason(e) + ")");
    }
  }

  private String digest(SecureDirectoryStream<Path> directory, String path, BasicFileAttributes now)
      throws IOException {
    String sha256 =
        new ProfileContent(read(directory, name(path), ProfileReader.LIMITS.bytes())).sha256();
    Instant modified = now.lastModifiedTime().toInstant();
    // A change within the grain of the clock would not be seen.
    if (modified.isBefore(Instant.now().minusSeconds(2))) {
      known.put(path, new Known(now.fileKey(), now.size(), modified, sha256));
    }
    return sha256;
  }

  void write(String path, byte[] content) throws IOException {
    try (OpenDirectory top = OpenDirectory.rootMade(root);
        OpenDirectory directory = OpenDirectory.of(root, path, true)) {
      put(top, directory, name(path), content);
    }
  }

  /// Removes a file, if it still is what it should be.
  ///
  /// @param digest of what may be removed
  /// @return whether it was
  boolean remove(String path, Predicate<String> digest) throws IOException {
    known.remove(path);
    try (OpenDirectory directory = OpenDirectory.of(root, path, false)) {
      if (!(look(path) instanceof OnDisk.File(String sha256)) || !digest.test(sha256)) {
        return false;
      }
      directory.stream().deleteFile(Path.of(name(path)));
      directory.flush();
      return true;
    } finally {
      known.remove(path);
    }
  }

  private static void put(OpenDirectory top, OpenDirectory directory, String name, byte[] content)
      throws IOException {
    Path fresh = Path.of(FRESH);
    try {
      top.stream().deleteFile(fresh);
    } catch (NoSuchFileException usual) {
      // Nothing was left by an earlier end.
    }
    try {
      try (SeekableByteChannel out =
          top.stream()
              .newByteChannel(
                  fresh,
                  Set.of(
                      StandardOpenOption.CREATE_NEW,
                      StandardOpenOption.WRITE,
                      LinkOption.NOFOLLOW_LINKS),
                  PosixFilePermissions.asFileAttribute(READABLE))) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        // A umask took some away.
        top.stream()
            .getFileAttributeView(fresh, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .setPermissions(READABLE);
        ((FileChannel) out).force(true);
      }
      top.stream().move(fresh, directory.stream(), Path.of(name));
    } catch (IOException failed) {
      try {
        top.stream().deleteFile(fresh);
      } catch (IOException left) {
        failed.addSuppressed(left);
      }
      throw failed;
    }
    directory.flush();
  }

  private static byte[] read(SecureDirectoryStream<Path> directory, String name, int most)
      throws IOException {
    try (SeekableByteChannel channel =
            directory.newByteChannel(
                Path.of(name), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        InputStream in = Channels.newInputStream(channel)) {
      byte[] content = in.readNBytes(most + 1);
      if (content.length > most) {
        throw new IOException("is larger than " + most + " bytes");
      }
      return content;
    }
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, String name)
      throws IOException {
    return directory
        .getFileAttributeView(
            Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
