package dev.portcullis.pods.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeAnnotationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "run.oci.seccomp_bpf_data",
        "run.oci.seccomp.receiver",
        "run.oci.seccomp.plugins",
        "run.oci.handler",
        "seccomp-profile.kubernetes.cri-o.io/POD",
        "seccomp-profile.kubernetes.cri-o.io/web",
        "seccomp-profile.crio.io/POD",
        "io.kubernetes.cri-o.seccompNotifierAction",
        "seccomp-notifier-action.crio.io",
        "org.criu.config",
        "org.criu.checkpoint.container.name",
        "io.kubernetes.cri-o.annotations.checkpoint.name"
      })
  void changesTheFilter(String key) {
    assertThat(RuntimeAnnotation.of(key)).isNotNull();
  }

  /// A message says after the effect that the profile of the pod does not count.
  @Test
  void noEffectSaysThatTheProfileOfThePodDoesNotCount() {
    assertThat(RuntimeAnnotation.all())
        .extracting(RuntimeAnnotation::effect)
        .noneMatch(effect -> effect.contains("the pod names") || effect.contains("regardless"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seccomp.security.alpha.kubernetes.io/pod",
        "container.seccomp.security.alpha.kubernetes.io/web",
        "portcullis.dev/policy",
        "run.oci.keep_original_groups",
        "io.kubernetes.cri-o.ShmSize",
        "userns-mode.crio.io",
        "cni.projectcalico.org/podIP",
        ""
      })
  void changesNone(String key) {
    assertThat(RuntimeAnnotation.of(key)).isNull();
  }
}
