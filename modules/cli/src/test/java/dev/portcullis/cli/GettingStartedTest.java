package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The policies of docs/getting-started.md, made by the commands of the page: they must not refuse
/// the team for which they are written, nor anybody who asks for nothing special.
class GettingStartedTest {
  private static final String CALL = "./portcullis policy ";
  private static final String PROFILE =
      "securityContext: {seccompProfile: {type: Localhost, localhostProfile: web/server.json}}";

  @TempDir Path temporary;

  private int admits(String user, String group, String manifest) throws IOException {
    Path file = Files.writeString(temporary.resolve("manifest.yaml"), manifest);
    List<String> words =
        new ArrayList<>(
            List.of(
                "check",
                "--policy",
                temporary.resolve("policies").toString(),
                "--as",
                user,
                file.toString()));
    if (!group.isEmpty()) {
      words.addAll(List.of("--as-group", group));
    }
    return Run.of(words.toArray(String[]::new)).code();
  }

  @Test
  void itsPoliciesAdmitItsTeamAndEverybodyElse() throws IOException {
    Files.createDirectory(temporary.resolve("policies"));
    List<String> made = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("docs/getting-started.md"))) {
      if (line.startsWith(CALL) && line.contains(" > ")) {
        String[] parts = line.substring("./portcullis ".length()).split(" > ", -1);
        Run run = Run.of(parts[0].replace("'", "").split(" ", -1));
        assertThat(run.code()).as(line).isZero();
        Files.writeString(temporary.resolve(parts[1]), run.out());
        made.add(parts[1]);
      }
    }
    assertThat(made).hasSize(4);
    String plain =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c}]}";
    String named = plain.replace("spec: {", "spec: {" + PROFILE + ", ");
    String deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec: {template: {spec: {serviceAccountName: %s, %s, containers: [{name: c}]}}}
        """;
    assertThat(admits("ann", "web-developers", plain)).isZero();
    assertThat(admits("ann", "web-developers", named)).isZero();
    assertThat(admits("ann", "web-developers", deployment.formatted("web", PROFILE))).isZero();
    assertThat(
            admits(
                "ann",
                "web-developers",
                deployment.formatted(
                    "web", "securityContext: {seccompProfile: {type: RuntimeDefault}}")))
        .isZero();
    assertThat(admits("bob", "", plain)).isZero();
    assertThat(admits("bob", "", named)).isOne();
    assertThat(admits("bob", "", deployment.formatted("other", PROFILE))).isOne();
  }
}
