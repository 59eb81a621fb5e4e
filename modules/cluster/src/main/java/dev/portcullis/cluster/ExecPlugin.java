package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The program of a user in a kubeconfig that fetches his credentials: `aws`,
/// `gke-gcloud-auth-plugin`, `kubelogin`.
///
/// @param label what to begin a message with
record ExecPlugin(KubeconfigPart config, String command, Path program, String label) {
  /// That a plugin has. Some ask for a login in a browser first.
  private static final int SECONDS = 300;

  private static final Limits LIMITS = new Limits(1024 * 1024, 20, 1_000);

  private static final int MOST_SHOWN = 300;

  /// What a plugin gives: a token, or a certificate with its key.
  ///
  /// @param until when it is to be asked again; null for never
  /// @param certificate PEM; empty where there is none
  /// @param key PEM; empty where there is none
  record Credential(
      @Nullable String token, @Nullable Instant until, String certificate, String key) {}

  /// The plugin, where its program is there.
  static ExecPlugin of(KubeconfigPart config, String label) throws IOException {
    String command = config.text("command");
    if (command == null || command.isBlank()) {
      throw new IOException(label + "exec names no command");
    }
    Path program;
    try {
      program =
          command.contains("/")
              ? executable(config.directory().resolve(command))
              : inPath(command, System.getenv().getOrDefault("PATH", ""));
    } catch (InvalidPathException wrong) {
      throw new IOException(label + "exec names no command: " + wrong.getReason(), wrong);
    }
    if (program == null) {
      String hint = config.text("installHint");
      throw new IOException(
          label
              + "the plugin \""
              + command
              + "\" is not installed"
              + (command.contains("/") ? "" : ", or not in the PATH")
              + (hint == null || hint.isBlank() ? "" : ": " + shown(hint)));
    }
    return new ExecPlugin(config, command, program, label);
  }

  private static @Nullable Path inPath(String command, String path) {
    for (String directory : path.split(File.pathSeparator)) {
      Path found = directory.isEmpty() ? null : executable(Path.of(directory, command));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Path executable(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path) ? path : null;
  }

  /// Its token, for which it runs again when its time is over.
  BearerToken token(Credential first) throws IOException {
    return new BearerToken(() -> fetched(login()), fetched(first), InstantSource.system());
  }

  private BearerToken.Fetched fetched(Credential credential) throws IOException {
    String token = credential.token();
    return new BearerToken.Fetched(
        token == null
            ? null
            : BearerToken.bearer(label + "the token of the plugin \"" + command + "\"", token),
        credential.until());
  }

  /// Runs it.
  ///
  /// @throws IOException with what the plugin reports about its failure
  Credential login() throws IOException {
    Mapping status = status();
    String token = StoredObject.text(status, "token");
    String certificate = StoredObject.text(status, "clientCertificateData");
    String key = StoredObject.text(status, "clientKeyData");
    if (token.isEmpty() && (certificate.isEmpty() || key.isEmpty())) {
      throw failed("prints neither a token nor a certificate with its key", "");
    }
    return new Credential(
        token.isEmpty() ? null : token,
        until(StoredObject.text(status, "expirationTimestamp")),
        certificate,
        key);
  }

  private static @Nullable Instant until(String time) {
    try {
      return time.isEmpty() ? null : Instant.parse(time);
    } catch (DateTimeParseException none) {
      return null;
    }
  }

  private Mapping status() throws IOException {
    Path out = Files.createTempFile("portcullis", ".json");
    Path err = Files.createTempFile("portcullis", ".err");
    try {
      int code = run(out, err);
      String said = Files.readString(err, UTF_8);
      if (code != 0) {
        // Not what it prints for us: that can be a token.
        throw failed("ends with code " + code, said);
      }
      if (!(Documents.readJson(Files.readAllBytes(out), LIMITS)
              instanceof ParseResult.Documents(List<Value> values)
          && values.size() == 1
          && values.getFirst() instanceof Mapping credential)) {
        throw failed("does not print an ExecCredential", said);
      }
      if (!(credential.present("status") instanceof Mapping status)) {
        throw failed("prints no credentials", said);
      }
      return status;
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  private int run(Path out, Path err) throws IOException {
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(config.texts("args"));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    for (KubeconfigPart each : config.parts("env")) {
      String name = each.text("name");
      String value = each.text("value");
      if (name != null) {
        builder.environment().put(name, value == null ? "" : value);
      }
    }
    builder
        .environment()
        .put(
            "KUBERNETES_EXEC_INFO",
            JsonWriter.compact(
                new MappingBuilder()
                    .put("apiVersion", String.valueOf(config.text("apiVersion")))
                    .put("kind", "ExecCredential")
                    .put("spec", new MappingBuilder().put("interactive", false).build())
                    .build()));
    Process process;
    try {
      process = builder.start();
    } catch (IOException cannot) {
      throw failed("cannot be started", String.valueOf(cannot.getMessage()));
    }
    try {
      if (process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      throw failed("does not end within " + SECONDS + " seconds", Files.readString(err, UTF_8));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } finally {
      process.destroyForcibly();
    }
  }

  private IOException failed(String what, String said) {
    return new IOException(
        label
            + "the plugin \""
            + command
            + "\" "
            + what
            + (said.isBlank() ? "" : ": " + shown(said)));
  }

  /// The last line that is not empty: what comes before is mostly a trace.
  private static String shown(String text) {
    String last =
        text.lines().filter(line -> !line.isBlank()).reduce((_, b) -> b).orElse("").strip();
    return last.length() > MOST_SHOWN ? last.substring(0, MOST_SHOWN) + "..." : last;
  }
}
