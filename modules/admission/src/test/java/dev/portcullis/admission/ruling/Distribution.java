package dev.portcullis.admission.ruling;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.admission.proof.ContentProofs;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A cluster in which nodes get profiles from one ConfigMap, for tests: `base.json` denies two
/// calls, `mine.json` three, `loose.json` one.
final class Distribution implements DistributedProfiles {
  static final String NAMESPACE = "portcullis-profiles";
  static final String BASE = denying("ptrace", "bpf");
  static final String MINE = denying("ptrace", "bpf", "swapon");
  static final String LOOSE = denying("ptrace");

  /// Null while nobody knows them.
  @Nullable Collection<ProfileConfigMap> maps =
      List.of(map("team", Map.of("base.json", BASE, "mine.json", MINE, "loose.json", LOOSE)));

  List<ReportingNode> nodes = List.of(node("n1", Map.of("localhost/mine.json", sha256(MINE))));
  List<Mapping> pods = List.of();
  boolean going;

  static String denying(String... calls) {
    return "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\""
        + String.join("\", \"", calls)
        + "\"], \"action\": \"SCMP_ACT_ERRNO\"}]}";
  }

  static String sha256(String content) {
    return new ProfileContent(content.getBytes(UTF_8)).sha256();
  }

  static ProfileConfigMap map(String name, Map<String, String> files) {
    Map<String, byte[]> contents = new java.util.HashMap<>();
    files.forEach((key, text) -> contents.put(key, text.getBytes(UTF_8)));
    return new ProfileConfigMap(NAMESPACE + "/" + name, Instant.EPOCH, null, contents);
  }

  static final ReportingNode.NodeRuntime RUNTIME =
      new ReportingNode.NodeRuntime("containerd", "1.6.20~ds1", "2.5.4");

  static ReportingNode node(String name, Map<String, String> digests) {
    return new ReportingNode(
        name,
        Map.of("kubernetes.io/arch", ArchitectureLabel.OWN),
        new ReportingNode.Profiles(digests, true),
        RUNTIME);
  }

  /// A policy that allows whatever is no weaker than `base.json`.
  static Policy tightening(ProfileName... than) {
    return new Policy(
        Policy.Kind.SECCOMP_POLICY,
        "tighten",
        List.of(new AllowedProfile.Exactly(ProfileName.RUNTIME_DEFAULT)),
        List.of(than),
        null);
  }

  Admission admission(Mode mode) {
    return admission(mode, tightening(new ProfileName.Localhost("base.json")));
  }

  Admission admission(Mode mode, Policy policy) {
    return Reviews.cluster(
        new Scope(mode, Set.of(), Set.of(), Set.of()),
        null,
        nodes,
        new Admission.Contents(
            this, new ContentProofs(Compiler.inThisProcess(), Duration.ofSeconds(60)), () -> pods),
        policy);
  }

  @Override
  public String namespace() {
    return NAMESPACE;
  }

  @Override
  public @Nullable DesiredProfiles desired() {
    return maps == null ? null : DesiredProfiles.of(maps);
  }

  @Override
  public boolean areGoing() {
    return going;
  }

  @Override
  public Collection<ProfileConfigMap> stored() throws IOException {
    if (maps == null) {
      throw new IOException("no answer");
    }
    return maps;
  }
}
