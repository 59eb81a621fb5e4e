package dev.portcullis.profiles.exposure;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.NearestName;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.profile.Capabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads what a process has to be able to do, in one entry of a catalogue.
final class NeedReader {
  private static final int MOST_NEEDS = 64;
  private static final List<String> NEEDS =
      List.of("anyOf", "allOf", "call", "namespaces", "capability");

  private final ChangeReader calls;
  private int needs;

  /// @param calls reads those of the entry, and knows their names
  NeedReader(ChangeReader calls) {
    this.calls = calls;
  }

  /// Complains about fields that are not known.
  static void requireKnown(FieldReader reader, Set<String> known) {
    reader
        .mapping()
        .entries()
        .forEach((key, value) -> {
          if (!known.contains(key)) {
            String nearest = NearestName.of(key, known);
            reader.error(
                FieldError.forbidden(
                    new FieldPath(reader.path(key), value.keyAt()),
                    "no such field" + (nearest == null ? "" : "; did you mean " + nearest + "?")));
          }
        });
  }

  /// Null where it is wrong, which is said then.
  @Nullable Need read(FieldReader reader) {
    if (++needs > MOST_NEEDS) {
      if (needs == MOST_NEEDS + 1) {
        reader.error(
            FieldError.forbidden(reader.field(), "an entry has at most " + MOST_NEEDS + " needs"));
      }
      return null;
    }
    List<String> named = NEEDS.stream().filter(reader::has).toList();
    requireKnown(reader, Set.of("anyOf", "allOf", "call", "namespaces", "capability", "overNode"));
    if (named.size() != 1) {
      reader.error(
          FieldError.invalid(
              reader.field(), "must have exactly one of " + String.join(", ", NEEDS)));
      return null;
    }
    if (reader.has("overNode") && !named.getFirst().equals("capability")) {
      reader.error(FieldError.forbidden(reader.field("overNode"), "is about a capability"));
    }
    return switch (named.getFirst()) {
      case "anyOf" -> several(reader, "anyOf", Need.AnyOf::new);
      case "allOf" -> several(reader, "allOf", Need.AllOf::new);
      case "call" -> call(reader);
      case "namespaces" -> namespaces(reader);
      default -> capability(reader);
    };
  }

  private @Nullable Need several(
      FieldReader reader, String key, Function<List<Need>, Need> combined) {
    List<FieldReader> items = reader.objects(key);
    List<Need> all = new ArrayList<>();
    for (FieldReader item : items) {
      Need need = read(item);
      if (need != null) {
        all.add(need);
      }
    }
    if (reader.items(key).isEmpty()) {
      // Nothing would be needed, or nothing would be enough.
      reader.error(FieldError.invalid(reader.field(key), "must not be empty"));
      return null;
    }
    return all.size() == reader.items(key).size() ? combined.apply(all) : null;
  }

  private @Nullable Need call(FieldReader reader) {
    String text = reader.text("call");
    if (text == null) {
      return null;
    }
    return switch (calls.read(false, text)) {
      case ChangeReader.Reading.Read(var denied) -> new Need.Calls(denied);
      case ChangeReader.Reading.Wrong(String reason) -> {
        reader.error(FieldError.invalid(reader.field("call"), reason));
        yield null;
      }
    };
  }

  private @Nullable Need namespaces(FieldReader reader) {
    List<Namespace> kinds = new ArrayList<>();
    for (String text : reader.texts("namespaces")) {
      Namespace.named(text)
          .ifPresentOrElse(
              kinds::add,
              () ->
                  reader.error(
                      FieldError.notSupported(
                          reader.field("namespaces"), text, Namespace.texts())));
    }
    if (!kinds.contains(Namespace.USER)) {
      reader.error(
          FieldError.invalid(
              reader.field("namespaces"),
              "must have \"user\": without a user namespace the others need CAP_SYS_ADMIN, which"
                  + " is a need of its own"));
      return null;
    }
    return new Need.NewNamespaces(kinds.stream().distinct().toList());
  }

  private @Nullable Need capability(FieldReader reader) {
    String name = reader.text("capability");
    if (name == null) {
      return null;
    }
    if (!Capabilities.all().contains(name)) {
      String nearest = NearestName.of(name, Capabilities.all());
      reader.error(
          FieldError.invalid(
              reader.field("capability"),
              name,
              "is no capability" + (nearest == null ? "" : "; did you mean " + nearest + "?")));
      return null;
    }
    return new Need.Capability(name, Boolean.TRUE.equals(reader.truth("overNode")));
  }
}
