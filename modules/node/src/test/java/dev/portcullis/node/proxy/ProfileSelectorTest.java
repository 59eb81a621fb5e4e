package dev.portcullis.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cri.SeccompRequest;
import dev.portcullis.cri.SeccompRequest.Message;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.spec.Rights;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table of docs/node.md, row by row.
class ProfileSelectorTest {
  private static final String ROOT = "/var/lib/kubelet/seccomp";
  private static final String KEY = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";

  private static Selection decide(ContainerRequest creation) {
    return new ProfileSelector(Path.of(ROOT), new ProfileName.Localhost("default.json"))
        .about(creation);
  }

  private static @Nullable Message message(String text) {
    return switch (text) {
      case "-" -> null;
      case "RuntimeDefault" -> new Message(SeccompRequest.Type.RUNTIME_DEFAULT, "");
      case "Unconfined" -> new Message(SeccompRequest.Type.UNCONFINED, "");
      case "Unknown" -> new Message(SeccompRequest.Type.UNKNOWN, "");
      case "Unconfined+x" -> new Message(SeccompRequest.Type.UNCONFINED, "/x");
      default ->
          new Message(
              SeccompRequest.Type.LOCALHOST, text.replace("ROOT", ROOT).replace("empty", ""));
    };
  }

  private static ContainerRequest creation(
      String message, String string, String annotations, String container) {
    Map<String, String> all = new HashMap<>(Map.of("unrelated", "x"));
    for (String annotation : annotations == null ? new String[0] : annotations.split(" ", -1)) {
      int equals = annotation.indexOf('=');
      String value = annotation.substring(equals + 1);
      switch (annotation.substring(0, equals)) {
        case "pod" -> all.put(POD, value);
        case "judged" -> all.put("portcullis.dev/policy", value);
        case "free" -> all.put("portcullis.dev/unconfined", value);
        case String key -> all.put(KEY + key, value);
      }
    }
    return new ContainerRequest(
        "ns/p",
        container,
        all,
        Rights.OF_NOTHING,
        new SeccompRequest(message(message), string == null ? "" : string.replace("ROOT", ROOT)));
  }

  private static String text(Selection choice) {
    return switch (choice) {
      case Selection.Chosen(var name, var origin, _) -> name.text() + " by " + origin.text();
      case Selection.Unusable(var source, _) -> "error at " + source;
      case Selection.LeftAlone() -> "left alone";
    };
  }

