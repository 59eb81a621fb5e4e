package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.command.Verb;
import dev.portcullis.cli.command.Verbs;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every call of Portcullis in a document is one that it takes: the verb is there, and so are its
/// options, the words that an option may have, and the examples that are named.
class DocumentCallsTest {
  private static List<Path> documents() throws IOException {
    return CheckoutFiles.below("").stream()
        .filter(file ->
            file.toString().endsWith(".md") || file.toString().matches("examples/.*\\.ya?ml"))
        .toList();
  }

  /// What is wrong with a call; empty where nothing is.
  private static String fault(DocumentCall call) {
    List<String> words = call.words();
    if (words.isEmpty() || words.getFirst().matches("[A-Z.]*|[0-9.]+|__complete")) {
      return "";
    }
    try {
      Verb verb = Verbs.named(words.getFirst());
      int own = 1;
      if (words.size() > 1 && !verb.parts().isEmpty()) {
        String longer = words.get(0) + " " + words.get(1);
        for (Verb part : verb.parts()) {
          if (part.name().equals(longer)) {
            verb = part;
            own = 2;
          }
        }
        if (own == 1 && verb.help().exits().isEmpty()) {
          return "there is no verb \"" + longer + "\"";
        }
      }
      List<String> rest = new ArrayList<>(words.subList(own, words.size()));
      String last = rest.isEmpty() ? "" : rest.getLast();
      if (call.mention()
          && verb.grammar().options().stream()
              .anyMatch(it -> it.argument() != null && it.text().equals(last))) {
        rest.add("VALUE");
      }
      Arguments given = verb.grammar().parse(rest);
      for (Option option : verb.grammar().options()) {
        for (String value : given.values(option)) {
          String fault = fault(option, value);
          if (!fault.isEmpty()) {
            return fault;
          }
        }
      }
    } catch (UsageException refused) {
      return "" + refused.getMessage();
    }
    return words.stream()
        .filter(word -> word.startsWith("examples/") && !Files.exists(Path.of(word)))
        .map(word -> "there is no " + word)
        .findFirst()
        .orElse("");
  }

  private static String fault(Option option, String value) {
    Values values = option.values();
    String argument = option.argument();
    if (argument == null || value.matches("[A-Z]+,?")) {
      return "";
    }
    List<String> words = List.of();
    if (values.others() == Values.Others.NONE) {
      words = values.words().get();
    } else if (argument.matches("[a-z]+(\\|[a-z]+)+")) {
      words = List.of(argument.split("\\|", -1));
    }
    if (words.isEmpty()) {
      return "";
    }
    for (String word : value.split(values.list() ? "[,|]" : "\\|", -1)) {
      if (!words.contains(word)) {
        return option.text() + " takes no \"" + word + "\"";
      }
    }
    return "";
  }

  private static List<String> faults(List<DocumentCall> calls) {
    List<String> faults = new ArrayList<>();
    for (DocumentCall call : calls) {
      String fault = fault(call);
      if (!fault.isEmpty()) {
        faults.add(call.place() + ": " + String.join(" ", call.words()) + ": " + fault);
      }
    }
    return faults;
  }

  @Test
  void everyCallIsTaken() throws IOException {
    List<DocumentCall> calls = new ArrayList<>();
    for (Path document : documents()) {
      calls.addAll(DocumentCall.in(document));
    }
    assertThat(calls.size()).isGreaterThan(200);
    assertThat(faults(calls)).isEmpty();
  }

  @Test
  void aCallThatIsNotTakenIsFound(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("a.md"),
            """
            # A

            Try `./portcullis chek x`, `portcullis policy
            grunt x`, or in a table | `portcullis check -o json\\|toml x` |.

            ```
            $ sudo portcullis run pod.yaml --prof 'a b' > out.txt
            kubectl get pods -o yaml | ./portcullis check --output-file x - && ls
            help: an administrator can run: portcullis policy grant a --too b | kubectl apply -f -
            # kubectl seccomp check --police p \\
                pod.yaml
            portcullis check examples/none.yaml [--cluster|--clutter] [options]
            ```
            """);
    assertThat(faults(DocumentCall.in(file)))
        .extracting(it -> it.replace(directory + "/", ""))
        .containsExactly(
            "a.md:7: run pod.yaml --prof a b: there is no option --prof",
            "a.md:8: check --output-file x -: there is no option --output-file",
            "a.md:9: policy grant a --too b: there is no option --too; did you mean --to?",
            "a.md:11: check --police p pod.yaml: there is no option --police; did you mean --policy?",
            "a.md:12: check examples/none.yaml --cluster --clutter: there is no option --clutter; did you mean --cluster?",
            "a.md:3: chek x: there is no verb \"chek\"; did you mean check?",
            "a.md:3: policy grunt x: there is no verb \"policy grunt\"",
            "a.md:4: check -o json|toml x: --output takes no \"toml\"");
  }

  @Test
  void whatIsTakenHasNoFault(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("a.md"),
            """
            `portcullis VERB`, `portcullis ...`, `portcullis node --root-dir`, and a portcullis that falls

            ```
            portcullis exposure [ID...] FILE|DIR|-... [--policy PATH|--cluster] [options]
            portcullis profile convert FILE --to oci|docker|systemd [--strict]
            portcullis profile show <(jq .spec mine.json)   # of two
            portcullis: building
            portcullis 0.1.0 (Java 25)
            portcullis run --image IMAGE [options] [-- ARGUMENT...]
            ```
            """);
    assertThat(DocumentCall.in(file)).hasSize(8);
    assertThat(faults(DocumentCall.in(file))).isEmpty();
  }
}
