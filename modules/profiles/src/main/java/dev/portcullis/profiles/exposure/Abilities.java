package dev.portcullis.profiles.exposure;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What people ask about first, in the order in which it is shown; the list is `abilities.yaml`.
public final class Abilities {
  static final String FILE = "abilities.yaml";

  private Abilities() {}

  /// All of them.
  public static List<Ability> load() {
    if (!(Documents.read(content(), VulnerabilityReader.LIMITS)
        instanceof ParseResult.Documents(List<Value> values))) {
      throw new IllegalStateException(FILE);
    }
    SyscallGroups groups = SyscallGroups.load();
    Set<String> known =
        groups.all().stream()
            .flatMap(group -> group.names().stream())
            .collect(Collectors.toUnmodifiableSet());
    ChangeReader calls = new ChangeReader(groups, known);
    List<Ability> all = new ArrayList<>();
    for (Value value : values) {
      List<FieldError> errors = new ArrayList<>();
      FieldReader entry = new FieldReader("", (Mapping) value, errors);
      List<Need.Step> ways = new ArrayList<>();
      for (FieldReader way : entry.objects("ways")) {
        if (new NeedReader(calls).read(way) instanceof Need.Step step) {
          ways.add(step);
        }
      }
      String id = entry.text("id");
      String title = entry.text("title");
      if (id == null || title == null || ways.isEmpty() || !errors.isEmpty()) {
        throw new IllegalStateException(FILE + ": " + id + ": " + errors);
      }
      all.add(new Ability(id, title, ways));
    }
    return List.copyOf(all);
  }

  private static byte[] content() {
    try (InputStream in = Abilities.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + FILE);
      }
      return in.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(FILE, broken);
    }
  }
}
