package dev.portcullis.container.profiles;

import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.finding.SpellingHint;
import dev.portcullis.seccomp.json.ProfileReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// One file below the root, as it is on the disk.
///
/// @param root without symbolic links
/// @param named the path that the name leads to, as kubelet would make it
record ProfileFile(Path root, Path named) {
  private static final int MOST_LISTED = 1000;
  private static final int MOST_SUGGESTED = 5;

  /// The file that the path leads to, with every symbolic link followed.
  Path real() throws UnusableProfileException {
    Path real;
    try {
      real = named.toRealPath();
    } catch (NoSuchFileException _) {
      throw UnusableProfileException.absent(named.toString(), missing());
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (!real.startsWith(root)) {
      throw UnusableProfileException.unusable(
          named.toString(),
          "a symbolic link leads out of the profile root to "
              + QuotedText.path(real.toString())
              + "; copy the file below "
              + QuotedText.path(root.toString()));
    }
    return real;
  }

  /// The content, at most as much as a profile may have.
  byte[] content(Path real) throws UnusableProfileException {
    try (PinnedFile held = PinnedFile.of(real)) {
      requireRegular(real, held.mode());
      return content(held);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private byte[] content(PinnedFile held) throws IOException, UnusableProfileException {
    try (InputStream in = Channels.newInputStream(held.open())) {
      // Not by the size that the file claims: it may grow while it is read.
      byte[] content = in.readNBytes(ProfileReader.LIMITS.bytes() + 1);
      if (content.length > ProfileReader.LIMITS.bytes()) {
        throw UnusableProfileException.unusable(
            named.toString(),
            "larger than "
                + ProfileReader.LIMITS.bytes()
                + " bytes; a profile that lists every system call has 20,000");
      }
      return content;
    }
  }

  /// Before it is opened: opening a FIFO waits for a writer.
  private void requireRegular(Path real, int mode) throws UnusableProfileException {
    // S_IFMT and its values, inode(7).
    String kind =
        switch (mode & 0170000) {
          case 0100000 -> "";
          case 0040000 -> "a directory";
          case 0010000 -> "a FIFO";
          case 0020000 -> "a character device";
          case 0060000 -> "a block device";
          case 0140000 -> "a socket";
          default -> "of an unknown kind";
        };
    if (!kind.isEmpty()) {
      throw UnusableProfileException.unusable(
          named.toString(),
          "is "
              + kind
              + (real.equals(root) ? " (the profile root itself)" : "")
              + "; a profile is a regular file");
    }
  }

  private UnusableProfileException unreadable(IOException e) {
    if (e instanceof AccessDeniedException) {
      return UnusableProfileException.undecided(
          named.toString(), "may not be read by the user that runs Portcullis; chmod or chown it");
    }
    String reason =
        e instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : String.valueOf(e.getMessage());
    return UnusableProfileException.undecided(named.toString(), "cannot be read: " + reason);
  }

  private String missing() {
    if (Files.isSymbolicLink(named)) {
      try {
        return "is a symbolic link to "
            + QuotedText.path(Files.readSymbolicLink(named).toString())
            + ", which does not exist";
      } catch (IOException _) {
        return "is a symbolic link to a file that does not exist";
      }
    }
    Path directory = named.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return "does not exist, nor does its directory";
    }
    return "does not exist" + suggestion(directory);
  }

  /// Names of that directory, but only where it is below the root: a link may lead elsewhere.
  private String suggestion(Path directory) {
    List<String> names = new ArrayList<>();
    try {
      if (!directory.toRealPath().startsWith(root)) {
        return "";
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          names.add(entry.getFileName().toString());
          if (names.size() == MOST_LISTED) {
            break;
          }
        }
      }
    } catch (IOException e) {
      return "; its directory cannot be listed: " + e.getMessage();
    }
    String wanted = String.valueOf(named.getFileName());
    List<String> near = SpellingHint.to(wanted, names, MOST_SUGGESTED);
    if (!near.isEmpty()) {
      return "; did you mean " + list(near) + "?";
    }
    return names.isEmpty()
        ? "; its directory is empty"
        : "; its directory has "
            + list(names.stream().sorted().limit(MOST_SUGGESTED).toList())
            + (names.size() > MOST_SUGGESTED ? " and more" : "");
  }

  private static String list(List<String> names) {
    return names.stream().map(QuotedText::path).collect(Collectors.joining(", "));
  }
}
