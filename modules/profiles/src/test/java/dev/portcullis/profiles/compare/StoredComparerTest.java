package dev.portcullis.profiles.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.decide.Strictness.NoWeaker;
import dev.portcullis.pods.decide.Strictness.Unprovable;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredComparerTest {
  private static final ProfileContent MINE = new ProfileContent("mine".getBytes(UTF_8));
  private static final ProfileContent BASE = new ProfileContent("base".getBytes(UTF_8));

  private static final Map<String, ProfileLookup> STORED =
      Map.of(
          "mine", UsableProfile.of("ConfigMap a, key mine", MINE, List.of()),
          "d/base", UsableProfile.of("ConfigMap a, key base", BASE, List.of()),
          "broken", new ProfileLookup.Unusable("why broken", List.of()),
          "absent", new ProfileLookup.Absent("why absent"),
          "unread", new ProfileLookup.Undecided("why unread"));

  /// Everything is proven of everything: what is not, the store has stopped.
  private static Strictness.Answer proven(ProfileContent of, @Nullable ProfileContent than) {
    return new NoWeaker(of.sha256(), than == null ? null : than.sha256());
  }

  private static ProfileLookup stored(ProfileKey key) {
    return Objects.requireNonNull(STORED.get(key.path()), key.text());
  }

  private final StoredComparer comparer =
      new StoredComparer(StoredComparerTest::stored, StoredComparerTest::proven);

  private static ProfileName.Localhost name(String path) {
    return new ProfileName.Localhost(path);
  }

  @Test
  void contentsAreFoundByTheKeysOfTheNames() {
    assertThat(comparer.compare(name("./mine"), name("d//base")))
        .isEqualTo(new NoWeaker(MINE.sha256(), BASE.sha256()));
  }

  @Test
  void noFilterHasNoContent() {
    assertThat(comparer.compare(name("mine"), ProfileName.UNCONFINED))
        .isEqualTo(new NoWeaker(MINE.sha256(), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"broken", "absent", "unread"})
  void nothingIsProvenOfWhatTheStoreDoesNotHaveForSure(String path) {
    Unprovable why = new Unprovable("why " + path);
    assertThat(comparer.compare(name(path), name("d/base"))).isEqualTo(why);
    assertThat(comparer.compare(name("mine"), name(path))).isEqualTo(why);
    assertThat(comparer.compare(name(path), ProfileName.UNCONFINED)).isEqualTo(why);
    assertThat(comparer.compare(MINE, name(path))).isEqualTo(why);
  }

  @Test
  void theDefaultOfTheRuntimeIsInNoStore() {
    assertThat(comparer.compare(name("mine"), ProfileName.RUNTIME_DEFAULT))
        .isInstanceOfSatisfying(
            Unprovable.class,
            unprovable -> assertThat(unprovable.why()).contains("keep a copy of it"));
  }

  @Test
  void aContentIsComparedWhateverTheStoreHasByItsName() {
    ProfileContent changed = new ProfileContent("new".getBytes(UTF_8));
    assertThat(comparer.compare(changed, name("d/base")))
        .isEqualTo(new NoWeaker(changed.sha256(), BASE.sha256()));
  }

  @Test
  void theTimeIsThatOfTheProofs() {
    ContentComparer late =
        new ContentComparer() {
          @Override
          public Strictness.Answer compare(ProfileContent of, @Nullable ProfileContent than) {
            return proven(of, than);
          }

          @Override
          public boolean hasTime() {
            return false;
          }
        };
    assertThat(comparer.hasTime()).isTrue();
    assertThat(new StoredComparer(StoredComparerTest::stored, late).hasTime()).isFalse();
  }
}
