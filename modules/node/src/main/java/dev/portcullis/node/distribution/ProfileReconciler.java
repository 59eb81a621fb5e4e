package dev.portcullis.node.distribution;

import dev.portcullis.profiles.configmap.ConfigMapProblem;
import dev.portcullis.profiles.configmap.DesiredProfile;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Makes the profile root as the ConfigMaps want it, as far as that may be.
///
/// For one thread.
public final class ProfileReconciler {
  private final Path root;
  private final ProfileDirectory directory;
  private final Supplier<Usage> usage;

  /// What one pass has done.
  ///
  /// @param written paths of files that are new or other
  /// @param removed paths of files that are no more
  /// @param waiting why a file that is no longer wanted is still there, by its path
  /// @param sources which key of which ConfigMap a file was written for, by its path
  public record Outcome(
      List<String> written,
      List<String> removed,
      SortedMap<String, String> waiting,
      SortedMap<String, String> sources,
      List<ConfigMapProblem> problems) {}

  /// @param root the profile root; need not exist yet
  /// @param usage asked where something is to be removed, after it was found to be unwanted
  public ProfileReconciler(Path root, Supplier<Usage> usage) {
    this.root = root;
    this.directory = new ProfileDirectory(root);
    this.usage = usage;
  }

  /// Does once what there is to do. What fails is a problem, and tried again by the next pass.
  ///
  /// @param maps all of them: what none of these wants is removed
  public Outcome pass(Collection<ProfileConfigMap> maps) {
    DesiredProfiles desired = DesiredProfiles.of(maps);
    Outcome outcome =
        new Outcome(
            new ArrayList<>(),
            new ArrayList<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new ArrayList<>());
    try {
      WrittenFiles ledger = directory.ledger();
      Plan plan = Plan.of(desired, ledger, directory::look);
      outcome.problems().addAll(plan.problems());
      for (String path : plan.forgotten()) {
        ledger = ledger.without(path);
      }
      ledger = write(plan, ledger, outcome);
      ledger = remove(plan, ledger, outcome);
      sources(desired, ledger, outcome);
      save(ledger);
    } catch (IOException failed) {
      outcome.problems().add(disk(root.toString(), failed));
    }
    return outcome;
  }

  private WrittenFiles write(Plan plan, WrittenFiles before, Outcome outcome) throws IOException {
    if (plan.writes().isEmpty()) {
      return before;
    }
    WrittenFiles ledger = before;
    for (Plan.Write write : plan.writes()) {
      ledger = ledger.with(write.path(), write.profile().content().sha256());
    }
    // First: a file that is there and not in it would be taken for the administrator's.
    save(ledger);
    for (Plan.Write write : plan.writes()) {
      try {
        directory.write(write.path(), write.profile().content().bytes());
        ledger = ledger.withOnly(write.path(), write.profile().content().sha256());
        outcome.written().add(write.path());
      } catch (IOException failed) {
        outcome.problems().add(disk(write.path(), failed));
      }
    }
    return ledger;
  }

  private WrittenFiles remove(Plan plan, WrittenFiles before, Outcome outcome) {
    WrittenFiles ledger = before;
    if (plan.unwanted().isEmpty()) {
      return ledger;
    }
    switch (usage.get()) {
      case Usage.Unknown(String why) ->
          plan.unwanted().forEach(path -> outcome.waiting().put(path, why));
      case Usage.Known known -> {
        for (String path : plan.unwanted()) {
          if (known.paths().contains(path)) {
            outcome.waiting().put(path, "a pod of this node uses it");
            continue;
          }
          try {
            WrittenFiles ours = ledger;
            if (directory.remove(path, digest -> ours.wrote(path, digest))) {
              outcome.removed().add(path);
              ledger = ledger.without(path);
            }
          } catch (IOException failed) {
            outcome.problems().add(disk(path, failed));
          }
        }
      }
    }
    return ledger;
  }

  private void sources(DesiredProfiles desired, WrittenFiles ledger, Outcome outcome) {
    for (String path : ledger.digests().keySet()) {
      if (directory.look(path) instanceof OnDisk.File(String digest)
          && ledger.wrote(path, digest)) {
        DesiredProfile profile = desired.byPath().get(path);
        outcome.sources().put(path, profile == null ? "no ConfigMap any more" : profile.source());
      }
    }
  }

  private void save(WrittenFiles ledger) throws IOException {
    if (!ledger.equals(directory.ledger())) {
      directory.write(ledger);
    }
  }

  private static ConfigMapProblem disk(String subject, IOException failed) {
    return new ConfigMapProblem(
        subject,
        "cannot be written: " + OpenDirectory.reason(failed) + "; Portcullis keeps trying");
  }
}
