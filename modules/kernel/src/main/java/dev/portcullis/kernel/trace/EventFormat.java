package dev.portcullis.kernel.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the fields of an event are, by its file `format`: they differ between kernels.
///
/// @param id what stands in the first field of each
record EventFormat(int id, Map<String, Integer> offsets) {
  private static final Pattern ID = Pattern.compile("(?m)^ID: ([0-9]+)$");
  private static final Pattern FIELD =
      Pattern.compile("field:[^;]*?([A-Za-z0-9_]+)(?:\\[[^;]*])?;\\s*offset:([0-9]+);");

  EventFormat {
    offsets = Map.copyOf(offsets);
  }

  static EventFormat read(Path event) throws IOException {
    Path file = event.resolve("format");
    return parse(Files.readString(file), file);
  }

  static EventFormat parse(String text, Path file) throws IOException {
    Matcher id = ID.matcher(text);
    if (!id.find()) {
      throw new IOException(file + " has no line \"ID:\"; this kernel's tracefs is not known");
    }
    Map<String, Integer> offsets = new HashMap<>();
    Matcher field = FIELD.matcher(text);
    while (field.find()) {
      offsets.put(field.group(1), Integer.valueOf(field.group(2)));
    }
    return new EventFormat(Integer.parseInt(id.group(1)), offsets);
  }

  /// Where a field begins, from the beginning of the event.
  int offset(String field) throws IOException {
    Integer offset = offsets.get(field);
    if (offset == null) {
      throw new IOException("event " + id + " of tracefs has no field " + field);
    }
    return offset;
  }
}
