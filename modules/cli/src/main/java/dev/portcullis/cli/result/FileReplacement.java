package dev.portcullis.cli.result;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Gives a file another content: whole or not at all, with its owner, group and mode as they were.
///
/// Anyone who may write the directories could put a symbolic link in the place of one while this
/// works. So the directories are opened one in the other, none through a link, and everything is
/// done in the one that was opened last (openat(2), renameat(2)).
public final class FileReplacement {
  private static final SecureRandom NAMES = new SecureRandom();

  private final Path root;
  private final Path below;
  private final byte[] before;
  private final byte[] after;

  /// @param root a directory, which a link may lead to
  /// @param below the path of the file in it
  /// @param before what was read; where the file has something else by now, it stays
  public FileReplacement(Path root, Path below, byte[] before, byte[] after) {
    this.root = root;
    this.below = below;
    this.before = before.clone();
    this.after = after.clone();
  }

  /// Writes the content beside the file, and renames it.
  ///
  /// @throws IOException the file is as it was; the message names it
  public void write() throws IOException {
    try (DirectoryStream<Path> opened = Files.newDirectoryStream(root)) {
      if (!(opened instanceof SecureDirectoryStream<Path> directory)) {
        throw refused("this file system has no way to hold a directory open");
      }
      below(directory, 0);
    } catch (AccessDeniedException denied) {
      throw refused("permission denied");
    } catch (NoSuchFileException gone) {
      throw refused("no such file or directory");
    } catch (NotDirectoryException | FileSystemLoopException link) {
      throw refused("a symbolic link, or no directory, is in the way");
    } catch (FileSystemException failed) {
      String reason = failed.getReason();
      throw refused(reason == null ? failed.getClass().getSimpleName() : reason);
    }
  }

  /// @param depth of the directory, in steps
  private void below(SecureDirectoryStream<Path> directory, int depth) throws IOException {
    if (depth == below.getNameCount() - 1) {
      write(directory, below.getName(depth));
      return;
    }
    try (SecureDirectoryStream<Path> next =
        directory.newDirectoryStream(below.getName(depth), LinkOption.NOFOLLOW_LINKS)) {
      below(next, depth + 1);
    }
  }

  private void write(SecureDirectoryStream<Path> directory, Path file) throws IOException {
    PosixFileAttributes attributes = attributes(directory, file).readAttributes();
    if (!attributes.isRegularFile()) {
      throw refused("not a regular file");
    }
    requireOneLink(attributes);
    Path half = Path.of(".portcullis" + Long.toUnsignedString(NAMES.nextLong()) + ".new");
    try (SeekableByteChannel out =
        directory.newByteChannel(
            half,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      try {
        ByteBuffer rest = ByteBuffer.wrap(after);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        if (out instanceof FileChannel channel) {
          channel.force(true);
        }
        keep(attributes, attributes(directory, half));
        requireSame(directory, file);
        directory.move(half, directory, file);
      } catch (IOException failed) {
        directory.deleteFile(half);
        throw failed;
      }
    }
  }

  private static PosixFileAttributeView attributes(
      SecureDirectoryStream<Path> directory, Path file) {
    return Objects.requireNonNull(
        directory.getFileAttributeView(
            file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
  }

  /// The number of links can be read by path alone, so the path has to lead to the same file.
  private void requireOneLink(PosixFileAttributes attributes) throws IOException {
    Map<String, Object> told =
        Files.readAttributes(root.resolve(below), "unix:nlink,fileKey", LinkOption.NOFOLLOW_LINKS);
    if (!Objects.equals(told.get("fileKey"), attributes.fileKey())) {
      throw changed();
    }
    if (told.get("nlink") instanceof Integer links && links > 1) {
      throw refused("it has " + links + " hard links, and the others would keep the old content");
    }
  }

  /// Opened for writing, too: a file that may not be written is not replaced either.
  private void requireSame(SecureDirectoryStream<Path> directory, Path file) throws IOException {
    try (SeekableByteChannel now =
        directory.newByteChannel(
            file,
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
      if (!Arrays.equals(Channels.newInputStream(now).readNBytes(before.length + 1), before)) {
        throw changed();
      }
    }
  }

  private void keep(PosixFileAttributes attributes, PosixFileAttributeView view)
      throws IOException {
    PosixFileAttributes now = view.readAttributes();
    try {
      if (!now.owner().equals(attributes.owner())) {
        view.setOwner(attributes.owner());
      }
      if (!now.group().equals(attributes.group())) {
        view.setGroup(attributes.group());
      }
    } catch (FileSystemException notAllowed) {
      throw refused(
          "its owner "
              + attributes.owner().getName()
              + " and group "
              + attributes.group().getName()
              + " cannot be kept; run the command as its owner");
    }
    view.setPermissions(attributes.permissions());
  }

  private IOException changed() {
    return refused("it has changed meanwhile; run the command again");
  }

  private IOException refused(String why) {
    return new IOException(root.resolve(below) + ": not written: " + why);
  }
}
