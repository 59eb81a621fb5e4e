package dev.portcullis.cli.running;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ProfileFiles;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.ProfileNameArgument;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.run.pod.RunDirectory;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The profile of the container of an image: a name, and where its file is.
///
/// @param name in the pod
/// @param parent the directory of a file that was given; null for a name, which is looked up below
///   the usual profile root
/// @param builtIn the full name of a built-in default, which has no file yet; null for all others
record ImageProfile(ProfileName name, @Nullable Path parent, @Nullable String builtIn) {

  /// What an option gives.
  static ImageProfile read(Option option, String text) throws UsageException, IOException {
    if (BuiltInDefaults.isName(text)) {
      String full = ProfileFiles.of(List.of(text)).files().getFirst();
      content(full);
      return new ImageProfile(new ProfileName.Localhost(full), null, full);
    }
    // Of the texts without this prefix, only the two other names are read as one.
    if (text.startsWith(ProfileText.LOCALHOST_PREFIX)
        || ProfileText.read(text) instanceof ProfileText.Named) {
      return new ImageProfile(ProfileNameArgument.read(option.text() + ": ", text), null, null);
    }
    content(text);
    // Below a profile root, no link may lead out of it.
    Path file = Path.of(text).toRealPath();
    return new ImageProfile(
        new ProfileName.Localhost(file.getFileName().toString()), file.getParent(), null);
  }

  private static byte[] content(String text) throws IOException {
    ProfileFiles.Content content = ProfileFiles.read(text);
    byte[] bytes = content.bytes();
    if (bytes == null) {
      Diagnostic why = content.complaint();
      throw new IOException(why == null ? text : why.text());
    }
    return bytes;
  }

  /// Whether it is known by another name than that of the pod, by which policies judge.
  boolean hasOtherName() {
    return parent != null || builtIn != null;
  }

  /// The directory below which its file is; one of the run's own gets that of a built-in default.
  Path root(Path usual, RunDirectory directory) throws IOException {
    if (builtIn == null) {
      return parent == null ? usual : parent;
    }
    Path root = directory.path().resolve("built-in");
    Path file = root.resolve(builtIn);
    Files.createDirectories(file.getParent());
    Files.write(file, content(builtIn));
    return root;
  }
}
