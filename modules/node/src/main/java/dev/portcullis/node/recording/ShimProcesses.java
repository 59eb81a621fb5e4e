package dev.portcullis.node.recording;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The processes of containerd by which the containers of a sandbox are made, and what is executed
/// in them: its shim is started with the sandbox's id. CRI-O has no such process.
///
/// A program of a container can call itself so, too, and have a command line without an end, or one
/// that keeps its reader waiting. So those of other pid namespaces than the agent's are not read.
final class ShimProcesses {
  private static final String SHIM = "containerd-shim";

  /// Bytes of a command line: a shim has some hundred.
  private static final int LONGEST = 1 << 14;

  private ShimProcesses() {}

  static List<Long> of(String sandbox) throws IOException {
    Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        if (isShim(entry, sandbox, own)) {
          found.add(Long.valueOf(entry.getFileName().toString()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw new IOException("/proc cannot be listed", e);
    }
    return found;
  }

  /// Those that have made a process.
  static List<Long> above(long pid) {
    return ProcessHandle.of(pid).flatMap(ProcessHandle::parent).stream()
        .map(ProcessHandle::pid)
        .filter(parent -> isNamedSo(Path.of("/proc/" + parent)))
        .toList();
  }

  private static boolean isNamedSo(Path entry) {
    try {
      return Files.readString(entry.resolve("comm"), ISO_8859_1).startsWith(SHIM);
    } catch (IOException ended) {
      return false;
    }
  }

  private static boolean isShim(Path entry, String sandbox, Path own) {
    if (!isNamedSo(entry)) {
      return false;
    }
    try {
      if (!Files.readSymbolicLink(entry.resolve("ns/pid")).equals(own)) {
        return false;
      }
      String[] words = commandLine(entry).split("\0", -1);
      for (int i = 0; i + 1 < words.length; i++) {
        if (words[i].equals("-id") && words[i + 1].equals(sandbox)) {
          return true;
        }
      }
      return false;
    } catch (IOException ended) {
      return false;
    }
  }

  private static String commandLine(Path entry) throws IOException {
    try (InputStream in = Files.newInputStream(entry.resolve("cmdline"))) {
      return new String(in.readNBytes(LONGEST), ISO_8859_1);
    }
  }
}
