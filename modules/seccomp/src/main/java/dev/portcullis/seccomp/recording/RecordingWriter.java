package dev.portcullis.seccomp.recording;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.recording.RecordedCall.Values;
import dev.portcullis.seccomp.syscall.ArgumentNames;
import java.util.List;

/// Writes a recording, for review and for {@link RecordingReader}.
public final class RecordingWriter {
  static final String KIND = "Recording";
  static final long VERSION = 1;

  private RecordingWriter() {}

  /// The JSON text.
  ///
  /// @param made the profile that was made of it, whose additions and remarks stand there, too
  public static String write(Recording recording, RecordedProfile made) {
    MappingBuilder object =
        new MappingBuilder()
            .put("kind", KIND)
            .put("version", VERSION)
            .put("runs", recording.runs().stream().map(RecordingWriter::run).toList())
            .put("program", calls(recording.program()))
            .put("runtime", calls(recording.runtime()))
            .put("refused", recording.refused().stream().map(RecordingWriter::refused).toList())
            .put("added", made.additions().stream().map(RecordingWriter::addition).toList())
            .put("remarks", texts(made.remarks()));
    return JsonWriter.pretty(object.build()) + "\n";
  }

  private static List<Mapping> calls(List<RecordedCall> calls) {
    return calls.stream().map(call -> call(call).build()).toList();
  }

  private static Mapping run(RecordedRun run) {
    return new MappingBuilder()
        .put("pod", run.pod())
        .put("container", run.container())
        .put("image", run.image())
        .put("ociRuntime", run.ociRuntime())
        .put("kernel", run.kernel())
        .build();
  }

  private static Mapping refused(RefusedCall refused) {
    return call(refused.call()).put("errno", refused.errno()).build();
  }

  private static MappingBuilder call(RecordedCall call) {
    MappingBuilder object =
        new MappingBuilder()
            .put("name", call.name())
            .put("architecture", call.architecture().spelling())
            .put("number", Integer.toUnsignedLong(call.number()))
            .put("count", call.count());
    if (!call.kept().isEmpty()) {
      object.put(
          "arguments", call.kept().stream().map(each -> argument(call.name(), each)).toList());
      object.put("values", call.values().stream().map(RecordingWriter::values).toList());
      object.put("otherCount", call.otherCount());
    }
    return object;
  }

  private static Mapping argument(String call, KeptArgument argument) {
    return new MappingBuilder()
        .put("index", argument.index())
        .put("name", ArgumentNames.name(List.of(call), argument.index()))
        .put("mask", hex(argument.mask()))
        .build();
  }

  private static Mapping values(Values values) {
    return new MappingBuilder()
        .put("of", texts(values.of().stream().map(RecordingWriter::hex).toList()))
        .put("count", values.count())
        .build();
  }

  private static Mapping addition(RecordedProfile.Addition addition) {
    return new MappingBuilder()
        .put("reason", addition.reason())
        .put("calls", texts(addition.calls()))
        .build();
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private static List<Value> texts(List<String> texts) {
    return texts.stream().<Value>map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}
