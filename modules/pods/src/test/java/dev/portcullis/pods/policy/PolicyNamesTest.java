package dev.portcullis.pods.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.ObjectNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyNamesTest {
  private static String of(ProfileName... profiles) {
    return PolicyNames.of(List.of(profiles), Set.of());
  }

  private static String ofFile(String path) {
    return of(new ProfileName.Localhost(path));
  }

  @Test
  void thePathIsTheNameWhereItCanBe() {
    assertThat(ofFile("web")).isEqualTo("web");
    assertThat(ofFile("web.json")).isEqualTo("web.json");
    assertThat(ofFile("team/web-server.json")).isEqualTo("team.web-server.json");
    assertThat(ofFile("./team//web.json")).isEqualTo("team.web.json");
    assertThat(of(ProfileName.RUNTIME_DEFAULT)).isEqualTo("runtime-default");
    assertThat(of(ProfileName.UNCONFINED)).isEqualTo("unconfined");
  }

  @Test
  void whatIsChangedHasADigest() {
    assertThat(ofFile("Web Server.json")).matches("web-server-[0-9a-f]{12}");
    assertThat(ofFile("\u2028\u001b[31m")).matches("31m-[0-9a-f]{12}");
    assertThat(ofFile("__")).matches("profile-[0-9a-f]{12}");
    assertThat(of(ProfileName.RUNTIME_DEFAULT, ProfileName.UNCONFINED))
        .matches("runtime-default-and-1-more-[0-9a-f]{12}");
  }

  /// A grant of the one would be a grant of the other.
  @Test
  void twoProfilesNeverHaveTheSameName() {
    List<String> parts = List.of("a", "A", "b", "json", "a.json", "a-b", "a.b", "a_b", "x-y.json");
    List<String> paths = new ArrayList<>(parts);
    for (String first : parts) {
      for (String second : parts) {
        for (String between : List.of("/", "-", ".", "_", " ", ".json/")) {
          paths.add(first + between + second);
          paths.add(first + between + second + ".json");
        }
      }
    }
    paths.addAll(
        List.of("runtime-default", "runtime-default.json", "runtime/default", "unconfined"));
    // What looks like a name with a digest gets one.
    paths.add(ofFile("A"));
    paths.add(ofFile("A") + ".json");
    Map<String, ProfileName> names = new HashMap<>();
    names.put(of(ProfileName.RUNTIME_DEFAULT), ProfileName.RUNTIME_DEFAULT);
    names.put(of(ProfileName.UNCONFINED), ProfileName.UNCONFINED);
    for (String path : paths) {
      ProfileName.Localhost profile = new ProfileName.Localhost(path);
      String name = of(profile);
      assertThat(ObjectNames.isSubdomain(name)).as(name).isTrue();
      ProfileName other = names.putIfAbsent(name, profile);
      if (other != null) {
        assertThat(other).as(name + " of " + path).isInstanceOf(ProfileName.Localhost.class);
        assertThat(((ProfileName.Localhost) other).cleaned()).as(name).isEqualTo(profile.cleaned());
      }
    }
  }

  @Test
  void setsOfProfilesHaveDifferentNamesToo() {
    ProfileName a = new ProfileName.Localhost("a.json");
    ProfileName b = new ProfileName.Localhost("b.json");
    ProfileName c = new ProfileName.Localhost("c.json");
    assertThat(of(a, b)).isNotEqualTo(of(a, c)).startsWith("a-and-1-more-");
  }

  @Test
  void aNameThatIsTakenIsNotTakenAgain() {
    assertThat(PolicyNames.of(List.of(ProfileName.UNCONFINED), Set.of("unconfined")))
        .isEqualTo("unconfined-2");
  }
}
