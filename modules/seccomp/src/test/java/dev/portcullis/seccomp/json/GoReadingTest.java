package dev.portcullis.seccomp.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.GoDecodeResult;
import dev.portcullis.documents.GoReader;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of Go's reader is held against Go, where it is installed (`golang-go`).
class GoReadingTest {
  private static final Set<String> POINTERS = Set.of("errnoRet", "defaultErrnoRet");

  @TempDir private Path directory;

  private static Optional<Path> go() {
    Stream<String> path = Stream.of(System.getenv("PATH").split(File.pathSeparator));
    return Stream.concat(path, Stream.of("/usr/lib/go/bin", "/usr/lib/go-1.19/bin"))
        .map(each -> Path.of(each, "go"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// What Go makes of each document.
  private List<String> decodedByGo(List<byte[]> documents) throws Exception {
    Optional<Path> go = go();
    assumeTrue(go.isPresent(), "no Go: apt-get install golang-1.19-go");
    Path program = directory.resolve("decode");
    try (InputStream source = GoReadingTest.class.getResourceAsStream("decode.go")) {
      assertThat(source).isNotNull();
      Files.copy(source, directory.resolve("decode.go"));
    }
    run(directory.resolve("built"), null, go.get().toString(), "build", "-o", program.toString());
    Path in = directory.resolve("in");
    Files.write(in, documents.stream().map(HexFormat.of()::formatHex).toList());
    Path out = directory.resolve("out");
    run(out, in, program.toString());
    return Files.readAllLines(out);
  }

  private void run(Path out, @Nullable Path in, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
    if (in == null) {
      builder.command().add("decode.go");
    } else {
      builder.redirectInput(in.toFile());
    }
    builder.environment().put("GO111MODULE", "off");
    builder.environment().put("GOCACHE", directory.resolve("cache").toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(out)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String decodedHere(byte[] document) {
    return switch (GoReader.read(document, ProfileReader.LIMITS, OciShape.PROFILE)) {
      case GoDecodeResult.Decoded(Mapping value, _) -> JsonWriter.compact(withoutZeros(value));
      case GoDecodeResult.Malformed _, GoDecodeResult.WrongType _ -> "refused";
    };
  }

  private static Mapping withoutZeros(Mapping mapping) {
    MappingBuilder kept = new MappingBuilder();
    mapping
        .entries()
        .forEach((key, entry) -> {
          boolean zero =
              switch (entry.value()) {
                case Value.Text text -> text.value().isEmpty();
                case Sequence sequence -> sequence.items().isEmpty();
                case Value.Numeral number ->
                    number.literal().equals("0") && !POINTERS.contains(key);
                default -> throw new AssertionError(entry);
              };
          if (!zero) {
            kept.put(key, itemsWithoutZeros(entry.value()));
          }
        });
    return kept.build();
  }

  private static Value itemsWithoutZeros(Value value) {
    return value instanceof Sequence sequence
        ? new Sequence(
            sequence.at(),
            sequence.items().stream()
                .map(each -> each instanceof Mapping mapping ? withoutZeros(mapping) : each)
                .toList())
        : value;
  }

  /// As our own writer has it: Go writes some characters as escapes.
  private static String rewritten(String line) {
    return line.equals("refused")
        ? line
        : switch (Documents.readJson(line.getBytes(UTF_8), ProfileReader.LIMITS)) {
          case ParseResult.Documents documents -> JsonWriter.compact(documents.values().getFirst());
          case ParseResult.Malformed malformed -> throw new AssertionError(line + ": " + malformed);
        };
  }

  @Test
  void theFactsAreGos() throws Exception {
    List<GoReadingFacts> facts = List.of(GoReadingFacts.values());
    List<String> lines = decodedByGo(facts.stream().map(GoReadingFacts::document).toList());
    for (int i = 0; i < facts.size(); i++) {
      assertThat(rewritten(lines.get(i))).as("%s", facts.get(i)).isEqualTo(facts.get(i).decoded());
    }
  }

  @Test
  void thousandsOfDocuments() throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    GoDocuments generator = new GoDocuments(random);
    List<byte[]> documents = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      byte[] document = generator.next().getBytes(UTF_8);
      if (i % 20 == 0) {
        // no UTF-8, mostly
        document[random.nextInt(document.length)] = (byte) (0x80 + random.nextInt(0x80));
      }
      documents.add(document);
    }
    List<String> lines = decodedByGo(documents);
    int refused = 0;
    for (int i = 0; i < lines.size(); i++) {
      String byGo = rewritten(lines.get(i));
      refused += byGo.equals("refused") ? 1 : 0;
      assertThat(decodedHere(documents.get(i)))
          .as(new String(documents.get(i), UTF_8))
          .isEqualTo(byGo);
    }
    assertThat(lines).hasSize(20_000);
    assertThat(refused).isBetween(1_000, 10_000);
  }

  @Test
  void theFactsAreOurs() {
    for (GoReadingFacts fact : GoReadingFacts.values()) {
      assertThat(decodedHere(fact.document())).as("%s", fact).isEqualTo(fact.decoded());
    }
  }

  /// Nothing that is read strictly is something else to a runtime, but for what is Docker's.
  @Test
  void whatIsReadStrictlyIsReadSo() {
    GoDocuments generator =
        new GoDocuments(RandomGeneratorFactory.of("L64X128MixRandom").create(12));
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      String rest = generator.next().substring(1);
      String json = "{\"defaultAction\": \"SCMP_ACT_LOG\"" + (rest.equals("}") ? "" : ",") + rest;
      byte[] document = json.getBytes(UTF_8);
      ProfileParseResult strict = ProfileReader.read(document);
      if (strict instanceof ProfileParseResult.Read) {
        read++;
        assertThat(RuntimeView.difference(document, strict)).as(json).isEmpty();
      }
    }
    assertThat(read).isGreaterThan(300);
  }
}
