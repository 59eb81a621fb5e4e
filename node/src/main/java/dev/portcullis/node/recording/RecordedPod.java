package dev.portcullis.node.recording;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.node.cluster.ProposalWriter.Proposal;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.seccomp.recording.RecordedRun;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RecordingParseResult;
import dev.portcullis.seccomp.recording.RecordingReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The recording of a pod: of all its containers, once, until a time. A file has it, for an agent
/// that comes after this one.
final class RecordedPod {
  /// As Kubernetes has them: none has the sign that parts names of files.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}");

  /// NAME_MAX of linux/limits.h, less the longest ending of a file that is being written.
  private static final int LONGEST_STEM = 255 - (ProposalDirectory.RECORDING + ".new").length();

  private final String namespace;
  private final String pod;
  private final String uid;
  private final Instant began;
  private final Instant until;
  private final Map<String, RecordedPart> parts = new LinkedHashMap<>();
  private boolean ended;
  private boolean isThere;

  RecordedPod(String namespace, String pod, String uid, Instant began, Instant until) {
    this.namespace = namespace;
    this.pod = pod;
    this.uid = uid;
    this.began = began;
    this.until = until;
  }

  /// Whether there can be files of these names.
  static boolean canBeNamed(RecordableContainer container) {
    return canBeNamed(
        container.namespace(), container.pod(), container.podUid(), container.container());
  }

  private static boolean canBeNamed(String namespace, String pod, String uid, String container) {
    return Stream.of(namespace, pod, uid, container).allMatch(name -> NAME.matcher(name).matches())
        && ProposalDirectory.stem(namespace, pod, container).length() <= LONGEST_STEM;
  }

  /// The same of another container of this pod.
  boolean canName(String container) {
    return canBeNamed(namespace, pod, uid, container);
  }

  String uid() {
    return uid;
  }

  String label() {
    return namespace + "/" + pod;
  }

  Duration time() {
    return Duration.between(began, until);
  }

  boolean isOver() {
    return !Instant.now().isBefore(until);
  }

  boolean hasEnded() {
    return ended;
  }

  void end() {
    ended = true;
  }

  /// Whether the pod has gone, by what the runtime has of now.
  boolean hasGone(boolean isThereNow) {
    // One that has ended without having been there never was.
    boolean hasGone = (isThere || ended) && !isThereNow;
    isThere |= isThereNow;
    return hasGone;
  }

  List<RecordedPart> parts() {
    return List.copyOf(parts.values());
  }

  RecordedPart part(String container, String image, String kernel) {
    return parts.computeIfAbsent(
        container,
        name ->
            new RecordedPart(
                name, new RecordedRun(label(), name, image, "", kernel), Recording.NONE));
  }

  /// When it was recorded, for people.
  String span(String end) {
    return "recorded from " + began + " to " + now() + ": " + end;
  }

  Proposal proposal(RecordedPart part, @Nullable String profile, String recording) {
    return new Proposal(namespace, pod, part.name(), part.run().image(), profile, recording);
  }

  /// The name of the container's files, without an ending.
  String stem(RecordedPart part) {
    return ProposalDirectory.stem(namespace, pod, part.name());
  }

  /// What an agent that comes after this one has to know beside the recordings.
  String text() {
    List<Mapping> containers = new ArrayList<>();
    for (RecordedPart part : parts()) {
      containers.add(
          new MappingBuilder()
              .put("name", part.name())
              .put("image", part.run().image())
              .put("kernel", part.run().kernel())
              .put("lost", part.lost())
              .put("omitted", part.omitted())
              .put("otherClass", part.hasOtherClass())
              .putTexts("doubts", List.copyOf(part.said()))
              .build());
    }
    return JsonWriter.pretty(
            new MappingBuilder()
                .put("namespace", namespace)
                .put("pod", pod)
                .put("uid", uid)
                .put("began", began.toString())
                .put("until", until.toString())
                .put("saved", now().toString())
                .put("ended", ended)
                .put("containers", containers)
                .build())
        + "\n";
  }

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /// What an agent before this one has left.
  ///
  /// @throws IOException where it is not as it was written
  static RecordedPod read(String file, ProposalDirectory directory) throws IOException {
    byte[] content = directory.read(file);
    if (content != null
        && Documents.readJson(content, Limits.MANIFEST) instanceof ParseResult.Documents(var all)
        && all.size() == 1
        && all.getFirst() instanceof Mapping object) {
      try {
        RecordedPod recording =
            new RecordedPod(
                text(object, "namespace"),
                text(object, "pod"),
                text(object, "uid"),
                Instant.parse(text(object, "began")),
                Instant.parse(text(object, "until")));
        recording.ended = isTrue(object, "ended");
        recording.isThere = true;
        if (object.present("containers") instanceof Sequence(_, List<Value> items)) {
          for (Value item : items) {
            if (item instanceof Mapping container) {
              recording.restore(container, directory, text(object, "saved"));
            }
          }
        }
        return recording;
      } catch (DateTimeException | NumberFormatException broken) {
        throw new IOException(directory.path(file) + ": " + broken.getMessage(), broken);
      }
    }
    throw new IOException(directory.path(file) + " is not in Portcullis' format");
  }

  private void restore(Mapping container, ProposalDirectory directory, String saved)
      throws IOException {
    String name = text(container, "name");
    byte[] file =
        directory.read(ProposalDirectory.stem(namespace, pod, name) + ProposalDirectory.RECORDING);
    Recording before = file == null ? null : recording(file);
    RecordedPart part =
        new RecordedPart(
            name,
            new RecordedRun(label(), name, text(container, "image"), "", text(container, "kernel")),
            before == null ? Recording.NONE : before);
    part.add(
        number(container, "lost"), number(container, "omitted"), isTrue(container, "otherClass"));
    if (container.present("doubts") instanceof Sequence(_, List<Value> doubts)) {
      for (Value doubt : doubts) {
        if (doubt instanceof Value.Text(_, String words)) {
          part.doubt(words);
        }
      }
    }
    if (!ended) {
      if (before == null) {
        part.doubt("what was recorded until " + saved + " cannot be read: it is missing");
      }
      part.doubt(
          "the agent was started again at "
              + now()
              + ": calls since "
              + saved
              + " are missing, until it found the container");
    }
    parts.put(name, part);
  }

  private static @Nullable Recording recording(byte[] file) {
    return RecordingReader.read(file) instanceof RecordingParseResult.Read(Recording read)
        ? read
        : null;
  }

  private static String text(Mapping object, String key) throws IOException {
    if (object.present(key) instanceof Value.Text(_, String text)) {
      return text;
    }
    throw new IOException("the file of a recording has no string `" + key + "`");
  }

  private static long number(Mapping object, String key) {
    return object.present(key) instanceof Value.Numeral(_, String literal)
        ? Long.parseLong(literal)
        : 0;
  }

  private static boolean isTrue(Mapping object, String key) {
    return object.present(key) instanceof Value.Truth(_, boolean value) && value;
  }
}
