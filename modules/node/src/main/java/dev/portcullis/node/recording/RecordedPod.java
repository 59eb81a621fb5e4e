package dev.portcullis.node.recording;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.node.cluster.PodWish;
import dev.portcullis.node.cluster.ProposalWriter.Proposal;
import dev.portcullis.pods.spec.RecordingRequest;
import dev.portcullis.seccomp.recording.RecordedRun;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RecordingParseResult;
import dev.portcullis.seccomp.recording.RecordingReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One recording of a pod: of all its containers, until a time. A file has it, for an agent that
/// comes after this one.
final class RecordedPod {
  /// Recordings of one pod, one after the other: each has files.
  private static final int MOST_RUNS = 9999;

  /// Of which the ids are kept: each restart makes another.
  private static final int MOST_CONTAINERS = 256;

  /// As Kubernetes has them: none has the sign that parts names of files.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}");

  /// NAME_MAX of linux/limits.h, less the longest ending of a file that is being written.
  private static final int LONGEST_STEM = 255 - (ProposalDirectory.RECORDING + ".new").length();

  private final String namespace;
  private final String pod;
  private final String uid;
  private final int run;
  private final Instant began;
  private String request;
  private Instant until;
  private final Map<String, RecordedPart> parts = new LinkedHashMap<>();

  /// The ids of its containers, as far as they are known, the newest last.
  private final LinkedHashSet<String> containers = new LinkedHashSet<>();

  private String why = "its time is over";
  private boolean stopped;
  private boolean ended;
  private boolean isThere;
  private boolean hasGone;

  /// @param run the how manieth of this pod it is, from 1
  /// @param request the annotation by which it was begun
  private RecordedPod(
      String namespace,
      String pod,
      String uid,
      int run,
      Instant began,
      String request,
      Instant until) {
    this.namespace = namespace;
    this.pod = pod;
    this.uid = uid;
    this.run = run;
    this.began = began;
    this.request = request;
    this.until = until;
  }

  /// Begins one now.
  ///
  /// @param wish with a request that can be read
  /// @param before the one of the same pod that has ended; null where this is the first
  static RecordedPod begin(PodWish wish, String request, @Nullable RecordedPod before) {
    Instant now = now();
    return new RecordedPod(
        wish.namespace(),
        wish.pod(),
        wish.uid(),
        before == null ? 1 : before.run + 1,
        now,
        request,
        now.plusSeconds(RecordingRequest.read(request).seconds()));
  }

  /// Whether there can be files of these names.
  static boolean canBeNamed(PodWish pod, String container) {
    return canBeNamed(pod.namespace(), pod.pod(), pod.uid(), container);
  }

  private static boolean canBeNamed(String namespace, String pod, String uid, String container) {
    return Stream.of(namespace, pod, uid, container).allMatch(name -> NAME.matcher(name).matches())
        && ProposalDirectory.stem(namespace, pod, container, uid, MOST_RUNS).length()
            <= LONGEST_STEM;
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

  /// Whether what is asked for now is another recording than this one, which has ended.
  boolean isAnother(String asked) {
    return ended && run < MOST_RUNS && !asked.equals(request);
  }

  /// The time has changed: it counts from the beginning, as ever.
  ///
  /// @param asked can be read
  /// @return whether it is new
  boolean change(String asked) {
    boolean isNew = !asked.equals(request);
    request = asked;
    until = began.plusSeconds(RecordingRequest.read(asked).seconds());
    return isNew;
  }

  /// It is not asked for any more: the same request would be a new one.
  void forgetRequest() {
    request = "";
  }

  Instant until() {
    return until;
  }

  /// Whether it is of the pod of a wish, and not of another one that calls itself so.
  boolean is(PodWish wish) {
    return label().equals(wish.label()) && uid.equals(wish.uid());
  }

  /// Ends it before its time: what was seen until now is the result, also where that has to be
  /// written again and again.
  void stop(String reason) {
    if (!isOver()) {
      stopped = true;
      why = reason;
    }
  }

  /// Why it is over.
  String why() {
    return why;
  }

  boolean isOver() {
    return stopped || !Instant.now().isBefore(until);
  }

  boolean hasEnded() {
    return ended;
  }

  /// Its end could not be written.
  void resume() {
    ended = false;
  }

  void end() {
    ended = true;
  }

  /// Whether it goes on.
  boolean isOpen() {
    return !ended && !isOver();
  }

  /// Whether the runtime has the pod now.
  void see(boolean isThereNow) {
    // One that has ended without having been there never was.
    hasGone = (isThere || ended) && !isThereNow;
    isThere |= isThereNow;
  }

  /// Whether the pod was seen to have gone.
  boolean hasGone() {
    return hasGone;
  }

  /// One of its containers: each trace leaves out those of the others.
  void know(String id) {
    if (containers.add(id)) {
      if (containers.size() > MOST_CONTAINERS) {
        containers.removeFirst();
      }
      parts.values().forEach(part -> part.know(containers));
    }
  }

  List<RecordedPart> parts() {
    return List.copyOf(parts.values());
  }

  RecordedPart part(String container, String image, String kernel) {
    RecordedPart part =
        parts.computeIfAbsent(
            container,
            name ->
                new RecordedPart(
                    name, new RecordedRun(label(), name, image, "", kernel), Recording.NONE));
    part.know(containers);
    return part;
  }

  /// When it was recorded, for people.
  String span(String end) {
    return "recorded from " + began + " to " + now() + ": " + end;
  }

  Proposal proposal(RecordedPart part, @Nullable String profile, String recording) {
    return new Proposal(
        namespace, pod, uid, run, part.name(), part.run().image(), profile, recording);
  }

  /// The name of the container's files, without an ending.
  String stem(RecordedPart part) {
    return stem(part.name());
  }

  private String stem(String container) {
    return ProposalDirectory.stem(namespace, pod, container, uid, run);
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
                .put("run", run)
                .put("request", request)
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
                Math.toIntExact(number(object, "run")),
                Instant.parse(text(object, "began")),
                text(object, "request"),
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
      } catch (DateTimeException | ArithmeticException | NumberFormatException broken) {
        throw new IOException(directory.path(file) + ": " + broken.getMessage(), broken);
      }
    }
    throw new IOException(directory.path(file) + " is not in Portcullis' format");
  }

  private void restore(Mapping container, ProposalDirectory directory, String saved)
      throws IOException {
    String name = text(container, "name");
    byte[] file = directory.read(stem(name) + ProposalDirectory.RECORDING);
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
