package dev.portcullis.node.distribution;

import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.profiles.configmap.ConfigMapProblem;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.UsableProfile;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which profiles this node has, no matter who put them there. A file is read when it is new or
/// other.
///
/// For one thread.
public final class Inventory {
  /// Files that are looked at.
  static final int MOST = 10_000;

  private static final int DEEPEST = 10;

  private final ProfileRoot root;
  private Map<String, Known> known = new HashMap<>();

  private record Known(Stamp stamp, @Nullable String sha256, @Nullable String wrong) {}

  private record Stamp(@Nullable Object key, long size, Instant modified) {
    static Stamp of(BasicFileAttributes now) {
      return new Stamp(now.fileKey(), now.size(), now.lastModifiedTime().toInstant());
    }
  }

  /// What was found.
  ///
  /// @param profiles by their paths
  /// @param problems of files that are no profiles, and of the root
  public record Found(List<PinnedProfile> profiles, List<ConfigMapProblem> problems) {}

  public Inventory(ProfileRoot root) {
    this.root = root;
  }

  /// Looks.
  ///
  /// @param sources as {@link ProfileReconciler.Outcome} has them
  public Found look(Map<String, String> sources) {
    List<ConfigMapProblem> problems = new ArrayList<>();
    Map<String, Known> now = new HashMap<>();
    List<PinnedProfile> profiles = new ArrayList<>();
    Path directory = root.directory();
    try {
      if (Files.exists(directory)) {
        Path real = directory.toRealPath();
        walk(real, now, problems);
      }
    } catch (IOException failed) {
      problems.add(
          new ConfigMapProblem(
              directory.toString(), "cannot be listed: " + OpenDirectory.reason(failed)));
    }
    known = now;
    now.forEach((path, file) -> {
      if (file.sha256() != null) {
        profiles.add(
            new PinnedProfile(
                path,
                file.sha256(),
                file.stamp().modified().truncatedTo(ChronoUnit.SECONDS),
                sources.get(path)));
      } else if (file.wrong() != null) {
        problems.add(new ConfigMapProblem(path, file.wrong()));
      }
    });
    profiles.sort(Comparator.comparing(PinnedProfile::path));
    problems.sort(Comparator.comparing(ConfigMapProblem::subject));
    return new Found(profiles, problems);
  }

  private void walk(Path real, Map<String, Known> now, List<ConfigMapProblem> problems)
      throws IOException {
    Files.walkFileTree(
        real,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        DEEPEST,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            return !directory.equals(real)
                    && (hidden(directory) || !directory.toRealPath().startsWith(real))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!hidden(file) && attributes.isRegularFile()) {
              if (now.size() == MOST) {
                problems.add(
                    new ConfigMapProblem(
                        real.toString(),
                        "has more than " + MOST + " files; the others are not listed"));
                return FileVisitResult.TERMINATE;
              }
              String path = real.relativize(file).toString();
              now.put(path, file(path, Stamp.of(attributes)));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (file.equals(real)) {
              throw failed;
            }
            // A loop of links, a file that has just gone.
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static boolean hidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private Known file(String path, Stamp stamp) {
    Known before = known.get(path);
    // A change within the grain of the clock would not be seen.
    boolean settled = stamp.modified().isBefore(Instant.now().minusSeconds(2));
    if (settled && before != null && Objects.equals(before.stamp(), stamp)) {
      return before;
    }
    return switch (root.check(path)) {
      case UsableProfile profile -> new Known(stamp, profile.content().sha256(), null);
      case ProfileLookup.None none -> new Known(stamp, null, none.why());
    };
  }
}
