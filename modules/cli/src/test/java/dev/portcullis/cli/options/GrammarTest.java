package dev.portcullis.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrammarTest {
  private static final Option FOR = Option.value("for", "DURATION", "ends the pods");
  private static final Option KEEP = Option.flag("keep", "keeps what was made");

  private static final Grammar GRAMMAR =
      Grammar.of(
          PolicyOptions.POLICY,
          JudgeOptions.AS,
          JudgeOptions.AS_GROUP,
          PolicyOptions.NAMESPACE,
          OutputOptions.OUTPUT,
          FOR,
          KEEP);

  private static Arguments parse(String... args) throws UsageException {
    return GRAMMAR.parse(List.of(args));
  }

  @Test
  void operandsWithoutOptions() throws UsageException {
    assertThat(parse("a.yaml", "-", "b").operands()).containsExactly("a.yaml", "-", "b");
    assertThat(parse().operands()).isEmpty();
  }

  @Test
  void optionsAndOperandsInAnyOrder() throws UsageException {
    Arguments arguments = parse("a.yaml", "--policy", "p", "-", "-n", "team", "--policy=q", "b");
    assertThat(arguments.operands()).containsExactly("a.yaml", "-", "b");
    assertThat(arguments.values(PolicyOptions.POLICY)).containsExactly("p", "q");
    assertThat(arguments.value(PolicyOptions.NAMESPACE)).isEqualTo("team");
    assertThat(arguments.value(JudgeOptions.AS)).isNull();
    assertThat(arguments.has(KEEP)).isFalse();
  }

  @Test
  void shortNamesTakeTheirValueInAnyForm() throws UsageException {
    assertThat(parse("-ojson").output()).isEqualTo(OutputFormat.JSON);
    assertThat(parse("-o", "json").output()).isEqualTo(OutputFormat.JSON);
    assertThat(parse("-o=json").output()).isEqualTo(OutputFormat.JSON);
    assertThat(parse("--output=table").output()).isEqualTo(OutputFormat.TABLE);
    assertThat(parse("--keep").output()).isEqualTo(OutputFormat.TABLE);
  }

  @Test
  void everythingAfterTwoHyphensIsAnOperand() throws UsageException {
    Arguments arguments = parse("--keep", "--", "--policy", "-x");
    assertThat(arguments.operands()).containsExactly("--policy", "-x");
    assertThat(arguments.has(KEEP)).isTrue();
  }

  @Test
  void valuesStayAsTheyAre() throws UsageException {
    assertThat(parse("--as", "\"quoted\"").value(JudgeOptions.AS)).isEqualTo("\"quoted\"");
    assertThat(parse("--as=a=b,c").value(JudgeOptions.AS)).isEqualTo("a=b,c");
    assertThat(parse("--as-group", "a,b").values(JudgeOptions.AS_GROUP)).containsExactly("a,b");
  }

  @ParameterizedTest
  @CsvSource({
    "--polcy p, there is no option --polcy; did you mean --policy?",
    "--pol p, there is no option --pol",
    "--polices=p, there is no option --polices; did you mean --policy?",
    "--keep=yes, --keep takes no value",
    "-x, there is no option -x",
    "--policy, --policy needs a value",
    "-n, --namespace needs a value",
    "--policy --keep, --policy needs a value",
    "--as x --as y, --as is given 2 times; give it once",
    "--as=, --as"
  })
  void refusals(String line, String message) {
    assertThatThrownBy(() -> parse(line.split(" ", -1)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anEmptyValueIsRefused() {
    assertThatThrownBy(() -> parse("--as", ""))
        .hasMessageContaining("--as is given an empty value");
  }

  @Test
  void durationsNameTheirOption() throws UsageException {
    assertThat(parse("--for", "1m30s").duration(FOR)).isEqualTo(Duration.ofSeconds(90));
    assertThat(parse().duration(FOR)).isNull();
    Arguments wrong = parse("--for", "10");
    assertThatThrownBy(() -> wrong.duration(FOR))
        .hasMessage("--for: \"10\" lacks a unit; write for example 10s");
  }

  @Test
  void helpIsAlwaysThere() throws UsageException {
    assertThat(Grammar.of().parse(List.of("-h")).has(Grammar.HELP)).isTrue();
  }

  @Test
  void nearest() {
    List<String> words = List.of("check", "run", "version");
    assertThat(NearestOption.of("verison", words)).isEqualTo("version");
    assertThat(NearestOption.of("rnu", words)).isEqualTo("run");
    assertThat(NearestOption.of("xyz", words)).isNull();
    assertThat(NearestOption.of("v".repeat(1_000_000), words)).isNull();
  }
}
