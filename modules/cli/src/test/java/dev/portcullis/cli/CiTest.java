package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What pre-commit, GitHub and GitLab are given, run as they would run it on a small repository.
/// The command is this one, as a process.
class CiTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().normalize();
  private static final String GOOD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: good}
      spec:
        securityContext: {seccompProfile: {type: RuntimeDefault}}
        containers: [{name: c, image: i}]
      """;
  private static final String BAD =
      GOOD.replace("good", "bad").replace("RuntimeDefault", "Localhost, localhostProfile: ../x");

  @TempDir Path temporary;
  private Path repository;

  /// A checkout of Portcullis, with a command that needs no build.
  private Path checkout;

  @BeforeEach
  void make() throws Exception {
    repository = Files.createDirectory(temporary.resolve("repository"));
    checkout = Files.createDirectory(temporary.resolve("checkout"));
    Path command = checkout.resolve("portcullis");
    Files.writeString(
        command,
        """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '%s' \
        dev.portcullis.cli.Main "$@"
        """
            .formatted(
                ProcessHandle.current().info().command().orElseThrow(),
                System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path lines = Files.createDirectories(checkout.resolve("tools/ci")).resolve("lines");
    Files.copy(ROOT.resolve("tools/ci/lines"), lines);
    git("init", "-q");
  }

  private void file(String path, String text) throws Exception {
    Path file = repository.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
    git("add", "--", path);
  }

  private Run git(String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("git", "-C", repository.toString()));
    line.addAll(List.of(arguments));
    Run run = run(Map.of(), line);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private Run run(Map<String, String> environment, List<String> line) throws Exception {
    Path out = temporary.resolve("out");
    Path err = temporary.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(repository.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    int code = builder.start().waitFor();
    return new Run(code, Files.readString(out), Files.readString(err));
  }

  private static Value yaml(String file) throws IOException {
    return ((ParseResult.Documents)
            Documents.read(Files.readAllBytes(ROOT.resolve(file)), Limits.MANIFEST))
        .values()
        .getFirst();
  }

  private static Mapping mapping(Mapping object, String key) {
    return (Mapping) Objects.requireNonNull(object.get(key), key);
  }

  private static String text(Mapping object, String key) {
    return object.get(key) instanceof Value.Text(_, String text) ? text : "";
  }

  private static Mapping hook(String id) throws IOException {
    return ((Sequence) yaml(".pre-commit-hooks.yaml"))
        .items().stream()
            .map(Mapping.class::cast)
            .filter(each -> text(each, "id").equals(id))
            .findFirst()
            .orElseThrow();
  }

  /// As pre-commit runs a hook of language `script`: the first word of its entry is a file of the
  /// hook's repository, and the staged files that match follow the others.
  private Run preCommit(String id, String... args) throws Exception {
    Mapping hook = hook(id);
    assertThat(text(hook, "language")).isEqualTo("script");
    Pattern files = Pattern.compile(text(hook, "files"));
    List<String> line = new ArrayList<>(List.of(text(hook, "entry").split(" ", -1)));
    assertThat(ROOT.resolve(line.getFirst())).isExecutable();
    line.set(0, checkout.resolve(line.getFirst()).toString());
    line.addAll(List.of(args));
    git("diff", "--cached", "--name-only", "--diff-filter=ACMR")
        .out()
        .lines()
        .filter(file -> files.matcher(file).find())
        .forEach(line::add);
    return run(Map.of("PRE_COMMIT", "1"), line);
  }

  @Test
  void preCommitChecksWhatIsStaged() throws Exception {
    file("deploy/good.yaml", GOOD);
    file("values.yaml", "replicas: 1\n");
    file("README.md", "x: [\n");
    Run good = preCommit("portcullis-check");
    assertThat(good.code()).as(good.err()).isZero();
    file("deploy/bad.yml", BAD);
    Run bad = preCommit("portcullis-check");
    assertThat(bad.code()).isOne();
    assertThat(bad.out()).contains("deploy/bad.yml:5: default/bad");
    // What is not staged is not looked at.
    git("rm", "-q", "--cached", "deploy/bad.yml");
    assertThat(preCommit("portcullis-check", "--fail-on", "unconfined").code()).isZero();
  }

  /// A commit may have no pod in it.
  @Test
  void preCommitOfOtherFiles() throws Exception {
    file("values.yaml", "replicas: 1\n");
    assertThat(preCommit("portcullis-check").code()).isZero();
    assertThat(Run.of("check", repository.resolve("values.yaml").toString()).code()).isOne();
  }

  @Test
  void preCommitValidatesProfiles() throws Exception {
    file("seccomp/good.json", "{\"defaultAction\": \"SCMP_ACT_LOG\"}");
    file("package.json", "{}");
    Run good = preCommit("portcullis-profile-validate");
    assertThat(good.code()).as(good.out() + good.err()).isZero();
    file("team/seccomp/bad.json", "{\"defaultAction\": \"SCMP_ACT_NOPE\"}");
    Run bad = preCommit("portcullis-profile-validate");
    assertThat(bad.code()).isOne();
    assertThat(bad.out()).contains("team/seccomp/bad.json:1").contains("[unknown-action]");
  }

  /// As GitHub's runner runs the steps of a composite action: inputs in place of expressions in
  /// `env`, `run` by bash as the runner calls it, and the next step only where none failed, unless
  /// it says otherwise.
  private List<Run> action(Map<String, String> given) throws Exception {
    Mapping action = (Mapping) yaml("action.yml");
    Map<String, String> inputs = new HashMap<>();
    mapping(action, "inputs")
        .entries()
        .forEach((name, input) -> inputs.put(name, text((Mapping) input.value(), "default")));
    assertThat(inputs.keySet()).containsAll(given.keySet());
    inputs.putAll(given);
    Mapping runs = mapping(action, "runs");
    assertThat(text(runs, "using")).isEqualTo("composite");
    List<Run> done = new ArrayList<>();
    for (Value each : ((Sequence) Objects.requireNonNull(runs.get("steps"))).items()) {
      Mapping step = (Mapping) each;
      // An action of others would be downloaded; an expression in a script could become a part of
      // it.
      assertThat(step.get("uses")).isNull();
      assertThat(text(step, "run")).doesNotContain("${{");
      assertThat(text(step, "shell")).isEqualTo("bash");
      boolean failed = done.stream().anyMatch(run -> run.code() != 0);
      if (!applies(text(step, "if"), inputs, failed)) {
        continue;
      }
      Map<String, String> environment = new HashMap<>();
      environment.put("GITHUB_ACTION_PATH", checkout.toString());
      if (step.get("env") instanceof Mapping env) {
        env.entries()
            .keySet()
            .forEach(name -> environment.put(name, expanded(text(env, name), inputs)));
      }
      Path script = Files.writeString(temporary.resolve("step.sh"), text(step, "run"));
      done.add(
          run(
              environment,
              List.of("bash", "--noprofile", "--norc", "-eo", "pipefail", script.toString())));
    }
    return done;
  }

  private static boolean applies(String condition, Map<String, String> inputs, boolean failed) {
    String plain = condition.replace("${{ ", "").replace(" }}", "");
    boolean always = plain.startsWith("!cancelled() && ");
    String asked = plain.replace("!cancelled() && ", "");
    if (!always && failed) {
      return false;
    }
    if (asked.isEmpty()) {
      return true;
    }
    assertThat(asked).matches("inputs\\.[a-z]+ != ''");
    return !Objects.requireNonNull(inputs.get(asked.replaceAll("inputs\\.([a-z]+) .*", "$1")))
        .isEmpty();
  }

  private static String expanded(String value, Map<String, String> inputs) {
    assertThat(value).matches("\\$\\{\\{ inputs\\.[a-z]+ }}");
    return Objects.requireNonNull(
        inputs.get(value.replaceAll(".*inputs\\.([a-z]+).*", "$1")), value);
  }

  @Test
  void theActionAnnotatesLines() throws Exception {
    file("deploy/good.yaml", GOOD);
    List<Run> good = action(Map.of("paths", "deploy"));
    assertThat(good).extracting(Run::code).containsExactly(0, 0);
    assertThat(good.getLast().out()).isEmpty();
    file("deploy/bad.yaml", BAD);
    file("profiles/bad.json", "{\"defaultAction\": \"SCMP_ACT_NOPE\"}");
    List<Run> bad = action(Map.of("paths", "deploy\n", "profiles", "profiles"));
    assertThat(bad).extracting(Run::code).containsExactly(0, 1, 1);
    assertThat(bad.get(1).out())
        .contains(
            "::error file=deploy/bad.yaml,line=5,col=", "::default/bad: spec.securityContext");
    assertThat(bad.get(2).out())
        .contains("::error file=profiles/bad.json,line=1,col=", "portcullis%3A unknown-action");
  }

  /// The example of docs/ci.md, from its files to its messages.
  @Test
  void theDocumentShowsWhatTheActionSays() throws Exception {
    String document = Files.readString(ROOT.resolve("docs/ci.md"));
    file("deploy/web.yaml", block(document, "```yaml\napiVersion: apps/v1"));
    file("seccomp/web.json", block(document, "```json\n{"));
    String workflow = block(document, "```yaml\non: ");
    Map<String, String> with = new HashMap<>();
    Matcher input = Pattern.compile("\n {10}(\\w+): (?:\\|\n {12})?(\\S+)").matcher(workflow);
    while (input.find()) {
      with.put(input.group(1), input.group(2));
    }
    assertThat(with).hasSize(3);
    List<Run> runs = action(with);
    assertThat(runs).extracting(Run::code).containsExactly(0, 1, 0);
    String said = runs.get(1).out() + runs.get(2).out();
    List<String> shown = document.lines().filter(line -> line.startsWith("::")).toList();
    assertThat(shown).hasSize(3);
    for (String line : shown) {
      assertThat(anyVersion(said)).contains(anyVersion(line) + "\n");
    }
    Run fixed = Run.of("fix", "--write", repository.resolve("deploy").toString());
    assertThat(fixed.code()).as(fixed.err()).isZero();
    assertThat(Files.readString(repository.resolve("deploy/web.yaml")))
        .contains(block(document, "```yaml\n    spec:\n      securityContext"));
    assertThat(action(with)).extracting(Run::code).containsExactly(0, 0, 0);
  }

  private static String anyVersion(String text) {
    return text.replaceAll("libseccomp [0-9.]+", "libseccomp X");
  }

  private static String block(String document, String begin) {
    int start = document.indexOf(begin);
    assertThat(start).as(begin).isNotNegative();
    int from = document.indexOf('\n', start) + 1;
    return document.substring(from, document.indexOf("```", from));
  }

  /// Anyone who chooses a path, such as the name of a branch or a file, writes no command with it.
  @Test
  void anInputIsNoScript() throws Exception {
    file("a $(touch evil) b/*.yaml", GOOD);
    file("--policy=x.yaml", BAD);
    List<Run> runs =
        action(
            Map.of(
                "paths",
                "a $(touch evil) b/*.yaml\n--policy=x.yaml\n; touch evil\n",
                "arguments",
                "--fail-on=unconfined\n--default-profile\nunconfined"));
    assertThat(runs.getLast().code()).isEqualTo(3);
    assertThat(runs.getLast().out())
        .contains("::error file=--policy=x.yaml,line=5,", "::error file=; touch evil,title=")
        .doesNotContain("file=a ");
    assertThat(repository.resolve("evil")).doesNotExist();
  }

  /// As GitLab's runner runs a job: each line of the script in one shell that ends with the first
  /// failure.
  private Run gitlab(String job, Map<String, String> variables) throws Exception {
    Mapping file = (Mapping) yaml("tools/ci/gitlab.yml");
    Map<String, String> environment = new HashMap<>();
    Mapping defaults = mapping(file, "variables");
    defaults.entries().keySet().forEach(name -> environment.put(name, text(defaults, name)));
    environment.putAll(variables);
    environment.put("PATH", checkout + ":" + System.getenv("PATH"));
    StringBuilder script = new StringBuilder("set -eo pipefail\n");
    for (Value line :
        ((Sequence) Objects.requireNonNull(mapping(file, job).get("script"))).items()) {
      script.append(((Value.Text) line).value()).append('\n');
    }
    return run(environment, List.of("bash", "-c", script.toString()));
  }

  private String report(String job) throws IOException {
    Mapping artifacts = mapping(mapping((Mapping) yaml("tools/ci/gitlab.yml"), job), "artifacts");
    return Files.readString(
        repository.resolve(text(mapping(artifacts, "reports"), "codequality")), UTF_8);
  }

  @Test
  void theJobOfGitlabWritesAReport() throws Exception {
    file("deploy/good.yaml", GOOD);
    Run good = gitlab("portcullis-check", Map.of());
    assertThat(good.code()).as(good.err()).isZero();
    assertThat(report("portcullis-check").strip()).isEqualTo("[ ]");
    file("deploy/bad.yaml", BAD);
    Run bad = gitlab("portcullis-check", Map.of("PORTCULLIS_PATHS", "deploy"));
    assertThat(bad.code()).isOne();
    assertThat(bad.out()).contains("refused: deploy/bad.yaml:5: default/bad");
    assertThat(report("portcullis-check").replaceAll("\\s+", " "))
        .contains(
            "\"severity\" : \"major\", \"location\" : { \"path\" : \"deploy/bad.yaml\", \"lines\" : {"
                + " \"begin\" : 5 } }");
    file("profiles/bad.json", "{\"defaultAction\": \"SCMP_ACT_NOPE\"}");
    Run profiles = gitlab("portcullis-profile-validate", Map.of("PORTCULLIS_PROFILES", "profiles"));
    assertThat(profiles.code()).isOne();
    assertThat(report("portcullis-profile-validate")).contains("portcullis-unknown-action");
  }
}
