package dev.portcullis.profiles.configmap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DesiredProfilesTest {
  private static final String ALLOW = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}";
  private static final String LOG = "{\"defaultAction\": \"SCMP_ACT_LOG\"}";

  private static @Nullable ProfileConfigMap read(String name, String yaml) {
    return switch (Documents.read(yaml.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) ->
          ProfileConfigMap.read(name, (Mapping) values.getFirst());
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  private static ProfileConfigMap map(String name, int created, String key, String content) {
    return new ProfileConfigMap(
        name, Instant.ofEpochSecond(created), null, Map.of(key, content.getBytes(UTF_8)));
  }

  /// It is said, and nodes get it: whether it harms is the container's affair.
  @Test
  void aDangerIsSaid() {
    String faking =
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["capset"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0}]}
        """;
    DesiredProfiles desired = DesiredProfiles.of(List.of(map("ns/a", 1, "a.json", faking)));
    assertThat(desired.byPath().get("a.json")).isInstanceOf(DesiredProfile.Sound.class);
    assertThat(desired.problems())
        .singleElement()
        .asString()
        .startsWith("ConfigMap ns/a, key a.json: line 2")
        .contains("[fakes-success]")
        .endsWith("; nodes write it anyway");
  }

  /// A file in the way of a whole directory: what is said of it stays small.
  @Test
  void thousandsInTheWayOfOneAreCounted() {
    Map<String, byte[]> many = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      many.put("k" + i, ALLOW.getBytes(UTF_8));
    }
    DesiredProfiles desired =
        DesiredProfiles.of(
            List.of(
                map("ns/a", 1, "a", ALLOW),
                new ProfileConfigMap("ns/b", Instant.ofEpochSecond(2), "a", many)));
    assertThat(desired.problems())
        .hasSize(20_001)
        .allMatch(problem -> problem.toString().length() < 1_000);
    assertThat(desired.problems().getFirst())
        .asString()
        .contains(
            "key k0, and ConfigMap ns/b, key k1, and ConfigMap ns/b, key k10, and 19997 more");
  }

  @Test
  void aConfigMapInARequestIsReadAsAWatchedOne() {
    ProfileConfigMap map =
        read(
            "ns/web",
            """
            metadata:
              name: web
              creationTimestamp: "2026-01-02T03:04:05Z"
              labels: {portcullis.dev/seccomp-profiles: "true"}
              annotations: {portcullis.dev/profile-directory: team}
            data: {a.json: '{"defaultAction": "SCMP_ACT_LOG"}'}
            binaryData: {b.json: eyJkZWZhdWx0QWN0aW9uIjogIlNDTVBfQUNUX0FMTE9XIn0=, c.json: "?"}
            """);
    assertThat(map)
        .isNotNull()
        .returns("ns/web", ProfileConfigMap::name)
        .returns(Instant.parse("2026-01-02T03:04:05Z"), ProfileConfigMap::created)
        .returns("team", ProfileConfigMap::directory);
    assertThat(map.files().get("a.json")).asString(UTF_8).isEqualTo(LOG);
    assertThat(map.files().get("b.json")).asString(UTF_8).isEqualTo(ALLOW);
    assertThat(map.files().get("c.json")).isEmpty();
    assertThat(DesiredProfiles.of(List.of(map)).byPath())
        .containsOnlyKeys("team/a.json", "team/b.json", "team/c.json");
  }

  @Test
  void oneWithoutTheLabelIsForNobody() {
    assertThat(read("ns/web", "{metadata: {name: web}, data: {a.json: x}}")).isNull();
    assertThat(read("ns/web", "{metadata: {labels: {portcullis.dev/seccomp-profiles: 'false'}}}"))
        .isNull();
    assertThat(read("ns/web", "{data: {a.json: x}}")).isNull();
  }

  @Test
  void whatTwoWantNeitherHas() {
    DesiredProfiles desired =
        DesiredProfiles.of(
            List.of(
                map("ns/c", 2, "a.json", ALLOW),
                map("ns/b", 1, "a.json", LOG),
                map("ns/a", 2, "a.json", ALLOW)));
    List<String> all =
        List.of(
            "ConfigMap ns/a, key a.json",
            "ConfigMap ns/b, key a.json",
            "ConfigMap ns/c, key a.json");
    assertThat(desired.byPath().get("a.json")).isEqualTo(new DesiredProfile.Broken(all.getFirst()));
    assertThat(desired.contested()).containsOnly(Map.entry("a.json", all));
    assertThat(desired.problems())
        .extracting(ConfigMapProblem::subject)
        .containsExactlyElementsOf(all);
    assertThat(desired.problems().getFirst().message())
        .startsWith(
            "wants a.json, as ConfigMap ns/b, key a.json, and ConfigMap ns/c, key a.json does;");
    assertThat(DesiredProfiles.of(List.of(map("ns/a", 1, "a.json", LOG))).contested()).isEmpty();
  }

  private static ProfileConfigMap in(String directory, String name, String key) {
    return new ProfileConfigMap(name, Instant.EPOCH, directory, Map.of(key, ALLOW.getBytes(UTF_8)));
  }

  /// A directory where another's file is to be keeps it from being written, on every new node.
  @Test
  void aDirectoryIsNobodysWayToAnothersFile() {
    String team = "ConfigMap ns/team, key web.json";
    String squat = "ConfigMap ns/squat, key x.json";
    for (String directory : List.of("team/web.json", "team/web.json/a/b")) {
      DesiredProfiles desired =
          DesiredProfiles.of(
              List.of(in(directory, "ns/squat", "x.json"), in("team", "ns/team", "web.json")));
      assertThat(desired.byPath().values()).allMatch(DesiredProfile.Broken.class::isInstance);
      assertThat(desired.contested())
          .containsOnly(
              Map.entry("team/web.json", List.of(squat, team)),
              Map.entry(directory + "/x.json", List.of(squat, team)));
      assertThat(desired.problems()).extracting(ConfigMapProblem::subject).contains(squat, team);
    }
    DesiredProfiles beside =
        DesiredProfiles.of(
            List.of(in("team/web", "ns/squat", "x.json"), in("team", "ns/team", "web.json")));
    assertThat(beside.contested()).isEmpty();
    assertThat(beside.problems()).isEmpty();
  }

  /// What came first stays, and what is beyond is said.
  @Test
  void nodesTakeNoMoreThanFitsInTheirMemory() {
    String large = ALLOW + " ".repeat(1_000_000 - ALLOW.length());
    List<ProfileConfigMap> maps = new ArrayList<>();
    maps.add(map("ns/late", 2, "late.json", LOG));
    for (int i = 0; i < 16; i++) {
      maps.add(map("ns/m" + i, 1, i + ".json", large));
    }
    assertThat(DesiredProfiles.of(maps).problems()).isEmpty();
    maps.add(map("ns/last", 3, "last.json", large));
    DesiredProfiles desired = DesiredProfiles.of(maps);
    assertThat(desired.byPath()).hasSize(18);
    assertThat(desired.byPath().get("last.json"))
        .isEqualTo(new DesiredProfile.Broken("ConfigMap ns/last, key last.json"));
    assertThat(desired.problems())
        .singleElement()
        .asString()
        .startsWith("ConfigMap ns/last, key last.json: is beyond the 1000 profiles, or the 16 MiB");
  }

  @Test
  void aBrokenOneKeepsItsPath() {
    for (List<ProfileConfigMap> maps :
        List.of(
            List.of(map("ns/a", 1, "a.json", "{\n,")),
            List.of(map("ns/a", 1, "a.json", "{\n,"), map("ns/b", 2, "a.json", ALLOW)),
            List.of(map("ns/a", 2, "a.json", "{\n,"), map("ns/b", 1, "a.json", ALLOW)))) {
      DesiredProfiles desired = DesiredProfiles.of(maps);
      assertThat(desired.byPath().get("a.json")).isInstanceOf(DesiredProfile.Broken.class);
      assertThat(desired.problems()).hasSize(maps.size());
    }
  }
}
