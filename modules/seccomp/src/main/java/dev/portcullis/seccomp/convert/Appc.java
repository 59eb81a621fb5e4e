package dev.portcullis.seccomp.convert;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Errno;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `os/linux/seccomp-retain-set` and `-remove-set` of the App Container specification: names, and
/// one errno for all that is denied.
final class Appc {
  private Appc() {}

  static String write(ResolvedProfile profile, List<Loss> losses) {
    AllowOrDenyList sets = AllowOrDenyList.of(profile, (_, _) -> false, losses);
    sets.nothingIsLogged(losses);
    Outcome byDefault = sets.byDefault();
    losses.add(
        new Loss(
            byDefault.at(),
            Loss.Effect.NEITHER,
            "architectures: the specification does not have them; the runtime decides"));
    List<Outcome> denials =
        sets.allowList() ? List.of(byDefault) : List.copyOf(sets.denied().values());
    Outcome denial = denials.isEmpty() ? byDefault : denials.getFirst();
    sets.otherDenials(denial, losses);
    Map<String, Outcome> names = sets.allowList() ? sets.passing() : sets.denied();
    MappingBuilder value =
        new MappingBuilder().put("set", names.keySet().stream().map(Appc::text).toList());
    errno(denial, losses).ifPresent(name -> value.put("errno", name));
    Mapping isolator =
        new MappingBuilder()
            .put(
                "name",
                sets.allowList() ? "os/linux/seccomp-retain-set" : "os/linux/seccomp-remove-set")
            .put("value", value.build())
            .build();
    return JsonWriter.pretty(isolator) + "\n";
  }

  private static Optional<String> errno(Outcome denial, List<Loss> losses) {
    if (denial.action() != Action.ERRNO) {
      if (denial.action().denies() && denial.action() != Action.TRAP) {
        losses.add(
            new Loss(denial.at(), Loss.Effect.NEITHER, "denied calls end the process with SIGSYS"));
      }
      return Optional.empty();
    }
    Optional<String> name = Errno.name(denial.effectiveErrno());
    if (name.isEmpty()) {
      losses.add(
          new Loss(
              denial.at(),
              Loss.Effect.NEITHER,
              "errno " + denial.effectiveErrno() + " has no name here; EPERM is used"));
    }
    return Optional.of(name.orElse("EPERM"));
  }

  private static Value text(String text) {
    return new Value.Text(Position.NONE, text);
  }
}
