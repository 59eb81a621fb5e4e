package dev.portcullis.seccomp.recording;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.recording.RecordedCall.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Reads what {@link RecordingWriter} writes.
public final class RecordingReader {
  private static final long MOST = CallSum.MOST;

  /// MAX_ERRNO of linux/err.h
  private static final long MOST_ERRNO = 4095;

  private static final Pattern HEX = Pattern.compile("0x[0-9a-f]{1,16}");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,16}");

  private RecordingReader() {}

  /// What a field should have been.
  private static final class WrongFieldException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Position at;

    WrongFieldException(Position at, String message) {
      super(message, null, false, false);
      this.at = at;
    }

    RecordingParseResult result() {
      return new RecordingParseResult.Rejected(at, "" + getMessage());
    }
  }

  /// Reads the content of a file.
  public static RecordingParseResult read(byte[] content) {
    try {
      return switch (Documents.readJson(content, Limits.MANIFEST)) {
        case ParseResult.Malformed(Position at, String message) ->
            new RecordingParseResult.Rejected(at, message);
        case ParseResult.Documents(List<Value> values) ->
            values.isEmpty()
                ? new RecordingParseResult.Rejected(Position.NONE, "the file is empty")
                : new RecordingParseResult.Read(recording(values.getFirst()));
      };
    } catch (WrongFieldException wrong) {
      return wrong.result();
    }
  }

  private static Recording recording(Value value) throws WrongFieldException {
    if (!(value instanceof Mapping object
        && object.present("kind") instanceof Value.Text(_, String kind)
        && kind.equals(RecordingWriter.KIND))) {
      throw new WrongFieldException(
          value.at(), "not a recording: `profile record` writes one beside each profile");
    }
    long version = whole(object, "version");
    if (version != RecordingWriter.VERSION) {
      throw new WrongFieldException(
          object.at("version"),
          "version " + version + " of a recording is not known here; use a newer portcullis");
    }
    List<RecordedRun> runs = new ArrayList<>();
    for (Mapping run : objects(object, "runs")) {
      runs.add(
          new RecordedRun(
              text(run, "pod"),
              text(run, "container"),
              text(run, "image"),
              text(run, "ociRuntime"),
              text(run, "kernel")));
    }
    // A file may name a call twice; nothing else does.
    return Recording.merge(
        List.of(
            new Recording(
                runs, calls(object, "program"), calls(object, "runtime"), refused(object))));
  }

  /// Recordings of before have no such list.
  private static List<RefusedCall> refused(Mapping object) throws WrongFieldException {
    List<RefusedCall> refused = new ArrayList<>();
    if (object.present("refused") != null) {
      for (Mapping call : objects(object, "refused")) {
        long errno = whole(call, "errno");
        if (errno > MOST_ERRNO) {
          throw new WrongFieldException(call.at("errno"), "no errno");
        }
        refused.add(new RefusedCall(call(call), (int) errno));
      }
    }
    return refused;
  }

  private static List<RecordedCall> calls(Mapping object, String key) throws WrongFieldException {
    List<RecordedCall> calls = new ArrayList<>();
    for (Mapping call : objects(object, key)) {
      calls.add(call(call));
    }
    return calls;
  }

  private static RecordedCall call(Mapping call) throws WrongFieldException {
    String spelling = text(call, "architecture");
    Architecture architecture = Architecture.spelled(spelling).orElse(null);
    if (architecture == null) {
      throw new WrongFieldException(call.at("architecture"), "no architecture: " + spelling);
    }
    String name = text(call, "name");
    if (!name.isEmpty() && !SyscallName.canBeLookedUp(name)) {
      throw new WrongFieldException(call.at("name"), "no name of a system call");
    }
    long number = whole(call, "number");
    if (number > 0xffffffffL) {
      throw new WrongFieldException(call.at("number"), "no number of a system call");
    }
    List<KeptArgument> kept = new ArrayList<>();
    List<Values> values = new ArrayList<>();
    if (call.present("arguments") != null) {
      for (Mapping argument : objects(call, "arguments")) {
        long index = whole(argument, "index");
        if (index > 5) {
          throw new WrongFieldException(argument.at("index"), "a system call has no such argument");
        }
        if (kept.stream().anyMatch(each -> each.index() == index)) {
          throw new WrongFieldException(argument.at("index"), "this argument is kept already");
        }
        long mask = hex(argument.at("mask"), text(argument, "mask"));
        if (mask == 0) {
          throw new WrongFieldException(argument.at("mask"), "nothing of the argument is kept");
        }
        kept.add(new KeptArgument((int) index, mask));
      }
      for (Mapping value : objects(call, "values")) {
        values.add(values(value, kept));
      }
    }
    return new RecordedCall(
        architecture,
        (int) number,
        name,
        whole(call, "count"),
        kept,
        values,
        kept.isEmpty() ? 0 : whole(call, "otherCount"));
  }

  private static Values values(Mapping value, List<KeptArgument> kept) throws WrongFieldException {
    List<Long> of = new ArrayList<>();
    if (value.present("of") instanceof Sequence(_, List<Value> items)) {
      for (Value item : items) {
        of.add(hex(item.at(), item instanceof Value.Text(_, String text) ? text : ""));
      }
    }
    if (of.size() != kept.size()) {
      throw new WrongFieldException(value.at("of"), "needs a value for each of `arguments`");
    }
    for (int i = 0; i < of.size(); i++) {
      if ((of.get(i) & ~kept.get(i).mask()) != 0) {
        throw new WrongFieldException(value.at("of"), "has bits outside the mask");
      }
    }
    return new Values(of, whole(value, "count"));
  }

  private static List<Mapping> objects(Mapping object, String key) throws WrongFieldException {
    List<Mapping> objects = new ArrayList<>();
    if (!(object.present(key) instanceof Sequence(_, List<Value> items))) {
      throw new WrongFieldException(object.at(key), "needs a list `" + key + "`");
    }
    for (Value item : items) {
      if (!(item instanceof Mapping mapping)) {
        throw new WrongFieldException(item.at(), "`" + key + "` is a list of objects");
      }
      objects.add(mapping);
    }
    return objects;
  }

  private static String text(Mapping object, String key) throws WrongFieldException {
    if (object.present(key) instanceof Value.Text(_, String text)) {
      return text;
    }
    throw new WrongFieldException(object.at(key), "needs a string `" + key + "`");
  }

  private static long whole(Mapping object, String key) throws WrongFieldException {
    if (object.present(key) instanceof Value.Numeral(_, String literal)
        && WHOLE.matcher(literal).matches()
        && Long.parseLong(literal) <= MOST) {
      return Long.parseLong(literal);
    }
    throw new WrongFieldException(object.at(key), "needs a whole number `" + key + "`");
  }

  private static long hex(Position at, String text) throws WrongFieldException {
    if (HEX.matcher(text).matches()) {
      return Long.parseUnsignedLong(text.substring(2), 16);
    }
    throw new WrongFieldException(at, "needs a hexadecimal number, as 0x2");
  }
}
