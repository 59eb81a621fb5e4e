package dev.portcullis.container.rights;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.container.profiles.BoundingSet;
import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.kernel.process.ProcessRights;
import dev.portcullis.seccomp.profile.Capabilities;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What CRI was asked to let a container do, and what the kernel reports that it may do beyond
/// that.
///
/// Only what was asked for is held against it: where nothing was, the image or the runtime decides.
/// A privileged container may do everything, so there is none of this for it.
///
/// @param uid null where the image's user, or a name, was asked for
/// @param gid null where the group that belongs to the user was asked for
/// @param capabilities changes to the runtime's own set
/// @param noNewPrivileges whether no program may give it more (`allowPrivilegeEscalation: false`)
public record AskedRights(
    @Nullable Long uid,
    @Nullable Long gid,
    ContainerSpec.Capabilities capabilities,
    boolean noNewPrivileges) {
  private static final String UID = "uid";
  private static final String GID = "gid";
  private static final String ADD = "add";
  private static final String DROP = "drop";
  private static final String NO_NEW_PRIVILEGES = "noNewPrivileges";
  private static final int MOST_NAMED = 3;

  /// Before what was asked for, in whatever way that is written.
  private static final RuntimeCapabilities NOTHING =
      new RuntimeCapabilities(Set.of(), CapabilityPrefix.WHERE_IT_LACKS);

  /// As text, for an annotation.
  public String text() {
    MappingBuilder object = new MappingBuilder();
    if (uid != null) {
      object.put(UID, uid);
    }
    if (gid != null) {
      object.put(GID, gid);
    }
    return JsonWriter.compact(
        object
            .put(ADD, texts(capabilities.add()))
            .put(DROP, texts(capabilities.drop()))
            .put(NO_NEW_PRIVILEGES, noNewPrivileges)
            .build());
  }

  private static List<Value> texts(List<String> texts) {
    return texts.stream().<Value>map(text -> new Value.Text(Position.NONE, text)).toList();
  }

  /// Reads it again; null where it is not as {@link #text} writes it.
  public static @Nullable AskedRights read(String text) {
    if (!(Documents.readJson(text.getBytes(UTF_8), Limits.MANIFEST)
            instanceof ParseResult.Documents(var values)
        && values.size() == 1
        && values.getFirst() instanceof Mapping object)) {
      return null;
    }
    List<String> add = texts(object.get(ADD));
    List<String> drop = texts(object.get(DROP));
    if (add == null
        || drop == null
        || !(object.get(NO_NEW_PRIVILEGES) instanceof Value.Truth(_, boolean noNewPrivileges))) {
      return null;
    }
    try {
      return new AskedRights(
          number(object.get(UID)),
          number(object.get(GID)),
          new ContainerSpec.Capabilities(add, drop),
          noNewPrivileges);
    } catch (NumberFormatException notWhole) {
      return null;
    }
  }

  private static @Nullable Long number(@Nullable Value value) {
    return value instanceof Value.Numeral(_, String literal) ? Long.valueOf(literal) : null;
  }

  private static @Nullable List<String> texts(@Nullable Value value) {
    if (!(value instanceof Sequence sequence)) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Value item : sequence.items()) {
      if (!(item instanceof Value.Text(_, String text))) {
        return null;
      }
      texts.add(text);
    }
    return texts;
  }

  /// What a process may do beyond what was asked for, each in words; empty where there is nothing.
  ///
  /// @param given the bounding set that the runtime reports; null where it reports none
  public List<String> exceededBy(ProcessRights process, @Nullable Set<String> given) {
    List<String> more = new ArrayList<>();
    if (uid != null && uid != 0 && process.uid() == 0) {
      more.add("it is root (Uid: 0), and user " + uid + " was asked for");
    }
    if (gid != null && gid != 0 && process.gid() == 0) {
      more.add("its group is root's (Gid: 0), and group " + gid + " was asked for");
    }
    if (noNewPrivileges && !process.noNewPrivileges()) {
      more.add("programs may give it more (NoNewPrivs: 0), and that they may not was asked for");
    }
    // In a user namespace of its own every process has all capabilities, over nothing of the node.
    if (process.inOurUserNamespace()) {
      Set<String> beyond = new TreeSet<>(process.capabilities());
      beyond.removeAll(allowed(given));
      if (!beyond.isEmpty()) {
        more.add("it has " + list(beyond) + ", beyond what was requested");
      }
    }
    return more;
  }

  /// Without `drop: [ALL]` the runtime's default is a part of it, which is its own affair: then
  /// what it reports that it gave counts, and else only what was dropped by name.
  private Set<String> allowed(@Nullable Set<String> given) {
    if (BoundingSet.dropsAll(capabilities.drop())) {
      Set<String> allowed =
          new TreeSet<>(BoundingSet.of(NOTHING, false, capabilities.add(), capabilities.drop()));
      capabilities.add().forEach(name -> allowed.add(Capabilities.fullName(name)));
      return allowed;
    }
    if (given != null) {
      return given;
    }
    Set<String> allowed = new TreeSet<>(BoundingSet.known());
    capabilities.drop().forEach(name -> allowed.remove(Capabilities.fullName(name)));
    capabilities.add().forEach(name -> allowed.add(Capabilities.fullName(name)));
    return allowed;
  }

  private static String list(Set<String> names) {
    String first = String.join(", ", names.stream().limit(MOST_NAMED).toList());
    int rest = names.size() - MOST_NAMED;
    return rest > 0 ? first + " and " + rest + " more capabilities" : first;
  }
}
