package dev.portcullis.profiles.configmap;

import dev.portcullis.documents.Position;
import dev.portcullis.profiles.check.CheckLevel;
import dev.portcullis.profiles.check.ProfileCheck;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.FindingSummary;
import dev.portcullis.seccomp.finding.Together;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What all ConfigMaps together want below the profile root.
///
/// Where two want one path, neither has it: what was there before stays, on all nodes alike. By the
/// times at which they were made, or by their names, somebody could wait for another one's path.
///
/// @param byPath by the path below the root
/// @param contested the keys that want a path, where there are several, by that path
/// @param problems of the ConfigMaps, also of profiles that nodes get all the same
public record DesiredProfiles(
    SortedMap<String, DesiredProfile> byPath,
    SortedMap<String, List<String>> contested,
    List<ConfigMapProblem> problems) {
  /// Profiles in all.
  public static final int MOST = 1_000;

  /// Bytes in all; a node keeps them in memory.
  public static final long LARGEST = 16L * 1024 * 1024;

  /// Of one profile.
  private static final int MOST_DANGERS = 5;

  /// Of those that want a path: a directory that is in the way of a file may have thousands.
  private static final int MOST_NAMED = 3;

  /// What is beyond the limits is what came last.
  private static final Comparator<ProfileConfigMap> OLDEST_FIRST =
      Comparator.comparing(ProfileConfigMap::created).thenComparing(ProfileConfigMap::name);

  /// What they want, whatever their order.
  public static DesiredProfiles of(Collection<ProfileConfigMap> maps) {
    SortedMap<String, DesiredProfile> byPath = new TreeMap<>();
    SortedMap<String, List<String>> claims = new TreeMap<>();
    List<ConfigMapProblem> problems = new ArrayList<>();
    long size = 0;
    for (ProfileConfigMap map : maps.stream().sorted(OLDEST_FIRST).toList()) {
      size += map.size();
      String subject = "ConfigMap " + map.name();
      String wrong = map.directory() == null ? null : TargetPath.wrongDirectory(map.directory());
      if (wrong != null) {
        problems.add(
            new ConfigMapProblem(
                subject, "its annotation " + ProfileConfigMap.DIRECTORY + " " + wrong));
        continue;
      }
      String before = map.directory() == null ? "" : map.directory() + "/";
      for (Map.Entry<String, byte[]> file : map.files().entrySet()) {
        String source = subject + ", key " + file.getKey();
        String bad = TargetPath.wrongElement(file.getKey());
        if (bad == null) {
          claims.computeIfAbsent(before + file.getKey(), _ -> new ArrayList<>()).add(source);
          add(byPath, problems, before + file.getKey(), source, file.getValue(), size);
        } else {
          problems.add(new ConfigMapProblem(source, bad));
        }
      }
    }
    SortedMap<String, Set<String>> inTheWay = inTheWay(claims);
    SortedMap<String, List<String>> contested = new TreeMap<>();
    Set<String> contesting = new HashSet<>();
    claims.forEach((path, own) -> {
      Set<String> sources = new TreeSet<>(own);
      sources.addAll(inTheWay.getOrDefault(path, Set.of()));
      if (sources.size() > 1) {
        contested.put(path, List.copyOf(sources));
        contesting.addAll(own);
      }
    });
    problems.removeIf(problem -> contesting.contains(problem.subject()));
    contested.forEach((path, sources) -> {
      byPath.put(path, new DesiredProfile.Broken(sources.getFirst()));
      String as = inTheWay.containsKey(path) ? ", or a path below or above it, just as " : ", as ";
      claims.getOrDefault(path, List.of()).stream()
          .sorted()
          .forEach(source -> problems.add(contest(path, as, source, sources)));
    });
    return new DesiredProfiles(byPath, contested, problems);
  }

  /// The others that want a path which one of them wants, in words.
  ///
  /// @param sources all that want it
  public static String others(List<String> sources, String source) {
    String first =
        sources.stream()
            .filter(other -> !other.equals(source))
            .limit(MOST_NAMED)
            .collect(Collectors.joining(", and "));
    int more = sources.size() - 1 - MOST_NAMED;
    return more > 0 ? first + ", and " + more + " more" : first;
  }

  /// Whose paths lead through another one, and whose lie on the way to one: where the one is a
  /// directory, the other is no file, and the first keeps it from the other.
  private static SortedMap<String, Set<String>> inTheWay(SortedMap<String, List<String>> claims) {
    SortedMap<String, Set<String>> others = new TreeMap<>();
    claims.forEach((path, sources) -> {
      for (int end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
        String directory = path.substring(0, end);
        List<String> files = claims.get(directory);
        if (files != null) {
          others.computeIfAbsent(path, _ -> new TreeSet<>()).addAll(files);
          others.computeIfAbsent(directory, _ -> new TreeSet<>()).addAll(sources);
        }
      }
    });
    return others;
  }

  /// @param as between the path and who else wants it
  private static ConfigMapProblem contest(
      String path, String as, String source, List<String> sources) {
    return new ConfigMapProblem(
        source,
        "wants "
            + path
            + as
            + others(sources, source)
            + " does; none is written, and the earlier file stays: remove it from all but one, or"
            + " give its ConfigMap another "
            + ProfileConfigMap.DIRECTORY);
  }

  private static void add(
      SortedMap<String, DesiredProfile> byPath,
      List<ConfigMapProblem> problems,
      String path,
      String source,
      byte[] content,
      long size) {
    if (byPath.containsKey(path)) {
      // Contested: said, and decided, when all are known.
      return;
    }
    if (byPath.size() >= MOST || size > LARGEST) {
      byPath.put(path, new DesiredProfile.Broken(source));
      problems.add(
          new ConfigMapProblem(
              source,
              "is beyond the "
                  + MOST
                  + " profiles, or the "
                  + LARGEST / (1024 * 1024)
                  + " MiB, that a node accepts; remove ConfigMaps that are not needed"));
    } else {
      byPath.put(path, judged(problems, source, content));
    }
  }

  /// Also reports where a profile that can be used lets somebody have more than he should.
  private static DesiredProfile judged(
      List<ConfigMapProblem> problems, String source, byte[] content) {
    return switch (ProfileCheck.of(content, new CheckLevel.Dangers())) {
      case ProfileParseResult.Read(_, List<Finding> dangers) -> {
        Together.of(dangers).stream()
            .limit(MOST_DANGERS)
            .forEach(each ->
                problems.add(
                    new ConfigMapProblem(source, line(each) + each + "; nodes write it anyway")));
        yield new DesiredProfile.Sound(source, new ProfileContent(content), dangers);
      }
      case ProfileParseResult.Rejected(List<Finding> findings) -> {
        problems.add(
            new ConfigMapProblem(
                source,
                line(findings.getFirst())
                    + FindingSummary.of(findings)
                    + "; the earlier file stays"));
        yield new DesiredProfile.Broken(source);
      }
    };
  }

  private static String line(Finding finding) {
    return finding.at().equals(Position.NONE) ? "" : "line ";
  }
}
