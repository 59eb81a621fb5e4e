package dev.portcullis.profiles.compare;

import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.ProfileStore;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.profile.ProfileContent;

/// What profiles are to each other by the contents that a store has. Nothing is proven of one that
/// the store does not have, or has not for sure.
public final class StoredComparer implements Strictness {
  private final ProfileStore store;
  private final ContentComparer contents;

  public StoredComparer(ProfileStore store, ContentComparer contents) {
    this.store = store;
    this.contents = contents;
  }

  @Override
  public Answer compare(ProfileName.Localhost profile, ProfileName than) {
    return switch (store.lookup(ProfileKey.of(profile))) {
      case UsableProfile mine -> compare(mine.content(), than);
      case ProfileLookup.None none -> new Unprovable(none.why());
    };
  }

  /// What a content is to a profile, whatever the store has under the name of the first.
  public Answer compare(ProfileContent content, ProfileName than) {
    return switch (than) {
      case ProfileName.Unconfined _ -> contents.compare(content, null);
      case ProfileName.RuntimeDefault _ ->
          new Unprovable(
              "the content of the runtime's default is not known here; keep a copy of it where the"
                  + " other profiles are, and name that");
      case ProfileName.Localhost other ->
          switch (store.lookup(ProfileKey.of(other))) {
            case UsableProfile theirs -> contents.compare(content, theirs.content());
            case ProfileLookup.None none -> new Unprovable(none.why());
          };
    };
  }

  @Override
  public boolean hasTime() {
    return contents.hasTime();
  }
}
