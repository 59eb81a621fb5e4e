package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.run.pod.Environment.Template;
import dev.portcullis.run.pod.Environment.Variable;
import dev.portcullis.run.pod.Environment.Verbatim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
  private static final String SETTINGS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {colour: blue}
      """;
  private static final String PASSWORD =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: password}
      data: {word: c2VjcmV0}
      """;

  @ParameterizedTest
  @CsvSource({
    "$(A), a",
    "$$(A), $(A)",
    "$$$(A), $a",
    "$(B), $(B)",
    "x$(A)y$(A), xaya",
    "$(A, $(A",
    "$, $",
    "$$, $",
    "$A, $A",
    "$(), $()",
    "a$, a$"
  })
  void references(String text, String expanded) throws IOException {
    assertThat(Environment.expand(text, Map.of("A", "a"))).isEqualTo(expanded);
  }

  @Test
  void onlyWhatWasSetBeforeIsKnown() throws IOException {
    Environment environment =
        new Environment(
            List.of(
                new Variable("A", new Template("$(B)")),
                new Variable("B", new Verbatim("$(A)")),
                new Variable("C", new Template("$(A) $(B)"))));
    assertThat(environment.resolve(""))
        .containsExactly(
            Map.entry("A", "$(B)"), Map.entry("B", "$(A)"), Map.entry("C", "$(B) $(A)"));
  }

  @Test
  void referencesThatGrowByPowersAreRefused() {
    List<Variable> variables = new ArrayList<>();
    variables.add(new Variable("V0", new Verbatim("x".repeat(1000))));
    for (int i = 1; i <= 60; i++) {
      String before = "$(V" + (i - 1) + ")";
      variables.add(new Variable("V" + i, new Template(before + before)));
    }
    assertThatThrownBy(() -> new Environment(variables).resolve(""))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the limit of execve");
  }

  @Test
  void everySource() throws IOException {
    String env =
        """
        envFrom:
        - {prefix: P_, configMapRef: {name: settings}}
        - {secretRef: {name: password}}
        - {configMapRef: {name: nowhere, optional: true}}
        env:
        - {name: PLAIN, value: v}
        - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: SPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
        - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
        - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
        - {name: ACCOUNT, valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}}
        - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
        - {name: KEY, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}
        - {name: WORD, valueFrom: {secretKeyRef: {name: password, key: word}}}
        - {name: NONE, valueFrom: {secretKeyRef: {name: password, key: none, optional: true}}}
        """;
    assertThat(Plans.container(env, SETTINGS, PASSWORD).program().environment().resolve("10.0.0.1"))
        .containsExactly(
            Map.entry("P_colour", "blue"),
            Map.entry("word", "secret"),
            Map.entry("PLAIN", "v"),
            Map.entry("NAME", "p"),
            Map.entry("SPACE", "default"),
            Map.entry("APP", "web"),
            Map.entry("NODE", "node-1"),
            Map.entry("ACCOUNT", "default"),
            Map.entry("IP", "10.0.0.1"),
            Map.entry("KEY", "blue"),
            Map.entry("WORD", "secret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: 'A=B', value: x} | must be the name of a variable",
        "{value: x} | must be the name of a variable",
        "{name: A, valueFrom: {}} | must have one of fieldRef",
        "{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name},"
            + " configMapKeyRef: {name: settings, key: colour}}} | must have one of fieldRef",
        "{name: A, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}} | value is set"
            + " already",
        "{name: A, valueFrom: {fieldRef: {fieldPath: spec.containers}}} | must be metadata.name",
        "{name: A, valueFrom: {configMapKeyRef: {name: other, key: k}}} | there is no ConfigMap",
        "{name: A, valueFrom: {configMapKeyRef: {name: settings, key: k}}} | no such key",
        "{name: A, valueFrom: {resourceFieldRef: {resource: x}}} | does not support this field",
        "{name: A, value: 1} | quote it"
      })
  void unusable(String variable, String message) {
    assertThat(Plans.refusals("", "env:\n- " + variable, SETTINGS))
        .anySatisfy(error -> assertThat(error).contains(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | must have one of configMapRef, secretRef",
        "{secretRef: {name: settings}} | there is no Secret of this name",
        "{prefix: 'a=', configMapRef: {name: settings}} | must be the name of a variable"
      })
  void unusableSources(String source, String message) {
    assertThat(Plans.refusals("", "envFrom:\n- " + source, SETTINGS))
        .anySatisfy(error -> assertThat(error).contains(message));
  }
}
