package dev.portcullis.cri.runtime;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.RuntimeConfiguration;
import dev.portcullis.cri.RuntimeStatus;
import dev.portcullis.cri.RuntimeVersion;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import dev.portcullis.seccomp.runtime.ContainerRuntimeFacts;
import dev.portcullis.seccomp.runtime.RecognisedRuntime;
import dev.portcullis.seccomp.runtime.Runtimes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The runtime behind a socket, and the facts that are taken for it.
///
/// @param facts null where no runtime of its name is known
public record KnownRuntime(
    RuntimeVersion version,
    RuntimeStatus status,
    @Nullable RecognisedRuntime<ContainerRuntimeFacts> facts) {

  /// Asks which runtime is there.
  public static KnownRuntime ask(Cri cri) throws CriException {
    RuntimeVersion version = cri.version();
    return new KnownRuntime(
        version,
        cri.status(),
        Runtimes.known().container(version.name(), version.version()).orElse(null));
  }

  /// What an administrator of a node has to know about it, in one line.
  public String words() {
    String doubt =
        facts == null
            ? "this runtime is unknown"
            : facts.doubt().isEmpty() ? "its version is known" : facts.doubt();
    String profile = status.configuration().privilegedProfile();
    return "the runtime is "
        + version.name()
        + " "
        + version.version()
        + ": "
        + doubt
        + (profile.isEmpty()
            ? ""
            : "; privileged containers run under " + QuotedText.path(profile));
  }

  /// Capabilities, and where they are known from.
  ///
  /// @param names in full, as `CAP_CHOWN`
  public record Capabilities(Set<String> names, Source source) {
    public Capabilities {
      names = Set.copyOf(names);
    }
  }

  /// Where the capabilities of a container that asks for nothing are known from.
  public enum Source {
    /// The file that containers of a handler begin with.
    BASE_SPEC("from the handler's base_runtime_spec"),
    /// The runtime.
    TOLD("reported by the runtime"),
    /// The process that started Portcullis.
    GIVEN("by --default-capabilities"),
    /// Its sources, for the version that it reports.
    KNOWN("not reported; the default of this version"),
    /// None of these: what every known runtime gives.
    COMMON("not reported; the common default of all known runtimes, because this one is unknown");

    private final String words;

    Source(String words) {
      this.words = words;
    }

    /// For people.
    public String words() {
      return words;
    }
  }

  /// What a container gets that asks for nothing.
  ///
  /// @param handler empty for the default one
  /// @param given what the administrator gives, for a runtime that does not report them; null where
  ///   nothing was given
  /// @throws IOException where the runtime begins with a file that cannot be read
  public Capabilities defaultCapabilities(String handler, @Nullable Set<String> given)
      throws IOException {
    RuntimeConfiguration configuration = status.configuration();
    RuntimeConfiguration.Handler made =
        configuration.handlers().get(handler.isEmpty() ? configuration.defaultHandler() : handler);
    if (made != null && !made.baseSpec().isEmpty()) {
      return new Capabilities(ofSpec(Path.of(made.baseSpec())), Source.BASE_SPEC);
    }
    Set<String> told = configuration.defaultCapabilities();
    if (told != null) {
      return new Capabilities(told, Source.TOLD);
    }
    if (given != null) {
      return new Capabilities(given, Source.GIVEN);
    }
    return facts == null
        ? new Capabilities(Runtimes.known().capabilitiesOfAll(), Source.COMMON)
        : new Capabilities(facts.facts().defaultCapabilities(), Source.KNOWN);
  }

  /// What it makes of the names of capabilities that a container asks for.
  public CapabilityPrefix capabilityPrefix() {
    return facts == null ? CapabilityPrefix.UNKNOWN : facts.facts().prefix();
  }

  /// Whether handlers may differ in what {@link #defaultCapabilities} returns.
  boolean differsByHandler() {
    return status.configuration().handlers().values().stream()
        .anyMatch(handler -> !handler.baseSpec().isEmpty());
  }

  /// The bounding set of `config.json` of the OCI runtime specification. One without any gives
  /// none.
  private static Set<String> ofSpec(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(Limits.MANIFEST.bytes() + 1);
    } catch (IOException e) {
      throw unreadable(file, e.toString());
    }
    if (!(Documents.readJson(bytes, Limits.MANIFEST) instanceof ParseResult.Documents(var values)
        && values.size() == 1
        && values.getFirst() instanceof Mapping spec)) {
      throw unreadable(file, "it is not a JSON object");
    }
    Value value = spec;
    for (String key : new String[] {"process", "capabilities", "bounding"}) {
      value = value instanceof Mapping mapping ? mapping.get(key) : null;
    }
    Set<String> names = value == null ? Set.of() : RuntimeConfiguration.capabilities(value);
    if (names == null) {
      throw unreadable(file, "process.capabilities.bounding is not a list of names");
    }
    return names;
  }

  private static IOException unreadable(Path file, String why) {
    return new IOException(
        "the default capabilities of the runtime are in "
            + QuotedText.path(file.toString())
            + " (base_runtime_spec), which cannot be read: "
            + why);
  }
}
