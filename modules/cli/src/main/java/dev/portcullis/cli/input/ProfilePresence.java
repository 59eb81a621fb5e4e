package dev.portcullis.cli.input;

import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.WithProfile;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Warning;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.ProfileStore;
import dev.portcullis.profiles.store.UsableProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether the profiles that containers are to run under are where the user says they are. Each is
/// looked at once, however many containers name it.
public final class ProfilePresence {
  private final ProfileStore store;
  private final Map<ProfileKey, String> known = new HashMap<>();

  public ProfilePresence(ProfileStore store) {
    this.store = store;
  }

  /// The pod with a warning for each container whose profile is not there or cannot be used.
  public JudgedPod warned(JudgedPod pod) {
    Judgement judgement = pod.judgement();
    List<Warning> warnings = new ArrayList<>(judgement.warnings());
    for (ContainerDecision decision : judgement.containers()) {
      if (decision instanceof WithProfile named
          && named.profile() instanceof ProfileName.Localhost localhost
          && !decision.container().privileged()) {
        String why = known.computeIfAbsent(ProfileKey.of(localhost), this::why);
        if (!why.isEmpty()) {
          warnings.add(
              new Warning(
                  Warning.Kind.PROFILE_NOT_THERE,
                  decision.container().field().at(),
                  "container "
                      + GoQuote.quote(decision.container().name())
                      + ": "
                      + localhost.text()
                      + ": "
                      + why));
        }
      }
    }
    return warnings.size() == judgement.warnings().size()
        ? pod
        : new JudgedPod(pod.source(), judgement.withWarnings(warnings));
  }

  private String why(ProfileKey key) {
    return switch (store.lookup(key)) {
      case UsableProfile _ -> "";
      case ProfileLookup.None none -> none.why();
    };
  }
}
