package dev.portcullis.pods.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTextTest {
  private static List<String> problems(String value) {
    return ProfileText.problems(value).stream()
        .map(problem -> problem.found() + "|" + problem.detail())
        .toList();
  }

  @Test
  void theFourForms() {
    assertThat(ProfileText.read("runtime/default"))
        .isEqualTo(new ProfileText.Named(ProfileName.RUNTIME_DEFAULT));
    assertThat(ProfileText.read("docker/default"))
        .isEqualTo(new ProfileText.Named(ProfileName.RUNTIME_DEFAULT));
    assertThat(ProfileText.read("unconfined"))
        .isEqualTo(new ProfileText.Named(ProfileName.UNCONFINED));
    assertThat(ProfileText.read("localhost/a/b.json"))
        .isEqualTo(new ProfileText.Named(new ProfileName.Localhost("a/b.json")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "localhost ",
        "runtime/other",
        "confined",
        "none",
        "x",
        "*",
        "/x",
        "/etc/x.json",
        "../x.json"
      })
  void whatIsNoName(String value) {
    assertThat(problems(value)).containsExactly(value + "|must be a valid seccomp profile");
  }

  /// What is almost one, is none all the same, and what it may have meant is said.
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Localhost/x,localhost/x",
        "LOCALHOST/x,localhost/x",
        "localhost:x.json,localhost/x.json",
        "profiles/audit.json,localhost/profiles/audit.json",
        "/var/lib/kubelet/seccomp/a/b,localhost/a/b",
        "runtime/default ,runtime/default",
        " runtime/default,runtime/default",
        "~runtime/default\n~,runtime/default",
        "\"runtime/default\",runtime/default",
        "Runtime/Default,runtime/default",
        "RuntimeDefault,runtime/default",
        "RuntimeDefualt,runtime/default",
        "runtime/default-audit,runtime/default",
        "docker-default,runtime/default",
        "default,runtime/default",
        "Unconfined,unconfined",
        "unconfned,unconfined",
        "uncofnined,unconfined",
        "~unconfined\n~,unconfined"
      },
      quoteCharacter = '~')
  void whatIsAlmostAName(String value, String meant) {
    assertThat(problems(value))
        .containsExactly(
            value + "|must be a valid seccomp profile; did you mean \"" + meant + "\"?");
    assertThat(ProfileText.read(value)).isInstanceOf(ProfileText.Unusable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "a/b.json, a/b.json",
    "./a, a",
    "a//b/./c/, a/b/c",
    "..a/b.., ..a/b..",
    "., ''",
    "./, ''",
    "a\\b, a\\b"
  })
  void aPathIsCleanedAsKubeletDoes(String written, String cleaned) {
    assertThat(new ProfileName.Localhost(written).cleaned()).isEqualTo(cleaned);
  }

  @Test
  void whatNoFileCanBeCalledIsCleanedToo() {
    assertThat(new ProfileName.Localhost("a\0b//\ud800").cleaned()).isEqualTo("a\0b/\ud800");
  }

  /// Traps 3, 4 and 7: only an element that is `..` climbs, and nothing is cleaned or folded.
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "./x",
        "a//b",
        "a/",
        " x ",
        "a\nb",
        "a\u0000b",
        "a,b",
        "*",
        "ünï",
        "%2e%2e",
        "a\\..\\b",
        "..a",
        "a..",
        "...",
        "localhost/x"
      })
  void strangePathsAreNames(String path) {
    assertThat(problems("localhost/" + path)).isEmpty();
    assertThat(ProfileText.read("localhost/" + path))
        .isEqualTo(new ProfileText.Named(new ProfileName.Localhost(path)));
  }

  @Test
  void pathsThatLeaveTheRoot() {
    assertThat(problems("localhost//etc")).containsExactly("/etc|must be a relative path");
    assertThat(problems("localhost//var/lib/kubelet/seccomp/a.json"))
        .containsExactly(
            "/var/lib/kubelet/seccomp/a.json|must be a relative path; below the profile root it is"
                + " \"a.json\"");
    assertThat(problems("localhost/..")).containsExactly("..|must not contain '..'");
    assertThat(problems("localhost/a/../../b")).containsExactly("a/../../b|must not contain '..'");
    assertThat(problems("localhost//../b"))
        .containsExactly("/../b|must be a relative path", "/../b|must not contain '..'");
  }

  /// Trap 2: Kubernetes takes it for valid, and runs the container unconfined.
  @Test
  void localhostWithNothingAfterItIsValidAndUnusable() {
    assertThat(problems("localhost/")).isEmpty();
    assertThat(ProfileText.read("localhost/")).isInstanceOf(ProfileText.Unusable.class);
  }

  @Test
  void aLocalhostNameCannotBeMadeOfABadPath() {
    assertThatThrownBy(() -> new ProfileName.Localhost("../x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ProfileName.Localhost(""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
