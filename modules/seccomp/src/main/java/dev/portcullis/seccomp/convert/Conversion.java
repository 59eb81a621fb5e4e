package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.util.ArrayList;
import java.util.List;

/// A profile in another form.
///
/// Where the form cannot express what the profile says, the conversion allows less, not more; where
/// that is not possible either, its loss reports that.
///
/// @param text the file
/// @param losses what is not in it, in the order of the profile
public record Conversion(String text, List<Loss> losses) {
  public Conversion {
    losses = List.copyOf(losses);
  }

  /// Converts a profile.
  ///
  /// @param profile as it is written
  /// @param target what Docker's conditions are decided for, where the form has none
  public static Conversion of(Profile profile, Target target, Format format) {
    if (format == Format.DOCKER) {
      return new Conversion(ProfileWriter.writeDocker(profile), List.of());
    }
    List<Loss> losses = new ArrayList<>();
    if (!profile.dockerOnly().isEmpty()) {
      losses.add(
          new Loss(
              profile.dockerOnly().getFirst().at(),
              Loss.Effect.NEITHER,
              "Docker's conditions are decided for "
                  + target.architecture().spelling()
                  + ", kernel "
                  + target.kernel()
                  + " and one set of capabilities"));
    }
    if (format != Format.OCI) {
      profile
          .flags()
          .forEach(flag ->
              losses.add(new Loss(flag.at(), Loss.Effect.NEITHER, "flags: " + flag.name())));
    }
    ResolvedProfile plain = Resolver.resolve(profile, target);
    if (format != Format.OCI) {
      plain = Names.only(plain, losses);
    }
    String text =
        switch (format) {
          case OCI, DOCKER -> ProfileWriter.write(plain);
          case SYSTEMD -> Systemd.write(plain, target.architecture(), losses);
          case LXC -> Lxc.write(plain, losses);
          case APPC -> Appc.write(plain, losses);
        };
    return new Conversion(text, losses);
  }
}
