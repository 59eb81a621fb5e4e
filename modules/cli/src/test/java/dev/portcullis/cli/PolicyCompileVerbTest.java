package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `policy compile`; what it writes is held to the webhook in the module `cel`.
class PolicyCompileVerbTest {
  private static final String DEPLOYED = "deploy/policies-only/";
  private static final String TIGHTEN =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: SeccompPolicy
      metadata: {name: tighten}
      spec: {allowedProfiles: [runtime/default], stricterThan: [localhost/base.json]}
      """;

  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    return Files.writeString(temporary.resolve(name), content).toString();
  }

  private static String profile(String allowed) {
    return "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": ["
        + allowed
        + "], \"action\": \"SCMP_ACT_ALLOW\"}]}";
  }

  private static Run compile(String... more) {
    String[] args = new String[more.length + 2];
    args[0] = "policy";
    args[1] = "compile";
    System.arraycopy(more, 0, args, 2, more.length);
    return Run.of(args);
  }

  /// What is installed is what would be compiled, byte for byte.
  @Test
  void whatIsDeployedIsUpToDate() throws IOException {
    String[] input = {DEPLOYED + "policy.yaml", DEPLOYED + "rbac.yaml"};
    Run run = compile(input);
    assertThat(run.code()).isZero();
    String deployed = DEPLOYED + "admission-policies.yaml";
    assertThat(run.out()).isEqualTo(Files.readString(Path.of(deployed)));
    assertThat(run.err()).contains("note: not compiled: ").doesNotContain("warning:", "error:");
    // In either order, and as strict as can be.
    assertThat(compile(input[1], input[0], "--strict").out()).isEqualTo(run.out());
    assertThat(compile(input[0], input[1], "--check", deployed))
        .satisfies(check -> assertThat(check.code()).isZero())
        .satisfies(check -> assertThat(check.out()).isEqualTo("up to date: 20 objects\n"));
    String json = file("list.json", compile(input[0], input[1], "-o", "json").out());
    assertThat(compile(input[0], input[1], "--check", json).code()).isZero();
  }

  @Test
  void aCheckSaysWhatIsOther() throws IOException {
    String[] input = {DEPLOYED + "policy.yaml", DEPLOYED + "rbac.yaml"};
    String deployed = DEPLOYED + "admission-policies.yaml";
    Run other = compile(input[0], input[1], "--default-profile", "unconfined", "--check", deployed);
    assertThat(other.code()).isOne();
    assertThat(other.out()).isEmpty();
    assertThat(other.err())
        .contains("error: MutatingAdmissionPolicy portcullis-fields was compiled from something")
        .contains("note: compile again");
    Run old = compile(input[0], input[1], "--kubernetes", "1.30", "--check", deployed);
    assertThat(old.err())
        .contains("MutatingAdmissionPolicy portcullis-fields is no longer compiled: delete it");
    Run none = compile(input[0], input[1], "--check", input[0]);
    assertThat(none.code()).isOne();
    assertThat(none.err()).contains("ValidatingAdmissionPolicy portcullis-pods is missing");
  }

  /// A loss is a warning, or with `--strict` an error; the output is there all the same.
  @Test
  void aLossIsTold() {
    Run usual = compile("--kubernetes", "1.34", "examples/policies");
    Run strict = compile("--kubernetes", "1.34", "--strict", "examples/policies");
    assertThat(usual.code()).isZero();
    assertThat(usual.err()).contains("warning: not compiled: Kubernetes 1.34 has no Mutating");
    assertThat(strict.code()).isOne();
    assertThat(strict.err()).contains("error: not compiled: Kubernetes 1.34 has no Mutating");
    assertThat(strict.out()).isEqualTo(usual.out()).isNotEmpty();
  }

  /// What is granted to everybody is granted as CEL asks, without a loss.
  @Test
  void everybodyIsEverybodyInCelToo() throws IOException {
    Run grant = Run.of("policy", "grant", "everybody", "--to", "everybody");
    Run run = compile(DEPLOYED + "policy.yaml", file("grant.yaml", grant.out()), "--strict");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(compile("examples/everybody.yaml", "--strict").code()).isZero();
  }

  /// Bindings that an API server does not take would leave policies that refuse nothing.
  @Test
  void anImpossibleNamespaceIsRefused() {
    Run run = compile(DEPLOYED + "policy.yaml", "--exempt-namespace", "a b'");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("--exempt-namespace: \"a b'\" ");
  }

  /// Anyone who gave the wrong directory would refuse everybody.
  @Test
  void nothingToCompileIsTold() {
    String rbac = DEPLOYED + "rbac.yaml";
    Run usual = compile(rbac);
    assertThat(usual.code()).isZero();
    assertThat(usual.err())
        .contains("warning: there is no policy, so pods may use the default alone");
    Run strict = compile(rbac, "--strict");
    assertThat(strict.code()).isOne();
    assertThat(strict.err()).contains("error: there is no policy");
  }

  /// By the contents that there are now; and they are noticed when they change.
  @Test
  void whatIsProvenIsCompiled() throws IOException {
    String policy = file("policy.yaml", TIGHTEN);
    Path profiles = Files.createDirectories(temporary.resolve("profiles/team"));
    Files.writeString(
        temporary.resolve("profiles/base.json"), profile("\"read\", \"write\", \"exit_group\""));
    Files.writeString(profiles.resolve("mine.json"), profile("\"read\", \"exit_group\""));
    Files.writeString(profiles.resolve("wider.json"), profile("\"read\", \"ptrace\""));
    String root = temporary.resolve("profiles").toString();
    Run run = compile(policy, "--profiles", root);
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("localhost/team/mine.json").doesNotContain("wider.json");
    assertThat(run.err()).contains("and 1 that were proven now");
    Run without = compile(policy);
    assertThat(without.out()).doesNotContain("mine.json");
    assertThat(without.err()).contains("note: without --profiles, stricterThan allows only");
    String compiled = file("compiled.yaml", run.out());
    assertThat(compile(policy, "--profiles", root, "--check", compiled).code()).isZero();
    Files.writeString(profiles.resolve("mine.json"), profile("\"exit_group\""));
    Run changed = compile(policy, "--profiles", root, "--check", compiled);
    assertThat(changed.code()).isOne();
    assertThat(changed.err()).contains("what stricterThan was proven for has changed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                       | policy compile needs a file, a directory",
        "--kubernetes 1.29 x                    | is not a version from 1.30",
        "--kubernetes 2 x                       | is not a version from 1.30",
        "--mode off x                           | --mode: \"off\" is not known",
        "--kubelet-seccomp-default x            | --kubelet-seccomp-default is for versions before",
        "--cluster x                            | unexpected argument",
        "--cluster --profiles x                 | --cluster takes the profiles from ConfigMaps",
        "--context x y                          | --context requires --cluster",
        "--check - -                            | standard input is read once"
      })
  void anImpossibleCommandLine(String line, String message) {
    Run run = line == null ? compile() : compile(line.split(" "));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  @Test
  void nothingIsWrittenOfABrokenPolicy() throws IOException {
    Run run = compile(file("policy.yaml", TIGHTEN.replace("allowedProfiles", "allowed")));
    assertThat(run.code()).isOne();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("policy.yaml:4:");
  }
}
