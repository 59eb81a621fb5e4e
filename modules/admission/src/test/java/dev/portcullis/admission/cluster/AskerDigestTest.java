package dev.portcullis.admission.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.rbac.User;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Two users with one digest would have each other's grants.
class AskerDigestTest {
  private static User user(String name, List<String> groups, Map<String, List<String>> extra) {
    return new User(name, new LinkedHashSet<>(groups), extra);
  }

  @Test
  void differentAskersHaveDifferentDigests() {
    List<User> users =
        List.of(
            user("a", List.of(), Map.of()),
            user("ab", List.of(), Map.of()),
            user("a", List.of("b"), Map.of()),
            user("a", List.of("b", "c"), Map.of()),
            user("a", List.of("bc"), Map.of()),
            user("a", List.of(), Map.of("b", List.of("c"))),
            user("a", List.of(), Map.of("b", List.of(), "c", List.of())),
            user("a", List.of(), Map.of("b", List.of("c", "d"))),
            user("a", List.of(), Map.of("b", List.of("cd"))),
            user("\u00e9", List.of(), Map.of()),
            user("\u01e9", List.of(), Map.of()),
            user("\ud800", List.of(), Map.of()),
            user("\ud801", List.of(), Map.of()),
            user("?", List.of(), Map.of()),
            user("x".repeat(600), List.of(), Map.of()),
            user("x".repeat(601), List.of(), Map.of()));
    assertThat(
            users.stream()
                .flatMap(user -> Stream.of("shop", "other").map(ns -> AskerDigest.of(user, ns))))
        .doesNotHaveDuplicates();
  }

  @Test
  void theOrderOfGroupsIsNone() {
    assertThat(AskerDigest.of(user("a", List.of("b", "c"), Map.of()), "shop"))
        .isEqualTo(AskerDigest.of(user("a", List.of("c", "b"), Map.of()), "shop"));
  }
}
