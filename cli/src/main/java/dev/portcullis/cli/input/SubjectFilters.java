package dev.portcullis.cli.input;

import dev.portcullis.cli.options.UsageException;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The filters of containers: each profile is read once in a command, and each filter made once.
final class SubjectFilters {
  private static final SubjectFilter UNFILTERED = new SubjectFilter.Known(Filters.NONE, null);

  private final FilterSource source;
  private final ProfileRoot root;
  private final String runtimeDefault;
  private final Map<Key, SubjectFilter> known = new HashMap<>();
  private final Map<Origin, SubjectFilter> made = new HashMap<>();

  private record Key(ProfileName name, Set<String> capabilities) {}

  private record Origin(String operand, ResolvedProfile profile) {}

  /// @param root where `localhost/` profiles lie
  /// @param runtimeDefault the operand that `runtime/default` stands for
  SubjectFilters(FilterSource source, ProfileRoot root, String runtimeDefault) {
    this.source = source;
    this.root = root;
    this.runtimeDefault = runtimeDefault;
  }

  /// The filter of a container under a profile.
  ///
  /// @param capabilities its bounding set
  SubjectFilter of(ProfileName name, Set<String> capabilities) throws UsageException {
    Key key = new Key(name, capabilities);
    SubjectFilter filter = known.get(key);
    if (filter == null) {
      filter =
          switch (name) {
            case ProfileName.Unconfined _ -> UNFILTERED;
            case ProfileName.RuntimeDefault _ -> ofOperand(runtimeDefault, capabilities);
            case ProfileName.Localhost localhost -> ofFile(localhost, capabilities);
          };
      known.put(key, filter);
    }
    return filter;
  }

  private SubjectFilter ofFile(ProfileName.Localhost name, Set<String> capabilities) {
    ProfileLookup lookup = root.lookup(ProfileKey.of(name));
    return switch (lookup) {
      case UsableProfile usable -> of(usable.profile(), usable.source(), capabilities);
      case ProfileLookup.None none -> new SubjectFilter.Unknown(none.why());
    };
  }

  private SubjectFilter ofOperand(String operand, Set<String> capabilities) throws UsageException {
    ProfileOperand written =
        ProfileOperand.read(
            operand,
            source.profiles().mode(),
            target(capabilities),
            source.profiles().runtime(),
            source.profiles().input());
    return of(written, capabilities);
  }

  /// The filter of a profile on the command line.
  SubjectFilter of(ProfileOperand written, Set<String> capabilities) {
    Profile profile = written.profile();
    return profile == null
        ? new SubjectFilter.Unknown(words(written.complaints()))
        : of(profile, written.text(), capabilities);
  }

  private SubjectFilter of(Profile profile, String operand, Set<String> capabilities) {
    ResolvedProfile resolved = Resolver.resolve(profile, target(capabilities));
    // Docker's conditions alone depend on capabilities.
    Set<String> decisive = profile.dockerOnly().isEmpty() ? Set.of() : capabilities;
    return made.computeIfAbsent(
        new Origin(operand, resolved), origin -> made(origin, new TreeSet<>(decisive)));
  }

  private SubjectFilter made(Origin origin, Set<String> decisive) {
    String operand = origin.operand();
    FilterArgument argument =
        FilterArgument.of(operand, source.compiler().compile(origin.profile(), source.dialect()));
    Filters filters = argument.filters();
    return filters == null
        ? new SubjectFilter.Unknown(words(argument.complaints()))
        : new SubjectFilter.Known(filters, new FilterOrigin(operand, origin.profile(), decisive));
  }

  private Target target(Set<String> capabilities) {
    Target machine = source.target();
    return new Target(machine.architecture(), machine.kernel(), capabilities);
  }

  private static String words(List<Diagnostic> complaints) {
    return complaints.stream().map(Diagnostic::text).collect(Collectors.joining("; "));
  }
}
