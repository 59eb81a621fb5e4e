package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.documents.Mapping;
import dev.portcullis.profiles.configmap.ConfigMapProblem;
import dev.portcullis.profiles.configmap.ConfigMapStore;
import dev.portcullis.profiles.configmap.DesiredProfile;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a request does to the profiles that nodes get from ConfigMaps.
///
/// @param namespace of the ConfigMaps
/// @param before what nodes were to have until now
/// @param after what they are to have from now on
/// @param contents that nodes would write and did not have from a ConfigMap before, by path below
///   the profile root
/// @param problems that the ConfigMap of the request would have
/// @param taken the keys of the ConfigMap that would want a path which another one has, in words
/// @param tooLarge whether all ConfigMaps together would become, or get still, larger than nodes
///   take: anyone who follows them has them in memory
record ProfileChange(
    String namespace,
    DesiredProfiles before,
    DesiredProfiles after,
    SortedMap<String, DesiredProfile.Sound> contents,
    List<ConfigMapProblem> problems,
    List<String> taken,
    boolean tooLarge) {

  /// @param known all ConfigMaps, before the request
  static ProfileChange of(AdmissionRequest request, Collection<ProfileConfigMap> known) {
    String name = request.namespace() + "/" + request.name();
    List<ProfileConfigMap> others = known.stream().filter(map -> !map.name().equals(name)).toList();
    List<ProfileConfigMap> mapsBefore = with(others, read(name, request.oldObject()));
    List<ProfileConfigMap> mapsAfter = with(others, read(name, request.object()));
    DesiredProfiles before = DesiredProfiles.of(mapsBefore);
    DesiredProfiles after = DesiredProfiles.of(mapsAfter);
    SortedMap<String, DesiredProfile.Sound> contents = new TreeMap<>();
    for (Map.Entry<String, DesiredProfile> entry : after.byPath().entrySet()) {
      if (entry.getValue() instanceof DesiredProfile.Sound sound
          && !(before.byPath().get(entry.getKey()) instanceof DesiredProfile.Sound old
              && old.content().equals(sound.content()))) {
        contents.put(entry.getKey(), sound);
      }
    }
    Set<ConfigMapProblem> knownBefore = new HashSet<>(before.problems());
    List<ConfigMapProblem> problems =
        after.problems().stream()
            .filter(problem -> isOf(problem, name))
            .filter(problem -> !knownBefore.contains(problem))
            .toList();
    List<String> taken = new ArrayList<>();
    after
        .contested()
        .forEach((path, sources) -> {
          Set<String> earlier = new HashSet<>(before.contested().getOrDefault(path, List.of()));
          for (String source : sources) {
            if (isOf(source, name) && !earlier.contains(source)) {
              taken.add(taken(path, source, sources));
            }
          }
        });
    long size = size(mapsAfter);
    return new ProfileChange(
        request.namespace(),
        before,
        after,
        contents,
        problems,
        taken,
        size > DesiredProfiles.LARGEST && size > size(mapsBefore));
  }

  /// The profiles that nodes were to have until now.
  ProfileStore storeBefore() {
    return new ConfigMapStore(before, namespace);
  }

  /// Those that they are to have from now on.
  ProfileStore storeAfter() {
    return new ConfigMapStore(after, namespace);
  }

  private static long size(List<ProfileConfigMap> maps) {
    return maps.stream().mapToLong(ProfileConfigMap::size).sum();
  }

  private static String taken(String path, String source, List<String> sources) {
    return source
        + ": wants "
        + new ProfileKey(path).text()
        + ", which "
        + DesiredProfiles.others(sources, source)
        + " has; the first ConfigMap keeps the path: remove it there first, or give this ConfigMap"
        + " another "
        + ProfileConfigMap.DIRECTORY;
  }

  private static boolean isOf(ConfigMapProblem problem, String name) {
    return problem.subject().equals("ConfigMap " + name) || isOf(problem.subject(), name);
  }

  /// Whether a key is one of a ConfigMap.
  private static boolean isOf(String source, String name) {
    return source.startsWith("ConfigMap " + name + ",");
  }

  private static @Nullable ProfileConfigMap read(String name, @Nullable Mapping object) {
    return object == null ? null : ProfileConfigMap.read(name, object);
  }

  private static List<ProfileConfigMap> with(
      List<ProfileConfigMap> others, @Nullable ProfileConfigMap map) {
    List<ProfileConfigMap> all = new ArrayList<>(others);
    if (map != null) {
      all.add(map);
    }
    return all;
  }
}
