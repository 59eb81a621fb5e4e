package dev.portcullis.node.proxy;

import dev.portcullis.container.rights.AskedRights;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was decided about a container, kept by the runtime as annotations of that container: it is
/// there as long as the container is, whatever becomes of Portcullis.
///
/// @param profile its name, `localhost/a.json`
/// @param origin where the name came from, as {@link SelectionOrigin#text}
/// @param file the digest of the file behind the name; null where there is none
/// @param snapshot the digest of what the runtime was given: another one where the file was
///   converted; null where there is none
/// @param rights what it was asked to be allowed; null where it is privileged, and of containers of
///   an older Portcullis
/// @param prove whether the pod asks for a proof that the filter is that of the profile
public record ContainerRecord(
    String profile,
    String origin,
    @Nullable String file,
    @Nullable String snapshot,
    @Nullable AskedRights rights,
    boolean prove) {
  private static final String PROFILE = "portcullis.dev/seccomp-profile";
  private static final String ORIGIN = "portcullis.dev/seccomp-origin";
  private static final String FILE = "portcullis.dev/seccomp-file-sha256";
  private static final String SNAPSHOT = "portcullis.dev/seccomp-snapshot-sha256";

  private static final String RIGHTS = "portcullis.dev/seccomp-rights";
  private static final String PROVE = "portcullis.dev/seccomp-prove";

  /// Whether a process under it must have a filter.
  public boolean mustBeFiltered() {
    return !profile.equals(ProfileName.UNCONFINED.text());
  }

  /// Whether its profile is a file below the profile root.
  public boolean namesFile() {
    return profile.startsWith(ProfileText.LOCALHOST_PREFIX);
  }

  Map<String, String> annotations() {
    Map<String, String> annotations = new TreeMap<>(Map.of(PROFILE, profile, ORIGIN, origin));
    if (file != null) {
      annotations.put(FILE, file);
    }
    if (snapshot != null) {
      annotations.put(SNAPSHOT, snapshot);
    }
    if (rights != null) {
      annotations.put(RIGHTS, rights.text());
    }
    if (prove) {
      annotations.put(PROVE, "true");
    }
    return annotations;
  }

  /// Reads it from a container's annotations; null where the container was not made through
  /// Portcullis.
  public static @Nullable ContainerRecord read(Map<String, String> annotations) {
    String profile = annotations.get(PROFILE);
    String origin = annotations.get(ORIGIN);
    String rights = annotations.get(RIGHTS);
    return profile == null || origin == null
        ? null
        : new ContainerRecord(
            profile,
            origin,
            annotations.get(FILE),
            annotations.get(SNAPSHOT),
            rights == null ? null : AskedRights.read(rights),
            annotations.containsKey(PROVE));
  }
}
