package dev.portcullis.seccomp.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltInDefaultsTest {
  static List<String> runtimes() {
    return BuiltInDefaults.runtimes();
  }

  private static BuiltInDefault found(String name) {
    return switch (BuiltInDefaults.find(name)) {
      case BuiltInDefaults.Found(BuiltInDefault found) -> found;
      case BuiltInDefaults.NotKnown(String reason) -> throw new AssertionError(reason);
    };
  }

  private static String reason(String name) {
    return switch (BuiltInDefaults.find(name)) {
      case BuiltInDefaults.Found(BuiltInDefault found) -> throw new AssertionError(found.name());
      case BuiltInDefaults.NotKnown(String reason) -> reason;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "containerd/default@1.6.20, containerd/default@1.6.20, 1.6.16",
    "containerd/default@v1.6.20~ds1-1+deb12u3, containerd/default@1.6.20, 1.6.16",
    "containerd/default@1.7, containerd/default@1.7.34, 1.7.32",
    "containerd/default@2, containerd/default@2.3.4, 2.2.4",
    "containerd/default, containerd/default@2.3.4, 2.2.4",
    "containerd/default@2.3.0, containerd/default@2.3.0, 2.2.0",
    "docker/default@20.10.24, docker/default@20.10.24, 20.10.18",
    "podman/default@0.50.1, podman/default@0.50.1, 0.49.0",
    "crio/default@1.36, crio/default@1.36.3, 1.35.1",
  })
  void aNameMeansARelease(String name, String full, String contents) {
    BuiltInDefault found = found(name);
    assertThat(found.name()).isEqualTo(full);
    assertThat(found.contents().name()).isEqualTo(contents);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "containerd/default@2.9",
        "containerd/default@1.7.35",
        "containerd/default@1.5.0",
        "containerd/default@3",
        "containerd/default@latest",
        "containerd/default@2.3.0-rc.1",
        "containerd/default@",
      })
  void theNearestIsNotTaken(String name) {
    assertThat(reason(name))
        .startsWith("\"" + name.substring("containerd/default@".length()) + "\" is not known;")
        .contains("1.6.0-1.6.39, 1.7.0-1.7.34, ", "2.3.0-2.3.4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"containerd", "runtime/default", "./docker/default", "lxc/default@1"})
  void otherTextIsNoName(String text) {
    assertThat(BuiltInDefaults.isName(text)).isFalse();
    assertThatThrownBy(() -> BuiltInDefaults.find(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// A release has one content, ranges begin where others end, and changes change something.
  @ParameterizedTest
  @MethodSource("runtimes")
  void everyReleaseIsThereOnce(String runtime) {
    List<DefaultContents> all = BuiltInDefaults.all(runtime);
    List<VersionRange> ranges = new ArrayList<>();
    for (DefaultContents contents : all) {
      assertThat(contents.changes()).isNotEmpty();
      assertThat(contents.versions().getFirst().from()).hasToString(contents.name());
      for (VersionRange range : contents.versions()) {
        assertThat(range.from()).isLessThanOrEqualTo(range.to());
        assertThat(range.from().minor()).isEqualTo(range.to().minor());
        assertThat(ranges).noneMatch(other -> other.has(range.from()) || range.has(other.from()));
        ranges.add(range);
      }
    }
    assertThat(all.stream().map(DefaultContents::profile)).doesNotHaveDuplicates();
  }

  /// What is written of it in Docker's format is read as the same.
  @ParameterizedTest
  @MethodSource("runtimes")
  void isAProfileInDockersFormat(String runtime) {
    for (DefaultContents contents : BuiltInDefaults.all(runtime)) {
      String written = ProfileWriter.writeDocker(contents.profile());
      assertThat(ProfileReader.read(written.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOfSatisfying(
              ProfileParseResult.Read.class,
              read -> {
                assertThat(read.warnings()).isEmpty();
                assertThat(ProfileWriter.writeDocker(read.profile())).isEqualTo(written);
              });
    }
  }

  @Test
  void changesAreToTheirBase() {
    String text =
        """
        # a comment
        runtime x

        contents 1.0.0
          versions: 1.0.0-1.0.3
          source: x/x v1.0.0 0123456789012345678901234567890123456789 2020-01-02
            a file
          otherwise errno EPERM
          machine x86_64: x86
          allow: read
            write
          errno ENOSYS without SYS_ADMIN: clone3 socket(a0==0x28)

        contents 1.0.4 from 1.0.0
          versions: 1.0.4
          source: x/x v1.0.4 0123456789012345678901234567890123456789 2020-02-02
            a file
          - allow: write
          + allow with SYS_PTRACE on amd64 since 4.8: clone(a0&0x2==0x2)
        """;
    List<DefaultContents> all = DefaultsFile.read(text);
    assertThat(all).hasSize(2);
    DefaultContents last = all.getLast();
    assertThat(last.base()).isEqualTo("1.0.0");
    assertThat(last.source().date()).isEqualTo("2020-02-02");
    assertThat(last.profile().rules())
        .extracting(BuiltInDefaultsTest::text)
        .containsExactly(
            "[read] ALLOW [] [] [] null",
            "[clone3] ERRNO [CAP_SYS_ADMIN] [] [] null",
            "[socket] ERRNO [CAP_SYS_ADMIN] [] [ArgumentCondition[index=0, value=40, valueTwo=0,"
                + " operator=EQ]] null",
            "[clone] ALLOW [] [CAP_SYS_PTRACE] [ArgumentCondition[index=0, value=2, valueTwo=2,"
                + " operator=MASKED_EQ]] 4.8");
    assertThatThrownBy(() -> DefaultsFile.read(text.replace("- allow: write", "- allow: open")))
        .hasMessageContaining("to take away");
    assertThatThrownBy(() -> DefaultsFile.read(text.replace("allow: read", "alow: read")))
        .hasMessageContaining("no outcome");
    assertThatThrownBy(() -> DefaultsFile.read(text.replace("from 1.0.0", "from 1.0.1")))
        .hasMessageContaining("1.0.1");
  }

  private static String text(Rule rule) {
    return rule.names().list().stream().map(each -> each.name()).toList()
        + " "
        + rule.outcome().action()
        + " "
        + rule.guard().excludes().capabilities()
        + " "
        + rule.guard().includes().capabilities()
        + " "
        + rule.arguments()
        + " "
        + rule.guard().includes().minKernel();
  }

  /// libseccomp decides by the order where rules for one call contradict each other.
  @Test
  void whatIsSaidOfACallStaysInItsOrder() {
    String text =
        """
        contents 1.0.0
          versions: 1.0.0
          source: x/x v1.0.0 0123456789012345678901234567890123456789 2020-01-02
            a file
          otherwise errno EPERM
          allow: read write
          errno ENOSYS: write
          allow: close write
        """;
    assertThat(DefaultsFile.read(text).getFirst().profile().rules())
        .extracting(rule -> rule.names().list().stream().map(each -> each.name()).toList())
        .containsExactly(List.of("read", "write", "close"), List.of("write"), List.of("write"));
  }
}
