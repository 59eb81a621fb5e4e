package dev.portcullis.seccomp.json;

import dev.portcullis.documents.GoShape;
import java.util.LinkedHashMap;
import java.util.Map;

/// The structure `LinuxSeccomp` of the OCI runtime specification (specs-go/config.go, 1.0.2 and
/// newer), which containerd and runc read profiles into.
final class OciShape {
  private static final GoShape TEXT = new GoShape.Text();
  private static final GoShape TEXTS = new GoShape.Slice(TEXT);
  private static final GoShape NUMBER = new GoShape.Unsigned(false);
  private static final GoShape POINTER = new GoShape.Unsigned(true);

  private static final GoShape ARGUMENT =
      struct(
          field("index", NUMBER),
          field("value", NUMBER),
          field("valueTwo", NUMBER),
          field("op", TEXT));
  private static final GoShape RULE =
      struct(
          field("names", TEXTS),
          field("action", TEXT),
          field("errnoRet", POINTER),
          field("args", new GoShape.Slice(ARGUMENT)));

  static final GoShape.Struct PROFILE =
      struct(
          field("defaultAction", TEXT),
          field("defaultErrnoRet", POINTER),
          field("architectures", TEXTS),
          field("flags", TEXTS),
          field("listenerPath", TEXT),
          field("listenerMetadata", TEXT),
          field("syscalls", new GoShape.Slice(RULE)));

  private OciShape() {}

  private static Map.Entry<String, GoShape> field(String name, GoShape shape) {
    return Map.entry(name, shape);
  }

  @SafeVarargs
  private static GoShape.Struct struct(Map.Entry<String, GoShape>... fields) {
    Map<String, GoShape> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, GoShape> each : fields) {
      shapes.put(each.getKey(), each.getValue());
    }
    return new GoShape.Struct(shapes);
  }
}
