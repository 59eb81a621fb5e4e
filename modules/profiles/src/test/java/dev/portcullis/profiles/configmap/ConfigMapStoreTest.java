package dev.portcullis.profiles.configmap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigMapStoreTest {
  private static final String FAKING =
      "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"setuid\"],"
          + "\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":0}]}";

  private final ConfigMapStore store =
      new ConfigMapStore(
          DesiredProfiles.of(
              List.of(
                  new ProfileConfigMap(
                      "ns/web",
                      Instant.EPOCH,
                      "team",
                      Map.of("a.json", FAKING.getBytes(UTF_8), "b.json", "{}".getBytes(UTF_8))))),
          "ns");

  @Test
  void aSoundOneIsUsableWithWhatIsDangerousInIt() {
    assertThat(store.lookup(new ProfileKey("team/a.json")))
        .isInstanceOfSatisfying(
            UsableProfile.class,
            profile -> {
              assertThat(profile.source()).isEqualTo("ConfigMap ns/web, key a.json");
              assertThat(profile.content().bytes()).asString(UTF_8).isEqualTo(FAKING);
              assertThat(profile.findings())
                  .extracting(Finding::problem)
                  .containsOnly(Problem.FAKES_SUCCESS);
            });
  }

  @Test
  void aBrokenOneIsUnusable() {
    assertThat(store.lookup(new ProfileKey("team/b.json")))
        .isInstanceOfSatisfying(
            ProfileLookup.Unusable.class,
            unusable -> assertThat(unusable.why()).contains("ConfigMap ns/web, key b.json"));
  }

  @Test
  void whatNoneWantsIsAbsent() {
    assertThat(store.lookup(new ProfileKey("a.json")))
        .isEqualTo(
            new ProfileLookup.Absent("no ConfigMap in namespace \"ns\" has localhost/a.json"));
  }
}
