package dev.portcullis.node.distribution;

import dev.portcullis.profiles.configmap.ConfigMapProblem;
import dev.portcullis.profiles.configmap.DesiredProfile;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What has to be done below the profile root.
///
/// @param writes in the order of their paths
/// @param unwanted paths of files that Portcullis wrote and that are no longer wanted: to be
///   removed when no container runs under them
/// @param forgotten paths that the ledger need not name any more: the file has gone, or is the
///   administrator's now
/// @param problems of the ConfigMaps and of the files
record Plan(
    List<Write> writes,
    List<String> unwanted,
    List<String> forgotten,
    List<ConfigMapProblem> problems) {

  /// A file to be written.
  record Write(String path, DesiredProfile.Sound profile) {}

  static Plan of(DesiredProfiles desired, WrittenFiles ledger, Function<String, OnDisk> disk) {
    List<Write> writes = new ArrayList<>();
    List<String> unwanted = new ArrayList<>();
    List<String> forgotten = new ArrayList<>();
    List<ConfigMapProblem> problems = new ArrayList<>(desired.problems());
    for (Map.Entry<String, DesiredProfile> entry : desired.byPath().entrySet()) {
      String path = entry.getKey();
      OnDisk found = disk.apply(path);
      if (entry.getValue() instanceof DesiredProfile.Sound sound) {
        switch (found) {
          case OnDisk.Absent _ -> writes.add(new Write(path, sound));
          case OnDisk.File(String sha256) -> {
            if (!sha256.equals(sound.content().sha256())) {
              if (ledger.wrote(path, sha256)) {
                writes.add(new Write(path, sound));
              } else {
                problems.add(foreign(path, sound, ledger));
              }
            }
          }
          case OnDisk.Other(String what) ->
              problems.add(
                  new ConfigMapProblem(
                      path,
                      "cannot be written for "
                          + sound.source()
                          + ": there is "
                          + what
                          + "; move it on this node, or give the ConfigMap another "
                          + ProfileConfigMap.DIRECTORY));
        }
      }
    }
    for (String path : ledger.digests().keySet()) {
      OnDisk found = disk.apply(path);
      boolean ours = found instanceof OnDisk.File(String sha256) && ledger.wrote(path, sha256);
      boolean wanted = desired.byPath().containsKey(path);
      if (ours && !wanted) {
        unwanted.add(path);
      } else if (found instanceof OnDisk.Absent
          || (found instanceof OnDisk.File && !ours && !wanted)) {
        forgotten.add(path);
      }
    }
    return new Plan(writes, unwanted, forgotten, problems);
  }

  private static ConfigMapProblem foreign(
      String path, DesiredProfile.Sound sound, WrittenFiles ledger) {
    return new ConfigMapProblem(
        path,
        (ledger.digests().containsKey(path)
                ? "was changed on this node after Portcullis wrote it"
                : "was not written by Portcullis")
            + ", and "
            + sound.source()
            + " has another content; Portcullis does not change it. Remove the file on this node to"
            + " get it from the ConfigMap");
  }
}
