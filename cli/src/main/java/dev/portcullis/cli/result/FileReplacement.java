package dev.portcullis.cli.result;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;

/// Gives a file another content: whole or not at all, with its owner, group and mode as they were.
public final class FileReplacement {
  private final Path file;
  private final byte[] before;
  private final byte[] after;

  /// @param before what was read; where the file has something else by now, it stays
  public FileReplacement(Path file, byte[] before, byte[] after) {
    this.file = file;
    this.before = before.clone();
    this.after = after.clone();
  }

  /// Writes the content beside the file, and renames it.
  ///
  /// @throws IOException the file is as it was; the message names it
  public void write() throws IOException {
    try {
      Path half = Files.createTempFile(file.toAbsolutePath().getParent(), ".portcullis", ".new");
      try {
        write(half);
      } finally {
        Files.deleteIfExists(half);
      }
    } catch (FileSystemException failed) {
      String reason = failed.getReason();
      throw refused(reason == null ? failed.getClass().getSimpleName() : reason);
    }
  }

  private void write(Path half) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw refused("not a regular file");
    }
    if (!Files.isWritable(file)) {
      throw refused("permission denied");
    }
    int links = (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    if (links > 1) {
      throw refused("it has " + links + " hard links, and the others would keep the old content");
    }
    try (FileChannel out = FileChannel.open(half, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(after);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    keep(attributes, half);
    if (!Arrays.equals(Files.readAllBytes(file), before)) {
      throw refused("it has changed meanwhile; run the command again");
    }
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void keep(PosixFileAttributes attributes, Path half) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(half, PosixFileAttributeView.class);
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

  private IOException refused(String why) {
    return new IOException(file + ": not written: " + why);
  }
}
