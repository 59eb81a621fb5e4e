package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.portcullis.cli.input.DenialPlace;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.ReportForm;
import dev.portcullis.cli.result.ComparisonReport;
import dev.portcullis.cli.result.DenialsReport;
import dev.portcullis.cli.result.NodeReport;
import dev.portcullis.cli.result.VerificationReport;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.kernel.denial.Denial;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What verbs print for programs, held against docs/schemas/. A schema lets a program ignore what
/// it does not know; here what it does not name is an error.
class SchemaTest {
  private static final Path SCHEMAS = Path.of("docs/schemas");
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static final List<Option> DOCUMENT_OPTIONS =
      List.of(OutputOptions.OUTPUT, OutputOptions.FINDING_OUTPUT, ReportForm.OPTION);

  static List<Error> errors(String schema, String json) throws IOException {
    String text = Files.readString(SCHEMAS.resolve(schema + ".schema.json"));
    String closed =
        text.replace("\"properties\": {", "\"additionalProperties\": false, \"properties\": {");
    return schema(closed).validate(json, InputFormat.JSON);
  }

  private static Schema schema(String text) {
    return REGISTRY.getSchema(text, InputFormat.JSON);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "check            | check examples no.yaml",
        "check            | check examples --policy examples/policies --as ann --explain",
        "check            | check examples --policy examples/policies --explain --kubernetes 1.20",
        "profile-validate | profile validate examples/profiles no.json",
        "profile-show     | profile show examples/profiles/browser-sandbox.json",
        "profile-show     | profile show examples/profiles/browser-sandbox.json --arch aarch64,x86",
        "profile-show     | profile show unconfined",
        "profile-compare  | profile compare examples/profiles/browser-sandbox.json unconfined",
        "profile-compare  | profile compare unconfined unconfined",
        "profile-intersect | profile intersect docker/default podman/default",
        "profile-union    | profile union docker/default podman/default",
        "profile-list     | profile list",
        "profile-list     | profile list podman",
        "profile-check-coverage | profile check-coverage modules/cli/src/test/resources/web.recording.json containerd/default",
        "profile-heal     | profile heal examples/profiles/browser-sandbox.json --denials modules/cli/src/test/resources/web.denials.json",
        "exposure         | exposure",
        "exposure         | exposure CVE-2026-31431 CVE-2026-46333 examples examples/profiles/browser-sandbox.json unconfined",
        "exposure         | exposure CVE-2026-31431 examples no.yaml",
        "exposure         | exposure no.yaml",
        "fix              | fix examples",
        "fix              | fix examples --default runtime/default --remove-annotations",
        "fix              | fix no.yaml",
        "policy-test      | policy test examples/policies-test.yaml",
        "policy-test      | policy test no.yaml",
        "policy-who-can   | policy who-can use localhost/batch/no-network.json --policy examples/policies",
        "report           | report examples --policy examples/policies",
        "report           | report examples/default.yaml no.yaml",
        "report           | report modules/cli/src/test/resources/denials/pods.yaml --denials modules/cli/src/test/resources/denials",
        "report           | report no.yaml",
        "report           | report examples --policy no.yaml",
        "report           | report examples --catalogue no.yaml",
        "run              | run examples/refused.yaml --policy examples/policies --as ann",
        "run              | run examples/refused.yaml no.yaml --policy examples/policies --as ann",
        "version          | version"
      })
  void eachDocumentIsAsItsSchemaSays(String schema, String command) throws IOException {
    String words = command + " -o json";
    Run run = Run.of(words.split(" "));
    assertThat(run.out()).as(run.err()).startsWith("{");
    assertThat(errors(schema, run.out())).as(command).isEmpty();
  }

  @Test
  void whatTheSchemaDoesNotNameIsFound() throws IOException {
    String json = Run.of("check", "examples", "-o", "json").out();
    assertThat(errors("check", json.replace("\"seccompDefault\"", "\"seccompDefaults\"")))
        .extracting(Error::getMessage)
        .anyMatch(message -> message.contains("seccompDefaults"))
        .anyMatch(message -> message.contains("seccompDefault'"));
    assertThat(errors("check", json.replace("container-annotation\"", "somewhere\""))).isNotEmpty();
  }

  /// Those that ask a process or a runtime.
  @Test
  void eachProof() throws IOException {
    Comparison compared =
        switch (Comparison.of(Filters.NONE, Filters.NONE, Set.of(), SyscallTable.ofThisMachine())) {
          case Analysis.Understood(Comparison understood) -> understood;
          case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
        };
    for (Proof proof :
        List.of(
            new Proof.Proven(1, Duration.ofMillis(1)),
            new Proof.Equal(compared, 0, Duration.ofMillis(1)),
            new Proof.Different(compared),
            new Proof.Unknown("no reason"))) {
      VerificationReport report = new VerificationReport("pid:1", 1, "x.json", false, proof);
      assertThat(errors("verify", JsonWriter.pretty(report.document()))).isEmpty();
    }
    ComparisonReport report = new ComparisonReport("a", "b", compared);
    assertThat(errors("profile-compare", JsonWriter.pretty(report.document()))).isEmpty();
    assertThat(errors("denials", JsonWriter.pretty(denials().document()))).isEmpty();
    assertThat(errors("node-status", JsonWriter.pretty(new NodeReport(List.of()).document())))
        .isEmpty();
  }

  private static DenialsReport denials() {
    Instant when = Instant.parse("2026-11-29T20:37:10.5Z");
    Denial<DenialPlace> killed =
        new Denial<>(
            new DenialPlace.OfContainer("shop", "web", "app"),
            90,
            Verdict.of(0x80000000),
            90,
            "",
            1,
            when,
            when);
    Denial<DenialPlace> answered =
        new Denial<>(
            new DenialPlace.OfProcess(7, "sh"), 41, Verdict.of(0x7fc00000), -97, "", 2, when, when);
    Denial<DenialPlace> other =
        new Denial<>(new DenialPlace.OfOthers(), 41, Verdict.of(0x7ffc0000), 0, "", 1, when, when);
    return new DenialsReport(
        List.of(
            new NamedDenial<>(killed, "chmod", Architecture.X86_64, List.of("chmod")),
            new NamedDenial<>(answered, "41", Architecture.X86_64, List.of()),
            new NamedDenial<>(other, "41", Architecture.X86_64, List.of())),
        1,
        2,
        3,
        List.of("the filters of x are not known"));
  }

  /// A schema for each verb with a document of its own; what `policy` makes is Kubernetes'.
  @Test
  void eachVerbHasOne() throws IOException {
    Set<String> verbs =
        HelpTest.verbs()
            .filter(verb -> verb.grammar().options().stream().anyMatch(DOCUMENT_OPTIONS::contains))
            .map(verb -> verb.name().replace(' ', '-'))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> schemas = new TreeSet<>();
    try (Stream<Path> files = Files.list(SCHEMAS)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".schema.json", "");
        schemas.add(name);
        assertThat(Files.readString(file))
            .contains("\"$id\": \"https://portcullis.dev/schemas/" + name + ".schema.json\"");
      }
    }
    assertThat(schemas).isEqualTo(verbs);
  }

  @ParameterizedTest
  @CsvSource({
    "check examples no.yaml",
    "check examples --policy examples/policies --as ann --fail-on unconfined-today",
    "profile validate examples/profiles no.json",
    "exposure examples unconfined containerd/default no.json",
    "policy test examples/policies-test.yaml",
    "policy test no.yaml"
  })
  void sarifIsAsTheStandardSays(String command) throws IOException {
    Run run = Run.of((command + " -o sarif").split(" "));
    try (InputStream in = SchemaTest.class.getResourceAsStream("sarif.schema.json")) {
      String text =
          new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(schema(text).validate(run.out(), InputFormat.JSON)).isEmpty();
      assertThat(schema(text).validate(run.out().replace("2.1.0\"", "2.0\""), InputFormat.JSON))
          .isNotEmpty();
    }
  }
}
