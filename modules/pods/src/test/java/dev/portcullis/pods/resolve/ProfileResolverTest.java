package dev.portcullis.pods.resolve;

import static dev.portcullis.pods.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.spec.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileResolverTest {
  private static final List<Origin> LEVELS =
      List.of(
          Origin.CONTAINER_FIELD,
          Origin.CONTAINER_ANNOTATION,
          Origin.POD_FIELD,
          Origin.POD_ANNOTATION);

  /// A pod that names a profile at each of these levels: the level's own name as a file.
  private static Pod naming(List<Origin> levels) {
    StringBuilder annotations = new StringBuilder();
    if (levels.contains(Origin.CONTAINER_ANNOTATION)) {
      annotations.append(
          "container.seccomp.security.alpha.kubernetes.io/c: localhost/CONTAINER_ANNOTATION\n");
    }
    if (levels.contains(Origin.POD_ANNOTATION)) {
      annotations.append("seccomp.security.alpha.kubernetes.io/pod: localhost/POD_ANNOTATION\n");
    }
    return pod(
        annotations.toString(),
        "securityContext: {seccompProfile: %s}\ncontainers: [{name: c, securityContext: {seccompProfile: %s}}]"
            .formatted(field(levels, Origin.POD_FIELD), field(levels, Origin.CONTAINER_FIELD)));
  }

  private static String field(List<Origin> levels, Origin level) {
    return levels.contains(level)
        ? "{type: Localhost, localhostProfile: " + level.name() + "}"
        : "null";
  }

  /// All sixteen combinations. Trap 18: a container's annotation beats the pod's field.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void theFirstPresentLevelDecides(int combination) {
    List<Origin> present =
        LEVELS.stream().filter(level -> (combination & 1 << LEVELS.indexOf(level)) != 0).toList();
    Pod pod = naming(present);
    RequestedProfile requested = ProfileResolver.requested(pod, pod.spec().containers().getFirst());
    if (present.isEmpty()) {
      assertThat(requested).isEqualTo(new RequestedProfile.Unnamed());
    } else {
      Origin first = present.getFirst();
      assertThat(requested).isInstanceOf(RequestedProfile.Named.class);
      assertThat(((RequestedProfile.Named) requested).origin()).isEqualTo(first);
      assertThat(((RequestedProfile.Named) requested).meaning())
          .isEqualTo(new ProfileText.Named(new ProfileName.Localhost(first.name())));
    }
  }

  /// Traps 1, 2 and 19: what is present and useless hides what stands below it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "seccompProfile: {type: Localhost}",
        "seccompProfile: {type: Localhost, localhostProfile: ''}",
        "seccompProfile: {type: Nonsense}",
        "seccompProfile: {}",
      })
  void aUselessFieldDoesNotFallThrough(String context) {
    Pod pod =
        pod(
            "seccomp.security.alpha.kubernetes.io/pod: runtime/default",
            "containers: [{name: c, securityContext: {" + context + "}}]");
    RequestedProfile requested = ProfileResolver.requested(pod, pod.spec().containers().getFirst());
    assertThat(((RequestedProfile.Named) requested).origin()).isEqualTo(Origin.CONTAINER_FIELD);
    assertThat(((RequestedProfile.Named) requested).meaning())
        .isInstanceOf(ProfileText.Unusable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost/", "junk", "localhost/../x"})
  void aUselessAnnotationDoesNotFallThrough(String value) {
    Pod pod =
        pod(
            "container.seccomp.security.alpha.kubernetes.io/c: '" + value + "'",
            "containers: [{name: c}]\nsecurityContext: {seccompProfile: {type: RuntimeDefault}}");
    RequestedProfile requested = ProfileResolver.requested(pod, pod.spec().containers().getFirst());
    assertThat(((RequestedProfile.Named) requested).origin())
        .isEqualTo(Origin.CONTAINER_ANNOTATION);
    assertThat(((RequestedProfile.Named) requested).meaning())
        .isInstanceOf(ProfileText.Unusable.class);
  }

  @Test
  void initAndEphemeralContainersAreResolvedLikeTheOthers() {
    Pod pod =
        pod(
            """
            container.seccomp.security.alpha.kubernetes.io/i: unconfined
            container.seccomp.security.alpha.kubernetes.io/e: localhost/e
            seccomp.security.alpha.kubernetes.io/pod: runtime/default
            """,
            "initContainers: [{name: i}]\n"
                + "containers: [{name: c}]\n"
                + "ephemeralContainers: [{name: e}]");
    assertThat(pod.spec().containers())
        .extracting(container ->
            ((RequestedProfile.Named) ProfileResolver.requested(pod, container)).meaning())
        .containsExactly(
            new ProfileText.Named(ProfileName.UNCONFINED),
            new ProfileText.Named(ProfileName.RUNTIME_DEFAULT),
            new ProfileText.Named(new ProfileName.Localhost("e")));
  }
}
