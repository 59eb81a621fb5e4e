package dev.portcullis.cli.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/// The options that a verb takes. `--color`, `-h` and `--help` are always among them.
///
/// Options and operands may stand in any order; after `--` everything is an operand. No option may
/// be abbreviated: a new option must not change what an old command line means.
///
/// @param operands what may stand beside the options
public record Grammar(List<Option> options, Operands operands) {
  /// Every verb has it.
  public static final Option HELP = Option.flag("help", "show this help").or('h');

  /// Verbs have it whose operands are files.
  public static final Option INPUT =
      Option.values("filename", "FILE", "the same as FILE without -f; may be repeated").or('f');

  /// The options that read a file, and that write one.
  private static final List<String> FILES = List.of("filename", "output-file");

  private static final List<Option> EVERY = List.of(ColourOption.OPTION, HELP);

  public Grammar {
    List<Option> all = new ArrayList<>(options);
    all.addAll(EVERY);
    options = List.copyOf(all);
  }

  public static Grammar of(Option... options) {
    return new Grammar(List.of(options), Operands.NONE);
  }

  /// With options that verbs share, and more.
  public static Grammar of(List<Option> shared, Option... more) {
    List<Option> all = new ArrayList<>(shared);
    all.addAll(List.of(more));
    return new Grammar(all, Operands.NONE);
  }

  /// The same, with operands beside the options. Where they are files, `-f FILE` is one of them, as
  /// of kubectl.
  public Grammar taking(Operands others) {
    List<Option> own = new ArrayList<>(options.subList(0, options.size() - EVERY.size()));
    if (others.areFiles()) {
      own.add(INPUT.taking(others.places().getLast()));
    }
    return new Grammar(own, others);
  }

  public Arguments parse(List<String> args) throws UsageException {
    int dashes = args.indexOf("--");
    Arguments arguments =
        hasOption(args)
            ? withOptions(line(args), dashes < 0 ? 0 : args.size() - dashes - 1)
            : new Arguments(args, 0, Map.of());
    Option words = operands.wordsWith();
    List<String> own =
        words != null && arguments.has(words) ? arguments.beforeDashes() : arguments.operands();
    if (own.contains("")) {
      // As a path it would be the directory that one happens to be in.
      throw new UsageException("an operand is empty: is a variable of the shell not set?");
    }
    return arguments;
  }

  private Arguments withOptions(CommandLine line, int last) throws UsageException {
    Map<String, List<String>> given = new LinkedHashMap<>();
    for (org.apache.commons.cli.Option found : line.getOptions()) {
      List<String> values = given.computeIfAbsent(found.getLongOpt(), _ -> new ArrayList<>());
      if (found.hasArg()) {
        values.addAll(List.of(found.getValues()));
      }
    }
    for (Option option : options) {
      List<String> values = given.getOrDefault(option.name(), List.of());
      if (values.size() > 1 && !option.repeatable()) {
        throw new UsageException(
            option.text() + " is given " + values.size() + " times; give it once");
      }
      if (values.contains("")) {
        throw new UsageException(option.text() + " is given an empty value");
      }
    }
    List<String> operands = new ArrayList<>(line.getArgList());
    List<String> files = given.remove(INPUT.name());
    if (files != null) {
      // What stands after -- stays last.
      operands.addAll(operands.size() - last, files);
    }
    return new Arguments(operands, last, given);
  }

  private static boolean hasOption(List<String> args) {
    for (String arg : args) {
      if (arg.startsWith("-") && !arg.equals("-")) {
        return true;
      }
    }
    return false;
  }

  private CommandLine line(List<String> args) throws UsageException {
    Options known = new Options();
    for (Option option : options) {
      known.addOption(
          org.apache.commons.cli.Option.builder(
                  option.letter() == Option.NO_LETTER ? null : String.valueOf(option.letter()))
              .longOpt(option.name())
              .hasArg(option.argument() != null)
              .get());
    }
    // The parser would take the quotes off --as '"x"', and --pol for --policy.
    DefaultParser parser =
        DefaultParser.builder()
            .setStripLeadingAndTrailingQuotes(false)
            .setAllowPartialMatching(false)
            .get();
    try {
      return parser.parse(known, args.toArray(String[]::new));
    } catch (MissingArgumentException missing) {
      throw new UsageException("--" + missing.getOption().getLongOpt() + " needs a value");
    } catch (UnrecognizedOptionException unknown) {
      throw unknown(unknown.getOption());
    } catch (ParseException other) {
      throw new UsageException("" + other.getMessage());
    }
  }

  private UsageException unknown(String token) {
    int equals = token.indexOf('=');
    String word = equals < 0 ? token : token.substring(0, equals);
    String bare = word.startsWith("--") ? word.substring(2) : word.substring(1);
    List<String> names = new ArrayList<>();
    for (Option option : options) {
      names.add(option.name());
      if (option.name().equals(bare) && equals > 0) {
        return new UsageException("--" + bare + " takes no value");
      }
    }
    String hint = NearestOption.hint(bare, "--", names);
    List<String> ofFiles = names.stream().filter(FILES::contains).map(name -> "--" + name).toList();
    if (bare.equals("file") && !ofFiles.isEmpty()) {
      hint = "; did you mean " + String.join(" or ", ofFiles) + "?";
    }
    return new UnknownOptionException(word, hint);
  }
}
