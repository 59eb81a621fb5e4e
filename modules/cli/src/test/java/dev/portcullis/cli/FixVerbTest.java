package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixVerbTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: shop
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: runtime/default
      spec:
        # The only one.
        containers:
        - name: shop
          image: shop:1
      """;
  private static final String FIXED =
      POD.replace(
          "spec:\n",
          "spec:\n  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n");
  private static final String WRONG = POD.replace("runtime/default", "RuntimeDefault");
  private static final String PLAIN = FIXED.replaceAll("(?m)^.*(annotations:|alpha).*\n", "");

  @TempDir Path temporary;

  private Path file(String name, String content) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @Test
  void theDiffIsWhatPatchTakes() throws IOException {
    Path file = file("pod.yaml", POD);
    Run run = Run.of("fix", file.toString());
    assertThat(run.out())
        .isEqualTo(
            """
            --- %1$s
            +++ %1$s
            @@ -5,6 +5,9 @@
               annotations:
                 seccomp.security.alpha.kubernetes.io/pod: runtime/default
             spec:
            +  securityContext:
            +    seccompProfile:
            +      type: RuntimeDefault
               # The only one.
               containers:
               - name: shop
            """
                .formatted(file));
    assertThat(run.err())
        .isEqualTo("note: 1 file, 1 would change (1 pod or template); --write changes them\n");
    assertThat(run.code()).isEqualTo(1);
    assertThat(file).hasContent(POD);
  }

  @Test
  void onATerminalTheDiffIsColoured() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, false, UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), false, UTF_8),
            new Colour(true),
            Colour.OFF,
            80,
            Map.of());
    new Cli(terminal).run(List.of("fix", file("pod.yaml", POD).toString()));
    assertThat(out.toString(UTF_8))
        .contains("\u001b[32m+  securityContext:\u001b[0m\n", " spec:\n", "\u001b[36m@@ -5,6");
  }

  @Test
  void whatIsWrittenNeedsNothingMore() throws IOException {
    Path file = file("pod.yaml", POD);
    Run run = Run.of("fix", "--write", temporary.toString());
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("note: 1 file, 1 changed (1 pod or template)\n");
    assertThat(run.code()).isZero();
    assertThat(file).hasContent(FIXED);
    Run again = Run.of("fix", temporary.toString());
    assertThat(again.out()).isEmpty();
    assertThat(again.err()).isEqualTo("note: 1 file, nothing to do\n");
    assertThat(again.code()).isZero();
    assertThat(Run.of("check", "--fail-on", "ignored-annotation", file.toString()).code()).isZero();
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void standardInputBecomesStandardOutput() {
    Run run = Run.with(POD, "fix", "-");
    assertThat(run.out()).isEqualTo(FIXED);
    assertThat(run.code()).isZero();
    assertThat(Run.with(FIXED, "fix", "-").out()).isEqualTo(FIXED);
    assertThat(Run.with(POD, "fix", "--remove-annotations", "-").out()).isEqualTo(PLAIN);
    Run diff = Run.with(POD, "fix", "--diff", "-");
    assertThat(diff.out()).startsWith("--- -\n+++ -\n@@ -5,6 +5,9 @@\n");
    assertThat(diff.code()).isEqualTo(1);
  }

  @Test
  void whatCannotBeDoneStaysAndIsSaid() throws IOException {
    Run run = Run.with(POD + "---\n" + WRONG, "fix", "-");
    assertThat(run.out()).isEqualTo(FIXED + "---\n" + WRONG);
    assertThat(run.err())
        .contains(
            ":18: default/shop: metadata.annotations.seccomp.security.alpha.kubernetes.io/pod:"
                + " Invalid value: \"RuntimeDefault\": must be a valid seccomp profile");
    assertThat(run.code()).isEqualTo(1);
    Path file = file("wrong.yaml", WRONG);
    assertThat(Run.of("fix", "--write", file.toString()).code()).isEqualTo(1);
    assertThat(file).hasContent(WRONG);
  }

  @Test
  void aFileThatCannotBeReadGivesNothing() {
    Run run = Run.with("kind: {{ .Values.kind }}\n", "fix", "-");
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(":1: ", "template", "helm template");
    assertThat(run.code()).isEqualTo(1);
    assertThat(Run.of("fix", temporary.resolve("none.yaml").toString()).code()).isEqualTo(3);
  }

  @Test
  void theJsonIsTheContract() throws IOException {
    Path file = file("pods.yaml", POD + "---\n" + WRONG);
    Run run = Run.of("fix", "-o", "json", "--remove-annotations", file.toString());
    assertThat(run.out().replaceAll("\\s+", " "))
        .isEqualTo(
            """
            { "files" : [ { "source" : "%s", "changed" : true, "written" : false, "changes" : [ \
            { "change" : "field-set", "line" : 9, "column" : 3, "kind" : "Pod", \
            "namespace" : "default", "name" : "shop", \
            "field" : "spec.securityContext.seccompProfile", "profile" : "runtime/default" }, \
            { "change" : "annotation-removed", "line" : 6, "column" : 5, "kind" : "Pod", \
            "namespace" : "default", "name" : "shop", \
            "field" : "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod" } ], \
            "findings" : [ { "id" : "invalid-pod", "line" : 18, "column" : 5, "kind" : "Pod", \
            "namespace" : "default", "name" : "shop", \
            "field" : "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod", \
            "message" : "Invalid value: \\"RuntimeDefault\\": must be a valid seccomp profile; \
            did you mean \\"runtime/default\\"?" } ] } ], "errors" : [ ], "summary" : { "files" : 1, "changed" : 1 } } \
            """
                .formatted(file));
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void modeAndOwnerStay() throws IOException {
    Path file = file("pod.yaml", POD);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw---x"));
    if (System.getProperty("user.name").equals("root")) {
      Files.setAttribute(file, "unix:uid", 1234);
      Files.setAttribute(file, "unix:gid", 2345);
    }
    Object uid = Files.getAttribute(file, "unix:uid");
    Object gid = Files.getAttribute(file, "unix:gid");
    assertThat(Run.of("fix", "--write", file.toString()).code()).isZero();
    assertThat(file).hasContent(FIXED);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-rw---x");
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(uid);
    assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(gid);
  }

  @Test
  void nothingIsWrittenThroughALink() throws IOException {
    Path outside = file("outside/pod.yaml", POD);
    Path tree = Files.createDirectories(temporary.resolve("tree"));
    Path link = Files.createSymbolicLink(tree.resolve("pod.yaml"), outside);
    Files.createSymbolicLink(tree.resolve("more"), outside.getParent());
    for (String operand : List.of(tree.toString(), link.toString())) {
      Run run = Run.of("fix", "--write", operand);
      assertThat(run.err()).contains(link + ": not written: a symbolic link leads to it");
      assertThat(run.code()).isEqualTo(1);
      assertThat(outside).hasContent(POD);
      assertThat(link).isSymbolicLink();
    }
    assertThat(Run.of("fix", "--write", tree.toString()).err())
        .contains(tree.resolve("more/pod.yaml") + ": not written");
  }

  @Test
  void aLinkWithinTheTreeIsTheFileThatItLeadsTo() throws IOException {
    Path file = file("tree/z/pod.yaml", POD);
    Path link = Files.createSymbolicLink(temporary.resolve("tree/a.yaml"), file);
    Run run = Run.of("fix", "--write", temporary.resolve("tree").toString());
    assertThat(run.err()).isEqualTo("note: 1 file, 1 changed (1 pod or template)\n");
    assertThat(run.code()).isZero();
    assertThat(file).hasContent(FIXED);
    assertThat(link).isSymbolicLink();
  }

  @Test
  void aFileWithOtherLinksStays() throws IOException {
    Path file = file("pod.yaml", POD);
    Files.createLink(temporary.resolve("same.yml"), file);
    Run run = Run.of("fix", "--write", file.toString());
    assertThat(run.err()).contains(file + ": not written: it has 2 hard links");
    assertThat(run.code()).isEqualTo(3);
    assertThat(file).hasContent(POD);
  }

  @Test
  void aStoredPodMustBeReplaced() {
    String stored = POD.replace("  name: shop\n", "  name: shop\n  uid: 0b1c2d3e\n");
    assertThat(Run.with(stored, "fix", "-").err()).contains("note: Kubernetes changes no seccomp");
    assertThat(Run.with(POD, "fix", "-").err()).doesNotContain("Kubernetes changes no");
  }

  @Test
  void aDefaultIsWrittenWhereNothingIsNamed() {
    String unnamed = PLAIN.replaceAll("(?m)^.*(securityContext|seccompProfile|type): ?.*\n", "");
    assertThat(Run.with(unnamed, "fix", "-").out()).isEqualTo(unnamed);
    assertThat(Run.with(unnamed, "fix", "--default", "runtime/default", "-").out())
        .isEqualTo(PLAIN);
    assertThat(Run.with(PLAIN, "fix", "--default", "localhost/x", "-").out()).isEqualTo(PLAIN);
  }

  @Test
  void wrongArguments() throws IOException {
    String file = file("pod.yaml", POD).toString();
    assertThat(Run.of("fix").code()).isEqualTo(2);
    assertThat(Run.of("fix", "-", file).err()).contains("fix takes - alone");
    assertThat(Run.of("fix", "--write", "--diff", "-").err()).contains("use one");
    assertThat(Run.of("fix", "--default", "RuntimeDefault", file).err())
        .contains("--default: \"RuntimeDefault\" must be a valid seccomp profile");
  }
}
