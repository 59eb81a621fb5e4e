package dev.portcullis.run.pod;

import dev.portcullis.cri.ContainerSpec;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the volumes of a pod on this machine.
final class VolumeMaker {
  private final RunDirectory directory;
  private final PodPlan.Identity pod;
  private final Map<String, Volume> volumes;
  private final @Nullable Long group;

  VolumeMaker(RunDirectory directory, PodPlan plan) {
    this.directory = directory;
    this.pod = plan.identity();
    this.volumes = plan.volumes();
    this.group = plan.shape().volumeGroup();
  }

  /// Where each volume lies.
  Map<String, Path> make() throws IOException {
    Map<String, Path> paths = new HashMap<>();
    for (Map.Entry<String, Volume> entry : volumes.entrySet()) {
      String name = entry.getKey();
      try {
        paths.put(name, make(name, entry.getValue()));
      } catch (FileSystemException | InvalidPathException e) {
        // Its message may be no more than a path.
        throw new IOException("volume \"" + name + "\" cannot be made: " + e, e);
      }
    }
    return paths;
  }

  private Path make(String name, Volume volume) throws IOException {
    return switch (volume) {
      case Volume.EmptyDirectory(boolean memory) -> {
        Path path = emptyDirectory(name, memory);
        if (group != null) {
          VolumeOwner.writable(group).own(path);
        }
        yield path;
      }
      // What is not the pod's own is left as it is, as a kubelet leaves it.
      case Volume.HostPath hostPath -> hostPath(name, hostPath);
      case Volume.Files(Map<String, Volume.File> files) -> {
        Path path = files(name, files);
        if (group != null) {
          VolumeOwner.readOnly(group).own(path);
        }
        yield path;
      }
    };
  }

  /// The mount of a part of a volume.
  static ContainerSpec.Mount mount(ContainerPlan.VolumeMount mount, Path volume)
      throws IOException {
    return new ContainerSpec.Mount(mount.mountPath(), part(mount, volume), mount.readOnly());
  }

  /// Goes down step by step, and makes nothing below a step that was not looked at: a link that a
  /// container put into the volume must lead neither the mount nor a new directory out of it.
  private static Path part(ContainerPlan.VolumeMount mount, Path volume) throws IOException {
    if (mount.subPath().isEmpty()) {
      return volume;
    }
    try {
      Path real = volume.toRealPath();
      Path path = real;
      for (Path step : Path.of(mount.subPath()).normalize()) {
        path = path.resolve(step);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectory(path);
        }
        path = path.toRealPath();
        if (!path.startsWith(real)) {
          throw new IOException(place(mount) + " leads out of the volume");
        }
      }
      return path;
    } catch (FileSystemException | InvalidPathException e) {
      throw new IOException(place(mount) + " cannot be used: " + e, e);
    }
  }

  private static String place(ContainerPlan.VolumeMount mount) {
    return "volume \"" + mount.volume() + "\": subPath \"" + mount.subPath() + "\"";
  }

  /// Every user may write to it, as kubelet makes it.
  private Path emptyDirectory(String name, boolean memory) throws IOException {
    Path path = directory.volume(pod, name, memory);
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    return path;
  }

  private Path files(String name, Map<String, Volume.File> files) throws IOException {
    Path root = directory.volume(pod, name, false);
    Files.createDirectories(root);
    for (Map.Entry<String, Volume.File> entry : files.entrySet()) {
      Path file = root.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue().content());
      Files.setPosixFilePermissions(file, permissions(entry.getValue().mode()));
    }
    return root;
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    // The enumeration has the order of ls -l: the owner's read permission is the highest bit.
    PosixFilePermission[] all = PosixFilePermission.values();
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        set.add(all[i]);
      }
    }
    return set;
  }

  private static Path hostPath(String name, Volume.HostPath volume) throws IOException {
    Path path = Path.of(volume.path());
    boolean right =
        switch (volume.type()) {
          case ANY -> true;
          case DIRECTORY_OR_CREATE -> {
            Files.createDirectories(path);
            yield Files.isDirectory(path);
          }
          case DIRECTORY -> Files.isDirectory(path);
          case FILE_OR_CREATE -> {
            if (!Files.exists(path)) {
              Files.createFile(path);
            }
            yield Files.isRegularFile(path);
          }
          case FILE -> Files.isRegularFile(path);
          case SOCKET -> isKind(path, 0140000);
          case CHARACTER_DEVICE -> isKind(path, 0020000);
          case BLOCK_DEVICE -> isKind(path, 0060000);
        };
    if (!right) {
      throw new IOException(
          "volume \""
              + name
              + "\": "
              + path
              + " is no "
              + volume.type().text()
              + " on this machine");
    }
    if (!Files.exists(path)) {
      Files.createDirectories(path);
    }
    return path.toRealPath();
  }

  /// Whether the file's type is that of inode(7).
  private static boolean isKind(Path path, int type) throws IOException {
    return Files.exists(path)
        && Files.getAttribute(path.toRealPath(), "unix:mode", LinkOption.NOFOLLOW_LINKS)
            instanceof Integer mode
        && (mode & 0170000) == type;
  }
}
