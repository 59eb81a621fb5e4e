package dev.portcullis.cli.input;

import dev.portcullis.cli.input.ContainerPlace.RuntimeDefault;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The filters of containers: each profile is read once in a command, and each filter made once.
final class SubjectFilters {
  private static final SubjectFilter UNFILTERED = new SubjectFilter.Known(Filters.NONE, null);

  private final FilterSource source;
  private final SubjectProfiles profiles;
  private final Map<Key, SubjectFilter> known = new HashMap<>();
  private final Map<Origin, SubjectFilter> made = new HashMap<>();

  private record Key(ProfileName name, ContainerPlace.Machine place, Set<String> capabilities) {}

  private record Origin(String operand, ResolvedProfile profile) {}

  /// @param profiles where `localhost/` profiles are
  SubjectFilters(FilterSource source, SubjectProfiles profiles) {
    this.source = source;
    this.profiles = profiles;
  }

  /// The filter of a container under a profile.
  ///
  /// @param capabilities its bounding set
  SubjectFilter of(ProfileName name, ContainerPlace.Machine place, Set<String> capabilities)
      throws UsageException {
    Key key = new Key(name, place, capabilities);
    SubjectFilter filter = known.get(key);
    if (filter == null) {
      Target target = target(place.kernel(), capabilities);
      filter =
          switch (name) {
            case ProfileName.Unconfined _ -> UNFILTERED;
            case ProfileName.RuntimeDefault _ ->
                switch (place.runtimeDefault()) {
                  case RuntimeDefault.Operand(String operand) -> ofOperand(operand, target);
                  case RuntimeDefault.Unknown(String why) -> new SubjectFilter.Unknown(why);
                };
            case ProfileName.Localhost localhost -> ofFile(localhost, target);
          };
      known.put(key, filter);
    }
    return filter;
  }

  private SubjectFilter ofFile(ProfileName.Localhost name, Target target) {
    return switch (profiles.lookup(ProfileKey.of(name))) {
      case SubjectProfiles.Found(Profile profile, String file, String source) ->
          of(profile, file, source, target);
      case SubjectProfiles.None(String why) -> new SubjectFilter.Unknown(why);
    };
  }

  private SubjectFilter ofOperand(String operand, Target target) throws UsageException {
    ProfileOperand written =
        ProfileOperand.read(
            operand,
            source.profiles().mode(),
            target,
            source.profiles().runtime(),
            source.profiles().input());
    return of(written, target);
  }

  /// The filter of a profile on the command line.
  SubjectFilter of(ProfileOperand written, Set<String> capabilities) {
    return of(written, target(source.target().kernel(), capabilities));
  }

  private SubjectFilter of(ProfileOperand written, Target target) {
    Profile profile = written.profile();
    return profile == null
        ? new SubjectFilter.Unknown(words(written.complaints()))
        : of(profile, written.text(), "", target);
  }

  private SubjectFilter of(Profile profile, String operand, String from, Target target) {
    ResolvedProfile resolved = Resolver.resolve(profile, target);
    // Docker's conditions alone depend on capabilities.
    Set<String> decisive = profile.dockerOnly().isEmpty() ? Set.of() : target.capabilities();
    return made.computeIfAbsent(
        new Origin(operand, resolved), origin -> made(origin, from, decisive));
  }

  private SubjectFilter made(Origin origin, String from, Set<String> decisive) {
    String operand = origin.operand();
    FilterArgument argument =
        FilterArgument.of(operand, source.compiler().compile(origin.profile(), source.dialect()));
    Filters filters = argument.filters();
    return filters == null
        ? new SubjectFilter.Unknown(words(argument.complaints()))
        : new SubjectFilter.Known(
            filters, new FilterOrigin(operand, from, origin.profile(), decisive));
  }

  private Target target(KernelVersion kernel, Set<String> capabilities) {
    return new Target(source.target().architecture(), kernel, capabilities);
  }

  private static String words(List<Diagnostic> complaints) {
    return complaints.stream().map(Diagnostic::text).collect(Collectors.joining("; "));
  }
}
