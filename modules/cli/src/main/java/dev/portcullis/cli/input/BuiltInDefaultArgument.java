package dev.portcullis.cli.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.NearestOption;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.defaults.BuiltInDefault;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `containerd/default@1.7` on the command line: a default profile that needs no runtime. The name
/// of a file of that path begins with `./`.
final class BuiltInDefaultArgument {
  /// What could be meant as a name: a runtime, with or without the word, and a version.
  private static final Pattern SIMILAR =
      Pattern.compile("([a-zA-Z-]{3,12})(?:/([a-z]{4,9}))?(?:[@:=](v?[0-9][0-9.]{0,12}))?");

  private BuiltInDefaultArgument() {}

  static boolean isOne(String text) {
    return BuiltInDefaults.isName(text);
  }

  /// The name that was probably meant by one that is none, as `containerd@1.7` and `docker/defalt`;
  /// empty where nothing is known.
  static String nearest(String text) {
    Matcher parts = SIMILAR.matcher(text);
    if (!parts.matches()) {
      return "";
    }
    List<String> words = new ArrayList<>(BuiltInDefaults.runtimes());
    words.add("runtime");
    String runtime = NearestOption.of(parts.group(1).toLowerCase(Locale.ROOT), words);
    String word = parts.group(2);
    if (runtime == null || (word != null && NearestOption.of(word, List.of("default")) == null)) {
      return "";
    }
    String name = runtime + "/default";
    String version = parts.group(3) == null ? name : name + "@" + parts.group(3);
    return BuiltInDefaults.isName(version)
            && BuiltInDefaults.find(version) instanceof BuiltInDefaults.Found
        ? version
        : name;
  }

  /// The profile; its name contains the release.
  static ProfileOperand read(String text) {
    return switch (BuiltInDefaults.find(text)) {
      case BuiltInDefaults.Found(BuiltInDefault found) -> {
        Profile profile = found.contents().profile();
        yield new ProfileOperand(
            found.name(), profile, Beside.of(profile, List.of()), List.of(), List.of());
      }
      case BuiltInDefaults.NotKnown(String reason) ->
          ProfileOperand.none(text, List.of(failed(text, reason)));
    };
  }

  /// The text that `profile convert --to docker` writes of it.
  static ProfileFiles.Content content(String text) {
    return switch (BuiltInDefaults.find(text)) {
      case BuiltInDefaults.Found(BuiltInDefault found) ->
          ProfileFiles.Content.of(
              ProfileWriter.writeDocker(found.contents().profile()).getBytes(UTF_8));
      case BuiltInDefaults.NotKnown(String reason) ->
          ProfileFiles.Content.failed(failed(text, reason));
    };
  }

  /// The name with the release that it means; as it is where there is none.
  static String full(String text) {
    return BuiltInDefaults.find(text) instanceof BuiltInDefaults.Found(BuiltInDefault found)
        ? found.name()
        : text;
  }

  private static Diagnostic failed(String text, String reason) {
    return new Diagnostic(text + ": " + reason, ExitCode.WORLD);
  }
}
