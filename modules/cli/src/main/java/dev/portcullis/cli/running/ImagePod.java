package dev.portcullis.cli.running;

import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.input.JudgedPods;
import dev.portcullis.cli.input.ManifestSource;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import dev.portcullis.run.pod.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A pod without a file: one container of an image, under a profile.
///
/// @param words the arguments of the image, or the whole command
/// @param command whether they are the whole command
/// @param profile null where the default is meant
public record ImagePod(
    String image, List<String> words, boolean command, @Nullable ImageProfile profile) {
  public static final Option IMAGE =
      Option.value(
              "image",
              "IMAGE",
              "run this image, without a file; what stands after -- are its arguments")
          .usually("the pods of files");

  public static final Option PROFILE =
      Option.value(
              "profile",
              "X",
              "profile for --image: a FILE, runtime/default, unconfined, localhost/PATH, or a"
                  + " built-in default such as docker/default")
          .usually("what a pod that names nothing gets")
          .taking(FilterNames.PROFILES);

  public static final Option COMMAND =
      Option.flag("command", "what stands after -- is the command, not its arguments");

  private static final int LONGEST_NAME = 63;

  public ImagePod {
    words = List.copyOf(words);
  }

  /// The pod of {@link #IMAGE}; null where that is not given.
  public static @Nullable ImagePod read(Arguments arguments) throws UsageException, IOException {
    String image = arguments.value(IMAGE);
    if (image == null) {
      for (Option option : List.of(PROFILE, COMMAND)) {
        if (arguments.has(option)) {
          throw new UsageException(option.text() + " is for " + IMAGE.text());
        }
      }
      return null;
    }
    List<String> words = arguments.afterDashes();
    if (arguments.operands().size() > words.size()) {
      throw new UsageException(
          "\""
              + arguments.operands().getFirst()
              + "\": with "
              + IMAGE.text()
              + " no file is run; the arguments of the image stand after --");
    }
    String text = arguments.value(PROFILE);
    ImageProfile profile = text == null ? null : ImageProfile.read(PROFILE, text);
    if (profile != null
        && profile.hasOtherName()
        && (arguments.has(PolicyOptions.POLICY) || arguments.has(PolicyOptions.CLUSTER))) {
      throw new UsageException(
          PROFILE.text()
              + " \""
              + text
              + "\": policies allow profiles by their names; put it below the profile root, and"
              + " give its name, localhost/PATH");
    }
    return new ImagePod(image, words, arguments.has(COMMAND), profile);
  }

  /// The pod, judged as if it stood in a file.
  public JudgedPods judged(Judge judge) {
    Pod pod = Objects.requireNonNull(PodReader.read(new KubernetesObject("v1", "Pod", manifest())));
    return new JudgedPods(
        List.of(new JudgedPod(new ManifestSource(IMAGE.text(), null, false), judge.judge(pod))),
        List.of(),
        0,
        List.of(),
        List.of());
  }

  /// Whether its profile is a built-in default, of which no file is the user's.
  public boolean isBuiltIn() {
    return profile != null && profile.builtIn() != null;
  }

  /// The directory of its profile.
  ///
  /// @param usual where `localhost/` profiles lie
  public Path profileRoot(Path usual, RunDirectory directory) throws IOException {
    return profile == null ? usual : profile.root(usual, directory);
  }

  private Mapping manifest() {
    String name = name(image);
    MappingBuilder container = new MappingBuilder().put("name", name).put("image", image);
    if (!words.isEmpty()) {
      container.put(command ? "command" : "args", words.stream().map(ImagePod::text).toList());
    }
    if (profile != null) {
      container.put(
          "securityContext",
          new MappingBuilder().put("seccompProfile", field(profile.name())).build());
    }
    return new MappingBuilder()
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put("metadata", new MappingBuilder().put("name", name).build())
        .put("spec", new MappingBuilder().put("containers", List.of(container.build())).build())
        .build();
  }

  private static Value text(String word) {
    return new Value.Text(Position.NONE, word);
  }

  private static Mapping field(ProfileName name) {
    return switch (name) {
      case ProfileName.RuntimeDefault _ -> type("RuntimeDefault").build();
      case ProfileName.Unconfined _ -> type("Unconfined").build();
      case ProfileName.Localhost(String path) ->
          type("Localhost").put("localhostProfile", path).build();
    };
  }

  private static MappingBuilder type(String type) {
    return new MappingBuilder().put("type", type);
  }

  /// The last part of an image's name, as far as a container can have it.
  static String name(String image) {
    String repository = image.replaceFirst("@.*", "");
    String last = repository.substring(repository.lastIndexOf('/') + 1).replaceFirst(":.*", "");
    String label = last.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    label = label.substring(0, Math.min(LONGEST_NAME, label.length())).replaceAll("^-+|-+$", "");
    return label.isEmpty() ? "image" : label;
  }
}
