package dev.portcullis.admission.ruling;

import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.profiles.compare.ContentComparer;
import dev.portcullis.profiles.compare.StoredComparer;
import dev.portcullis.profiles.configmap.DesiredProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What is to be reported where profiles change that others are held to be no weaker than. Nothing
/// is refused for it: they belong to those who decide what may be tightened.
final class BaseChanges {
  /// Comparisons for one request.
  private static final int MOST = 16;

  private final ProfileChange change;
  private final StoredComparer before;
  private final StoredComparer after;
  private final Policies policies;
  private final List<String> warnings = new ArrayList<>();
  private int compared;

  BaseChanges(ProfileChange change, ContentComparer contents, Policies policies) {
    this.change = change;
    this.before = new StoredComparer(change.storeBefore(), contents);
    this.after = new StoredComparer(change.storeAfter(), contents);
    this.policies = policies;
  }

  /// @param uses the pods that were admitted because of other profiles
  List<String> warnings(Map<ProfileChangeReview.Use, List<Mapping>> uses) {
    change
        .contents()
        .forEach((path, sound) -> {
          wider(path, sound);
          uses.forEach((use, pods) -> {
            if (isAt(use.than(), path) && !change.contents().containsKey(use.profile().path())) {
              narrower(use, pods, sound);
            }
          });
        });
    if (compared > MOST) {
      warnings.add("after " + MOST + " comparisons, the rest was skipped");
    }
    return warnings;
  }

  /// Policies by which more is allowed from now on.
  private void wider(String path, DesiredProfile.Sound now) {
    if (!(change.before().byPath().get(path) instanceof DesiredProfile.Sound old)) {
      return;
    }
    ProfileName.Localhost name = new ProfileName.Localhost(path);
    List<String> naming =
        policies.byProof().stream()
            .filter(policy -> policy.stricterThan().stream().anyMatch(than -> isAt(than, path)))
            .map(policy -> policy.kind().text() + " " + GoQuote.quote(policy.name()))
            .toList();
    if (naming.isEmpty() || compared++ >= MOST) {
      return;
    }
    String wider =
        switch (before.compare(now.content(), name)) {
          case Strictness.NoWeaker _ -> "";
          case Strictness.Weaker(String where) -> "is weaker than the old content: " + where;
          case Strictness.Unprovable(String why) ->
              "may be weaker than the old content, because the opposite is not proven: " + why;
        };
    if (!wider.isEmpty()) {
      warnings.add(
          old.source()
              + ": "
              + naming.getFirst()
              + (naming.size() > 1 ? " and " + (naming.size() - 1) + " more" : "")
              + " allows profiles no weaker than "
              + name.text()
              + ", and its new content "
              + wider);
    }
  }

  /// Pods that are no longer no weaker.
  private void narrower(
      ProfileChangeReview.Use use, List<Mapping> pods, DesiredProfile.Sound base) {
    if (!(change.after().byPath().get(use.profile().path()) instanceof DesiredProfile.Sound mine)
        || compared++ >= MOST) {
      return;
    }
    String why =
        switch (after.compare(mine.content(), use.than())) {
          case Strictness.NoWeaker _ -> "";
          case Strictness.Weaker(String where) -> "it is weaker than the new content: " + where;
          case Strictness.Unprovable(String unknown) ->
              "it is not proven to be no weaker than the new content: " + unknown;
        };
    if (!why.isEmpty()) {
      warnings.add(
          base.source()
              + ": "
              + PodNames.of(pods)
              + " admitted because "
              + use.profile().text()
              + " was no weaker than "
              + use.than().text()
              + ", and "
              + why
              + "; running containers continue, but nodes with the proxy will not create these"
              + " containers again");
    }
  }

  private static boolean isAt(ProfileName name, String path) {
    return name instanceof ProfileName.Localhost localhost && localhost.cleaned().equals(path);
  }
}
