package dev.portcullis.distribution;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileReading;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What all ConfigMaps together want below the profile root.
///
/// Where two want one path, the older ConfigMap has it (then the one whose name comes first): so
/// all nodes do the same, and nobody takes a path away from who had it.
///
/// @param byPath by the path below the root
/// @param problems of the ConfigMaps
public record Wishes(SortedMap<String, Wish> byPath, List<Problem> problems) {
  /// Profiles in all.
  public static final int MOST = 1_000;

  /// Bytes in all; a node keeps them in memory.
  public static final long LARGEST = 16L * 1024 * 1024;

  private static final Comparator<ProfileConfigMap> OLDEST_FIRST =
      Comparator.comparing(ProfileConfigMap::created).thenComparing(ProfileConfigMap::name);

  /// What they want, whatever their order.
  public static Wishes of(Collection<ProfileConfigMap> maps) {
    SortedMap<String, Wish> byPath = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    long size = 0;
    for (ProfileConfigMap map : maps.stream().sorted(OLDEST_FIRST).toList()) {
      size += map.size();
      String subject = "ConfigMap " + map.name();
      String wrong = map.directory() == null ? null : TargetPath.wrongDirectory(map.directory());
      if (wrong != null) {
        problems.add(
            new Problem(subject, "its annotation " + ProfileConfigMap.DIRECTORY + " " + wrong));
        continue;
      }
      String before = map.directory() == null ? "" : map.directory() + "/";
      for (Map.Entry<String, byte[]> file : map.files().entrySet()) {
        String source = subject + ", key " + file.getKey();
        String bad = TargetPath.wrongElement(file.getKey());
        if (bad == null) {
          bad = add(byPath, before + file.getKey(), source, file.getValue(), size);
        }
        if (bad != null) {
          problems.add(new Problem(source, bad));
        }
      }
    }
    return new Wishes(byPath, problems);
  }

  /// @return what is wrong
  private static @Nullable String add(
      SortedMap<String, Wish> byPath, String path, String source, byte[] content, long size) {
    Wish other = byPath.get(path);
    if (other != null) {
      return "wants "
          + path
          + ", which the older "
          + other.source()
          + " has; take it out of one of the two, or give its ConfigMap another "
          + ProfileConfigMap.DIRECTORY;
    }
    String wrong;
    if (byPath.size() >= MOST || size > LARGEST) {
      wrong =
          "is beyond the "
              + MOST
              + " profiles, or the "
              + LARGEST / (1024 * 1024)
              + " MiB, that a node takes; take ConfigMaps out that nobody needs";
    } else {
      wrong = wrong(content);
    }
    byPath.put(
        path,
        wrong == null
            ? new Wish.Sound(source, new ProfileContent(content))
            : new Wish.Broken(source));
    return wrong;
  }

  private static @Nullable String wrong(byte[] content) {
    return switch (ProfileReader.read(content)) {
      case ProfileReading.Read _ -> null;
      case ProfileReading.Rejected(List<Finding> findings) -> {
        Finding first = findings.getFirst();
        yield (first.at().equals(Position.NONE) ? "" : "line ")
            + first
            + (findings.size() > 1 ? " (and " + (findings.size() - 1) + " more)" : "")
            + "; what was there before stays";
      }
    };
  }
}