  @ParameterizedTest(name = "{0} {1} {2} {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        // Kubelets from 1.25 on: no string, and Unconfined for nothing.
        "v1 | Unconfined     | | | localhost/default.json by node-default",
        "v1 | RuntimeDefault | | | runtime/default by kubelet",
        "v1 | ROOT/a/b.json  | | | localhost/a/b.json by kubelet",
        "v1 | Unconfined     | | pod=localhost/p | localhost/p by pod-annotation",
        "v1 | Unconfined     | | pod=localhost/p c=localhost/c | localhost/c by container-annotation",
        "v1 | Unconfined     | | pod=localhost/p other=localhost/c | localhost/p by pod-annotation",
        "v1 | Unconfined     | | c=unconfined | unconfined by container-annotation",
        "v1 | Unconfined     | | c=docker/default | runtime/default by container-annotation",
        "v1 | RuntimeDefault | | c=localhost/c | runtime/default by kubelet",
        "v1 | ROOT/a.json    | | c=unconfined | localhost/a.json by kubelet",
        "v1 | ROOT/a.json    | | c=localhost/./a.json | localhost/./a.json by container-annotation",
        "v1 | localhost/ROOT/a.json | | | localhost/a.json by kubelet",
        // A directory beside the root, whose name begins as the root's.
        "v1 | ROOT-x/a.json  | | | error at CRI field seccomp",
        "v1alpha2 | -        | localhost/ROOT-x/a.json | | error at CRI field seccomp_profile_path",
        // A judged pod's fields are its last word.
        "v1 | Unconfined     | | judged=p free=c | unconfined by kubelet",
        "v1 | Unconfined     | | judged= free=c | unconfined by kubelet",
        "v1 | Unconfined     | | judged=p free=b,c,d | unconfined by kubelet",
        "v1 | Unconfined     | | judged=p free=c c=unconfined | unconfined by container-annotation",
        "v1 | RuntimeDefault | | judged=p free=c | runtime/default by kubelet",
        "v1 | -              | | judged=p free=c | localhost/default.json by node-default",
        // It was added when nobody judged it, or by a Portcullis that wrote no names.
        "v1 | Unconfined     | | judged=p | localhost/default.json by node-default",
        "v1 | Unconfined     | | judged=p free= | localhost/default.json by node-default",
        "v1 | Unconfined     | | judged=p free=b,cc | localhost/default.json by node-default",
        "v1 | Unconfined     | | judged=p free=b pod=localhost/p | localhost/p by pod-annotation",
        "v1 | Unconfined     | | judged=p free=b c=unconfined | unconfined by container-annotation",
        "v1 | Unconfined     | | free=c | localhost/default.json by node-default",
        "v1 | RuntimeDefault | | judged=p c=unconfined | runtime/default by kubelet",
        "v1 | -              | | judged=p | localhost/default.json by node-default",
        // Kubelets 1.23 and 1.24 say both.
        "v1 | Unconfined     | unconfined      | | unconfined by kubelet",
        "v1 | RuntimeDefault | runtime/default | | runtime/default by kubelet",
        "v1 | Unconfined     | localhost/ROOT/c | c=localhost/c | localhost/c by container-annotation",
        "v1 | RuntimeDefault | unconfined | judged=p c=unconfined | runtime/default by kubelet",
        // Kubelets 1.19 to 1.22, and all that speak v1alpha2.
        "v1alpha2 | Unconfined     | | | localhost/default.json by node-default",
        "v1alpha2 | Unconfined     | unconfined | | unconfined by kubelet",
        "v1alpha2 | Unconfined     | | judged=p free=c | unconfined by kubelet",
        "v1alpha2 | Unconfined     | unconfined | c=unconfined | unconfined by container-annotation",
        "v1alpha2 | Unconfined     | docker/default | pod=docker/default | runtime/default by pod-annotation",
        "v1alpha2 | Unconfined     | localhost/ROOT/s.json | pod=localhost/s.json | localhost/s.json by pod-annotation",
        "v1alpha2 | RuntimeDefault | localhost/ROOT/c | c=localhost/c | runtime/default by kubelet",
        "v1alpha2 | ROOT/a.json    | localhost/ROOT/c | c=localhost/c | localhost/a.json by kubelet",
        "v1alpha2 | RuntimeDefault | localhost/ROOT/c | judged=p c=localhost/c | runtime/default by kubelet",
        "v1alpha2 | ROOT/a.json    | runtime/default  | c=runtime/default | localhost/a.json by kubelet",
        "v1alpha2 | RuntimeDefault | junk | c=junk | runtime/default by kubelet",
        "v1alpha2 | Unknown        | localhost/ROOT/c | c=localhost/c | error at CRI field seccomp",
        "v1alpha2 | ROOT/c         | localhost/ROOT/c | c=localhost/c | localhost/c by container-annotation",
        "v1alpha2 | RuntimeDefault | runtime/default | | runtime/default by kubelet",
        "v1alpha2 | ROOT/a.json    | localhost/ROOT/a.json | | localhost/a.json by kubelet",
        "v1alpha2 | ROOT/a.json    | unconfined | c=unconfined | localhost/a.json by kubelet",
        "v1alpha2 | RuntimeDefault | unconfined | c=unconfined | runtime/default by kubelet",
        "v1alpha2 | Unconfined     | | judged=p | localhost/default.json by node-default",
        "v1alpha2 | Unconfined     | unconfined | judged=p | unconfined by kubelet",
        "v1alpha2 | RuntimeDefault | unconfined | judged=p c=unconfined | runtime/default by kubelet",
        "v1alpha2 | ROOT/a.json    | unconfined | judged=p c=unconfined | localhost/a.json by kubelet",
        "v1alpha2 | Unconfined | localhost/ROOT/x | judged=p c=localhost/x | localhost/x by container-annotation",
        // Kubelets up to 1.18 have no message.
        "v1alpha2 | - | | | localhost/default.json by node-default",
        "v1alpha2 | - | unconfined | pod=unconfined | unconfined by pod-annotation",
        "v1alpha2 | - | localhost/ROOT/c | c=localhost/c | localhost/c by container-annotation",
        "v1alpha2 | - | runtime/default | judged=p | runtime/default by kubelet",
        // Present and unusable.
        "v1 | Unconfined | | c=junk pod=runtime/default | error at annotation KEYc",
        "v1 | Unconfined | | c= pod=runtime/default | error at annotation KEYc",
        "v1 | Unconfined | | c=localhost/ | error at annotation KEYc",
        "v1 | Unconfined | | pod=localhost/../x | error at annotation POD",
        "v1 | Unconfined | | pod=localhost//x | error at annotation POD",
        "v1 | Unconfined | | pod=Unconfined | error at annotation POD",
        "v1 | empty | | | error at CRI field seccomp",
        "v1 | ROOT  | | | error at CRI field seccomp",
        "v1 | /elsewhere/x | | | error at CRI field seccomp",
        "v1 | /var/lib/kubelet/seccomp2/x | | | error at CRI field seccomp",
        "v1 | relative | | | error at CRI field seccomp",
        "v1 | Unknown | | | error at CRI field seccomp",
        "v1 | Unknown | | judged=p | error at CRI field seccomp",
        "v1 | Unconfined+x | | | error at CRI field seccomp",
        "v1alpha2 | Unconfined | junk | c=junk | error at annotation KEYc",
        "v1alpha2 | Unconfined | junk | | error at CRI field seccomp_profile_path",
        "v1alpha2 | Unconfined | localhost/ROOT | pod=localhost/ | error at annotation POD",
        "v1alpha2 | Unconfined | localhost//etc/x | pod=localhost/../../../etc/x | error at annotation POD",
        "v1alpha2 | Unconfined | localhost//etc/x | | error at CRI field seccomp_profile_path",
        "v1alpha2 | Unconfined | localhost/rel | | error at CRI field seccomp_profile_path",
        // CVE-2023-2431: an empty profile is Unconfined on the wire of an old kubelet.
        "v1alpha2 | Unconfined | | pod=localhost/ | error at annotation POD",
      })
  void row(String api, String message, String string, String annotations, String expected) {
    assertThat(text(decide(creation(message, string, annotations, "c"))))
        .isEqualTo(expected.replace("KEY", KEY).replace("POD", POD));
  }

  @Test
  void privilegedContainersAreLeftAlone() {
    ContainerRequest creation = creation("Unconfined", "", "c=junk", "c");
    assertThat(
            decide(
                new ContainerRequest(
                    creation.pod(),
                    creation.container(),
                    creation.annotations(),
                    new Rights(true, true, List.of()),
                    creation.seccomp())))
        .isEqualTo(new Selection.LeftAlone());
  }

  @Test
  void aContainerWithoutANameHasNoAnnotation() {
    assertThat(text(decide(creation("Unconfined", "", "=localhost/c", ""))))
        .isEqualTo("localhost/default.json by node-default");
  }

  @Test
  void anAnnotationThatTheKubeletOverridesIsTold() {
    ContainerRequest creation = creation("RuntimeDefault", "", "c=localhost/c", "c");
    assertThat(ProfileSelector.overridden(creation, decide(creation)))
        .isEqualTo("annotation " + KEY + "c is overridden: the kubelet named runtime/default");
    ContainerRequest quiet = creation("RuntimeDefault", "", "c=runtime/default", "c");
    assertThat(ProfileSelector.overridden(quiet, decide(quiet))).isNull();
  }

  @Test
  void whatIsWrongIsShownOnOneShortLine() {
    ContainerRequest creation = creation("Unconfined", "", "c=" + "x\n".repeat(5000), "c");
    assertThat(((Selection.Unusable) decide(creation)).problem())
        .hasSizeLessThan(500)
        .doesNotContain("\n")
        .endsWith("must be a valid seccomp profile");
  }

  @Test
  void aThousandAnnotations() {
    StringBuilder annotations = new StringBuilder("c=localhost/mine");
    for (int i = 0; i < 1000; i++) {
      annotations.append(" other-").append(i).append("=junk");
    }
    assertThat(text(decide(creation("Unconfined", "", annotations.toString(), "c"))))
        .isEqualTo("localhost/mine by container-annotation");
  }
}
