package dev.portcullis.cli.options;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// An option whose value is one of a few words.
///
/// @param meanings of the words, in the order of the help
public record Choice<T>(Option option, Map<String, T> meanings) {
  public Choice {
    meanings = Collections.unmodifiableMap(new LinkedHashMap<>(meanings));
  }

  /// An option that takes one of these words. They are its placeholder in the help, too.
  ///
  /// @param word of each meaning
  public static <T> Choice<T> of(
      String name, String help, List<T> meanings, Function<? super T, String> word) {
    Map<String, T> byWord = byWord(meanings, word);
    List<String> words = List.copyOf(byWord.keySet());
    return new Choice<>(
        Option.value(name, String.join("|", words), help).taking(Values.oneOf(words)), byWord);
  }

  /// An option that takes some of these words, with commas between, or given several times.
  ///
  /// @param placeholder of the help
  public static <T> Choice<T> several(
      String name,
      String placeholder,
      String help,
      List<T> meanings,
      Function<? super T, String> word) {
    Map<String, T> byWord = byWord(meanings, word);
    Values values = Values.oneOf(List.copyOf(byWord.keySet())).listed();
    return new Choice<>(Option.values(name, placeholder, help).taking(values), byWord);
  }

  private static <T> Map<String, T> byWord(List<T> meanings, Function<? super T, String> word) {
    Map<String, T> byWord = new LinkedHashMap<>();
    meanings.forEach(meaning -> byWord.put(word.apply(meaning), meaning));
    return byWord;
  }

  /// The same with a short name.
  Choice<T> or(char letter) {
    return new Choice<>(option.or(letter), meanings);
  }

  /// The same, which has this value where none is given.
  public Choice<T> usually(String word) {
    return new Choice<>(option.usually(word), meanings);
  }

  /// What is meant by the word that was given, or by the usual one.
  public T read(Arguments arguments) throws UsageException {
    return meaning(arguments.text(option));
  }

  /// What is meant by all the words that were given, in their order.
  Set<T> readAll(Arguments arguments) throws UsageException {
    Set<T> chosen = new LinkedHashSet<>();
    for (String value : arguments.values(option)) {
      for (String word : Arrays.asList(value.split(",", -1))) {
        chosen.add(meaning(word));
      }
    }
    return chosen;
  }

  private T meaning(String word) throws UsageException {
    T meaning = meanings.get(word);
    if (meaning == null) {
      throw UnknownWord.of(option.text(), word, List.copyOf(meanings.keySet()));
    }
    return meaning;
  }
}
