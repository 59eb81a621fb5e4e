package dev.portcullis.run.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Gives a volume to the group of `fsGroup`, as `SetVolumeOwnership` of Kubernetes' `pkg/volume`
/// does: the files get the permissions of the group, and what is made in a directory will be the
/// group's, too.
///
/// @param group its number
/// @param rights that the group gets to each file and directory
record VolumeOwner(long group, int rights) {
  private static final int READ = 0440;
  private static final int READ_AND_WRITE = 0660;
  private static final int SEARCH = 0110;

  // chmod(2): S_ISGID
  private static final int GROUP_OF_DIRECTORY = 02000;

  // inode(7): all but the file type
  private static final int MODE = 07777;

  static VolumeOwner writable(long group) {
    return new VolumeOwner(group, READ_AND_WRITE);
  }

  static VolumeOwner readOnly(long group) {
    return new VolumeOwner(group, READ);
  }

  /// Changes a directory that is not used yet, and all in it.
  void own(Path volume) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(volume)) {
      all = walk.toList();
    }
    for (Path path : all) {
      int more =
          Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? GROUP_OF_DIRECTORY | SEARCH : 0;
      int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & MODE;
      Files.setAttribute(path, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
      // After the group: chown(2) takes the bit away.
      Files.setAttribute(path, "unix:mode", mode | rights | more);
    }
  }
}
