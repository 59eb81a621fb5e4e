package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumesTest {
  private static final String SETTINGS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {a.conf: "one", b.conf: "two"}
      """;
  private static final String PASSWORD =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: password}
      data: {word: "c2Vj\\ncmV0"}
      """;

  @TempDir Path temporary;
  RunDirectory directory;

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = RunDirectory.create(temporary.resolve("state"));
  }

  @AfterEach
  void removeDirectory() {
    assertThat(directory.remove()).isEmpty();
  }

  private Map<String, Path> make(String volumes, String... others) throws IOException {
    return new VolumeMaker(directory, Plans.plan("volumes:\n" + volumes, "", others)).make();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void anEmptyDirectoryIsForEverybody() throws IOException {
    Path path = Objects.requireNonNull(make("- {name: v, emptyDir: {}}").get("v"));
    assertThat(path).isEmptyDirectory();
    assertThat(permissions(path)).isEqualTo("rwxrwxrwx");
    assertThat(make("- {name: w}").get("w")).isEmptyDirectory();
  }

  @Test
  void oneInMemoryLiesInMemoryAndGoesAway() throws IOException {
    Path path = Objects.requireNonNull(make("- {name: v, emptyDir: {medium: Memory}}").get("v"));
    assertThat(path.toString()).startsWith("/dev/shm/portcullis-run-");
    assertThat(directory.remove()).isEmpty();
    assertThat(Path.of("/dev/shm/portcullis-" + directory.path().getFileName())).doesNotExist();
  }

  @Test
  void whatLiesInMemoryByThatNameIsNotOurs() throws IOException {
    Path taken = Path.of("/dev/shm/portcullis-" + directory.path().getFileName());
    Files.createSymbolicLink(taken, temporary);
    try {
      assertThatThrownBy(() -> make("- {name: v, emptyDir: {medium: Memory}}"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is not ours");
    } finally {
      Files.delete(taken);
    }
    assertThat(temporary).isDirectoryNotContaining("glob:**" + Plans.UID);
  }

  @Test
  void filesOfAConfigMap() throws IOException {
    Path path =
        Objects.requireNonNull(
            make("- {name: v, configMap: {name: settings, defaultMode: 0o400}}", SETTINGS)
                .get("v"));
    assertThat(path.resolve("a.conf")).hasContent("one");
    assertThat(permissions(path.resolve("b.conf"))).isEqualTo("r--------");
  }

  @Test
  void itemsOfASecret() throws IOException {
    Path path =
        Objects.requireNonNull(
            make(
                    "- {name: v, secret: {secretName: password, items: [{key: word, path: d/w,"
                        + " mode: 0o640}]}}",
                    PASSWORD)
                .get("v"));
    assertThat(path.resolve("d/w")).hasContent("secret");
    assertThat(permissions(path.resolve("d/w"))).isEqualTo("rw-r-----");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: ../../etc, emptyDir: {}} | Invalid value: \"../../etc\": must be lower case",
        "{name: /etc, emptyDir: {}} | Invalid value: \"/etc\": must be lower case",
        "{emptyDir: {}} | Required value",
        "{name: v, emptyDir: {}, hostPath: {path: /}} | has emptyDir already",
        "{name: v, emptyDir: {medium: HugePages}} | supported values: \"\", \"Memory\"",
        "{name: v, emptyDir: {sizeLimit: 1Gi}} | sizeLimit: portcullis run does not support",
        "{name: v, hostPath: {path: a}} | must be an absolute path without '..'",
        "{name: v, hostPath: {path: /a/../etc}} | must be an absolute path without '..'",
        "{name: v, hostPath: {path: /a, type: Dir}} | Unsupported value: \"Dir\"",
        "{name: v, configMap: {name: nowhere}} | there is no ConfigMap of this name",
        "{name: v, configMap: {name: settings, items: [{key: k, path: f}]}} | no such key",
        "{name: v, configMap: {name: settings, items: [{key: a.conf, path: ../x}]}}"
            + " | a file must stay in its volume",
        "{name: v, configMap: {name: settings, items: [{key: a.conf, path: /x}]}}"
            + " | a file must stay in its volume",
        "{name: v, configMap: {name: settings, defaultMode: 4095}} | must be from 0 to 0777",
        "{name: v, persistentVolumeClaim: {claimName: c}} | does not support this field: it has no"
            + " persistent volumes. Add --pvc-as-emptydir",
        "{name: v, persistentVolumeClaim: {}} | does not support this field",
        "{name: v, ephemeral: {volumeClaimTemplate: {}}} | does not support this field: it has no",
        "{name: v, csi: {}} | spec.volumes[0].csi: portcullis run does not support this field",
        "{name: v, projected: {sources: [{configMap: {name: nowhere}}]}} | no ConfigMap of this",
        "{name: v, projected: {sources: [{serviceAccountToken: {path: ../../token}}]}}"
            + " | serviceAccountToken.path: Invalid value: \"../../token\": a file must stay in its",
        "{name: v, projected: {sources: [{serviceAccountToken: {path: /etc/token}}]}}"
            + " | a file must stay in its volume",
        "{name: v, projected: {sources: [{serviceAccountToken: {}}]}} | path: Required value",
        "{name: v, projected: {sources: [{clusterTrustBundle: {path: x}}]}} | does not support",
        "{name: v, projected: {sources: [{configMap: {name: settings}, secret: {name: s}}]}}"
            + " | sources[0].secret: Forbidden: a source has configMap already",
        "{name: v, projected: {sources: [{configMap: {name: settings}}, {configMap: {name:"
            + " settings}}]}} | sources[1].configMap: Duplicate value: \"a.conf\"",
        "{name: v, downwardAPI: {items: [{path: ../x, fieldRef: {fieldPath: metadata.name}}]}}"
            + " | a file must stay in its volume",
        "{name: v, downwardAPI: {items: [{path: x, fieldRef: {fieldPath: status.podIP}}]}}"
            + " | must be metadata.labels, metadata.annotations, metadata.name"
      })
  void unusable(String volume, String message) {
    assertThat(Plans.refusals("volumes:\n- " + volume, "", SETTINGS))
        .anySatisfy(error -> assertThat(error).contains(message));
  }

  /// Traps: the mounts of a volume that is wrong are not wrong, too.
  @Test
  void aWrongVolumeHasOneError() {
    assertThat(
            Plans.refusals(
                "volumes:\n- {name: v, configMap: {name: nowhere}}",
                "volumeMounts: [{name: v, mountPath: /v}]"))
        .singleElement()
        .asString()
        .contains("there is no ConfigMap of this name");
  }

  @Test
  void filesOfSeveralSourcesAndAboutThePod() throws IOException {
    Path path =
        Objects.requireNonNull(
            make(
                    """
                    - name: v
                      projected:
                        defaultMode: 0o440
                        sources:
                        - configMap: {name: settings, items: [{key: a.conf, path: conf/a}]}
                        - secret: {name: password, optional: true}
                        - downwardAPI:
                            items:
                            - {path: namespace, fieldRef: {fieldPath: metadata.namespace}}
                            - {path: labels, mode: 0o400, fieldRef: {fieldPath: metadata.labels}}
                    """,
                    SETTINGS)
                .get("v"));
    assertThat(path.resolve("conf/a")).hasContent("one");
    assertThat(path.resolve("namespace")).hasContent("default");
    assertThat(path.resolve("labels")).hasContent("app=\"web\"\n");
    assertThat(permissions(path.resolve("namespace"))).isEqualTo("r--r-----");
    assertThat(permissions(path.resolve("labels"))).isEqualTo("r--------");
    assertThat(path.resolve("word")).doesNotExist();
  }

  @Test
  void aClaimIsAnEmptyDirectoryOnDemand() throws IOException {
    PodPlan plan =
        Plans.plan(
            Plans.read(
                Plans.pod("volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]", ""),
                new RunLeniency(false, true)));
    assertThat(new VolumeMaker(directory, plan).make().get("v")).isEmptyDirectory();
  }

  @Test
  void volumesBelongToTheGroupOfThePod() throws IOException {
    assumeThat(System.getProperty("user.name")).as("chown(2)").isEqualTo("root");
    Path host = Files.createFile(temporary.resolve("host"));
    int before = (Integer) Files.getAttribute(host, "unix:gid");
    PodPlan plan =
        Plans.plan(
            "securityContext: {fsGroup: 4711}\nvolumes:\n- {name: v}\n"
                + "- {name: f, configMap: {name: settings, defaultMode: 0o400}}\n"
                + "- {name: h, hostPath: {path: "
                + host
                + "}}",
            "",
            SETTINGS);
    Map<String, Path> made = new VolumeMaker(directory, plan).make();
    assertThat(owner(made.get("v"))).isEqualTo("4711 2777");
    assertThat(owner(made.get("f"))).isEqualTo("4711 2755");
    assertThat(owner(Objects.requireNonNull(made.get("f")).resolve("a.conf")))
        .isEqualTo("4711 440");
    assertThat(owner(made.get("h"))).startsWith(before + " ");
  }

  private static String owner(@Nullable Path path) throws IOException {
    return Files.getAttribute(Objects.requireNonNull(path), "unix:gid")
        + " "
        + Integer.toOctalString((Integer) Files.getAttribute(path, "unix:mode") & 07777);
  }

  @Test
  void twoOfOneName() {
    assertThat(Plans.refusals("volumes:\n- {name: v}\n- {name: v}", ""))
        .containsExactly("spec.volumes[1].name: Duplicate value: \"v\"");
  }

  @Test
  void anOptionalOneThatIsMissingIsEmpty() throws IOException {
    assertThat(make("- {name: v, configMap: {name: nowhere, optional: true}}").get("v"))
        .isEmptyDirectory();
  }

  @Test
  void hostPathsAreWhatTheirTypeSays() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    assertThat(make("- {name: v, hostPath: {path: " + file + ", type: File}}"))
        .containsEntry("v", file.toRealPath());
    assertThatThrownBy(() -> make("- {name: v, hostPath: {path: " + file + ", type: Directory}}"))
        .hasMessageContaining("volume \"v\": " + file + " is no Directory on this machine");
    assertThatThrownBy(() -> make("- {name: v, hostPath: {path: " + file + "/x}}"))
        .hasMessageContaining("volume \"v\" cannot be made");
    Path socket = temporary.resolve("no-socket");
    assertThatThrownBy(() -> make("- {name: v, hostPath: {path: " + socket + ", type: Socket}}"))
        .hasMessageContaining("is no Socket");
  }

  @Test
  void aSubPathIsMade() throws IOException {
    var mount = new ContainerPlan.VolumeMount("v", "/m", "a/b", true);
    var made = VolumeMaker.mount(mount, temporary);
    assertThat(temporary.resolve("a/b")).isDirectory();
    assertThat(made.toString()).contains(temporary.toRealPath() + "/a/b");
  }

  @Test
  void aSubPathDoesNotClimbByALinkAndMakesNothingOutside() throws IOException {
    Path volume = Files.createDirectory(temporary.resolve("volume"));
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Files.createSymbolicLink(volume.resolve("link"), outside);
    Files.createSymbolicLink(volume.resolve("dangling"), temporary.resolve("nowhere"));
    for (String subPath : new String[] {"link", "link/new"}) {
      assertThatThrownBy(() ->
              VolumeMaker.mount(new ContainerPlan.VolumeMount("v", "/m", subPath, false), volume))
          .isInstanceOf(IOException.class)
          .hasMessage("volume \"v\": subPath \"" + subPath + "\" leads out of the volume");
    }
    assertThat(outside).isEmptyDirectory();
    assertThatThrownBy(() ->
            VolumeMaker.mount(
                new ContainerPlan.VolumeMount("v", "/m", "dangling/x", false), volume))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("subPath \"dangling/x\" cannot be used");
  }

  @Test
  void whatIsNoBase64IsRefused() {
    ObjectIndex index = new ObjectIndex("default");
    assertThat(index.add(Plans.objects(PASSWORD.replace("c2Vj", "%%%%")).getFirst()))
        .anySatisfy(error -> assertThat(error.message()).contains("must be base64"));
    assertThat(Objects.requireNonNull(index.data(ObjectIndex.Kind.SECRET, "default", "password")))
        .doesNotContainKey("word");
  }
}
