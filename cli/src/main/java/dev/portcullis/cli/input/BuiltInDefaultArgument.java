package dev.portcullis.cli.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.defaults.BuiltInDefault;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Profile;
import java.util.List;

/// `containerd/default@1.7` on the command line: a default profile that needs no runtime. The name
/// of a file of that path begins with `./`.
final class BuiltInDefaultArgument {
  private BuiltInDefaultArgument() {}

  static boolean isOne(String text) {
    return BuiltInDefaults.isName(text);
  }

  /// The profile; its name says the release.
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
