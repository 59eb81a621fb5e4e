package dev.portcullis.cli.input;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.portcullis.seccomp.json.ProfileReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Profiles in files.
public final class ProfileFiles {

  /// The ends of names by which editors and people keep what a file was.
  private static final List<String> COPIES = List.of(".bak", ".orig", ".old", ".swp", ".tmp", "~");

  private static final String KIND = "profile is";

  private ProfileFiles() {}

  /// The files that operands mean.
  ///
  /// @param passedOver how many others there are in directories
  public record Chosen(List<String> files, int passedOver) {
    public Chosen {
      files = List.copyOf(files);
    }
  }

  /// A profile, by what it is called in messages.
  ///
  /// @param name the file, and after `#` the name of the profile in it where it holds several
  @SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each content would cost
  public record Named(String name, byte[] content) {}

  /// The profiles of an operand.
  ///
  /// @param complaints why there are none, or not all
  public record Contents(List<Named> profiles, List<Diagnostic> complaints) {
    public Contents {
      profiles = List.copyOf(profiles);
      complaints = List.copyOf(complaints);
    }

    private static Contents none(@Nullable Diagnostic complaint) {
      return new Contents(List.of(), complaint == null ? List.of() : List.of(complaint));
    }
  }

  /// Reads the profiles of a file: itself, or those that it holds; of `FILE#NAME` that one.
  public static Contents profiles(String operand, StandardInput input) {
    int separator = operand.lastIndexOf(HeldProfiles.SEPARATOR);
    boolean one = separator > 0 && !new File(operand).exists();
    String file = one ? operand.substring(0, separator) : operand;
    Content content = read(file, input);
    byte[] bytes = content.bytes();
    if (bytes == null) {
      return Contents.none(content.complaint());
    }
    return switch (HeldProfiles.in(file, bytes)) {
      case HeldProfiles.Itself() ->
          one
              ? Contents.none(
                  failed(operand, "is one profile itself; name it without the #").complaint())
              : new Contents(List.of(new Named(file, bytes)), List.of());
      case HeldProfiles.Foreign(Diagnostic complaint) -> Contents.none(complaint);
      case HeldProfiles.Held held ->
          one ? named(file, operand.substring(separator + 1), held.byName()) : all(file, held);
    };
  }

  private static Contents all(String file, HeldProfiles.Held held) {
    boolean itself = held.linesOfFile() && held.byName().size() == 1;
    List<Named> profiles = new ArrayList<>();
    held.byName()
        .forEach((name, content) ->
            profiles.add(new Named(itself ? file : file + HeldProfiles.SEPARATOR + name, content)));
    return new Contents(profiles, held.complaints());
  }

  private static Contents named(String file, String name, Map<String, byte[]> byName) {
    byte[] content = byName.get(name);
    return content == null
        ? Contents.none(
            failed(
                    file,
                    "holds no profile \""
                        + name
                        + "\"; it has "
                        + String.join(", ", byName.keySet()))
                .complaint())
        : new Contents(
            List.of(new Named(file + HeldProfiles.SEPARATOR + name, content)), List.of());
  }

  /// The content of a file, or why there is none; one of the two is null.
  public static final class Content {
    private final byte @Nullable [] bytes;
    private final @Nullable Diagnostic complaint;

    private Content(byte @Nullable [] bytes, @Nullable Diagnostic complaint) {
      this.bytes = bytes;
      this.complaint = complaint;
    }

    static Content of(byte[] bytes) {
      return new Content(bytes, null);
    }

    static Content failed(Diagnostic complaint) {
      return new Content(null, complaint);
    }

    public byte @Nullable [] bytes() {
      return bytes;
    }

    public @Nullable Diagnostic complaint() {
      return complaint;
    }
  }

  /// Reads one file, at most as much as a profile may have; or a built-in default.
  ///
  /// @param input what the operand `-` stands for
  static Content read(String file, StandardInput input) {
    return file.equals(Diagnostic.STANDARD_INPUT)
        ? InputFiles.standard(input, ProfileReader.LIMITS.bytes(), KIND)
        : read(file);
  }

  /// Reads a file that is not standard input.
  public static Content read(String file) {
    return BuiltInDefaultArgument.isOne(file)
        ? BuiltInDefaultArgument.content(file)
        : InputFiles.read(file, ProfileReader.LIMITS.bytes(), KIND, ProfileFiles::hint);
  }

  /// What was probably meant by a name of no file; empty where nothing is known.
  private static String hint(String file) {
    if (ProcessArgument.isOne(file)) {
      return "; a process has filters and no profile: see profile show " + file;
    }
    if (file.matches("[0-9]{1,10}")) {
      return "; for a process write pid:" + file;
    }
    String name = BuiltInDefaultArgument.nearest(file);
    return name.isEmpty() ? "" : "; did you mean " + name + "?";
  }

  private static Content failed(String file, String why) {
    return Content.failed(Diagnostic.unreadable(file, why));
  }

  /// The files that operands mean: a file is itself, a directory every profile below it, as
  /// [DirectoryFiles] lists them, and a built-in default its full name.
  public static Chosen of(List<String> operands) throws IOException {
    // What is named twice is read once.
    Map<Object, String> files = new LinkedHashMap<>();
    Set<Path> others = new HashSet<>();
    for (String operand : operands) {
      if (BuiltInDefaultArgument.isOne(operand)) {
        String name = BuiltInDefaultArgument.full(operand);
        files.putIfAbsent(name, name);
        continue;
      }
      Path root = path(operand);
      if (root == null || (!Files.isRegularFile(root) && !Files.isDirectory(root))) {
        files.putIfAbsent(operand, operand);
      } else if (!Files.isDirectory(root)) {
        files.putIfAbsent(root.toRealPath(), operand);
      } else {
        for (Path path : DirectoryFiles.below(root)) {
          if (mayBeProfile(path)) {
            files.putIfAbsent(path.toRealPath(), path.toString());
          } else {
            others.add(path.toRealPath());
          }
        }
      }
    }
    return new Chosen(List.copyOf(files.values()), others.size());
  }

  private static @Nullable Path path(String operand) {
    try {
      return Path.of(operand);
    } catch (InvalidPathException notAPath) {
      // Its reader says why.
      return null;
    }
  }

  /// Whether a file of a directory is meant as a profile: by its name, or because it begins as one
  /// does and is not a copy of an editor, or because it holds some.
  private static boolean mayBeProfile(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".json")) {
      return true;
    }
    if (COPIES.stream().anyMatch(name::endsWith)) {
      return false;
    }
    byte[] content = read(path.toString()).bytes();
    if (content == null) {
      // It is reported why.
      return true;
    }
    return new String(content, ISO_8859_1).stripLeading().startsWith("{")
        || HeldProfiles.in(path.toString(), content) instanceof HeldProfiles.Held;
  }
}
