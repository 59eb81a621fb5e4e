package dev.portcullis.kernel.denial;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.seccomp.bpf.Kind;
import java.util.Locale;

/// A kind of refused calls as `denials -o json` has it, and `profile heal` reads it.
public final class DenialDocument {
  private DenialDocument() {}

  /// What a filter did, as `errno`.
  public static String action(Kind kind) {
    return kind == Kind.USER_NOTIF ? "notify" : kind.name().toLowerCase(Locale.ROOT);
  }

  /// One kind, to which more may be added.
  ///
  /// @param place where it was refused
  public static MappingBuilder of(NamedDenial<?> call, Mapping place) {
    MappingBuilder result =
        new MappingBuilder().put("action", action(call.denial().verdict().kind()));
    call.errno().ifPresent(errno -> result.put("errno", errno));
    return new MappingBuilder()
        .put("container", place)
        .put("syscall", call.name())
        .put("architecture", call.architecture().name().toLowerCase(Locale.ROOT))
        .put("result", result.build())
        .put("count", call.denial().count())
        .put("firstSeen", call.denial().first().toString())
        .put("lastSeen", call.denial().last().toString());
  }
}
