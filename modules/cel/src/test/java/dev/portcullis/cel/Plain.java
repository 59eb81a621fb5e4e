package dev.portcullis.cel;

import dev.cel.common.values.NullValue;
import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Documents as the maps and lists that CEL for Java takes, and patches of them.
final class Plain {
  private Plain() {}

  /// Without what is null: an API server reads objects into types that leave it out.
  static @Nullable Object of(@Nullable Value value) {
    return switch (value) {
      case null -> null;
      case Value.Null _ -> null;
      case Value.Text(_, String text) -> text;
      case Value.Truth(_, boolean truth) -> truth;
      case Value.Numeral(_, String digits) -> Long.valueOf(digits);
      case Sequence list -> {
        List<@Nullable Object> items = new ArrayList<>();
        list.items().forEach(item -> items.add(of(item)));
        yield items;
      }
      case Mapping object -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        object
            .entries()
            .forEach((key, entry) -> {
              Object member = of(entry.value());
              // But for a list that must be there.
              if (member != null || key.equals("containers")) {
                members.put(key, member == null ? NullValue.NULL_VALUE : member);
              }
            });
        yield members;
      }
    };
  }

  /// The same as a document.
  static Value value(@Nullable Object plain) {
    return switch (plain) {
      case null -> new Value.Null(Position.NONE);
      case String text -> new Value.Text(Position.NONE, text);
      case Boolean truth -> new Value.Truth(Position.NONE, truth);
      case Number number -> new Value.Numeral(Position.NONE, number.toString());
      case List<?> list -> new Sequence(Position.NONE, list.stream().map(Plain::value).toList());
      case Map<?, ?> map -> {
        MappingBuilder object = new MappingBuilder();
        map.forEach((key, member) -> object.put((String) key, value(member)));
        yield object.build();
      }
      default -> throw new AssertionError(plain.getClass());
    };
  }

  static Map<String, Object> request(AdmissionRequest request) {
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("username", request.user().name());
    if (!request.user().groups().isEmpty()) {
      user.put("groups", List.copyOf(request.user().groups()));
    }
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("operation", request.operation().name());
    attributes.put("userInfo", user);
    attributes.put("kind", Map.of("kind", request.kind()));
    attributes.put("resource", Map.of("resource", request.resource()));
    attributes.put("namespace", request.namespace());
    if (!request.subresource().isEmpty()) {
      attributes.put("subResource", request.subresource());
    }
    return attributes;
  }

  /// An object after one step of a patch (RFC 6902).
  static Object patched(Object object, Map<?, ?> step) {
    String path = (String) field(step, "path");
    return patched(
        object,
        List.of(path.substring(1).split("/")),
        (String) field(step, "op"),
        step.get("value"));
  }

  private static Object field(Map<?, ?> step, String name) {
    Object value = step.get(name);
    if (value == null) {
      throw new AssertionError("no " + name + " in " + step);
    }
    return value;
  }

  private static Object patched(
      Object owner, List<String> path, String operation, @Nullable Object value) {
    String key = path.getFirst().replace("~1", "/").replace("~0", "~");
    List<String> rest = path.subList(1, path.size());
    if (owner instanceof List<?> list) {
      List<@Nullable Object> items = new ArrayList<>(list);
      int index = Integer.parseInt(key);
      items.set(index, patched(child(items.get(index), key), rest, operation, value));
      return items;
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    ((Map<?, ?>) owner).forEach((name, member) -> members.put((String) name, member));
    if (!rest.isEmpty()) {
      members.put(key, patched(child(members.get(key), key), rest, operation, value));
    } else if (operation.equals("remove")) {
      if (members.remove(key) == null) {
        throw new AssertionError("nothing to remove: " + key);
      }
    } else if (operation.equals("add") && value != null) {
      members.put(key, value);
    } else {
      throw new AssertionError(operation + " " + key);
    }
    return members;
  }

  private static Object child(@Nullable Object child, String key) {
    if (child == null) {
      throw new AssertionError("no parent for the patch: " + key);
    }
    return child;
  }
}
