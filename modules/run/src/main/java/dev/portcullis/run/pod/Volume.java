package dev.portcullis.run.pod;

import java.util.Map;

/// A volume of a pod.
public sealed interface Volume {

  /// A directory that begins empty.
  ///
  /// @param memory whether it lies in memory
  record EmptyDirectory(boolean memory) implements Volume {}

  /// A file or directory of the node.
  record HostPath(String path, HostPathType type) implements Volume {}

  /// Files made of a ConfigMap or a Secret.
  ///
  /// @param files by their path in the volume
  record Files(Map<String, File> files) implements Volume {
    public Files {
      files = Map.copyOf(files);
    }
  }

  /// One file. Its content is not copied: its maker does not change it.
  final class File {
    private final byte[] content;
    private final int mode;

    /// A file with its permission bits.
    File(byte[] content, int mode) {
      this.content = content;
      this.mode = mode;
    }

    byte[] content() {
      return content;
    }

    int mode() {
      return mode;
    }
  }

  /// What has to be at a `hostPath`, by its `type`.
  enum HostPathType {
    /// Whatever there is; a directory is made where there is nothing.
    ANY(""),
    DIRECTORY_OR_CREATE("DirectoryOrCreate"),
    DIRECTORY("Directory"),
    FILE_OR_CREATE("FileOrCreate"),
    FILE("File"),
    SOCKET("Socket"),
    CHARACTER_DEVICE("CharDevice"),
    BLOCK_DEVICE("BlockDevice");

    private final String text;

    HostPathType(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }
}
