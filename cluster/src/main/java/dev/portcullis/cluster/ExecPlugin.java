package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.ExecEnvVar;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The program of a user in a kubeconfig that fetches his credentials: `aws`,
/// `gke-gcloud-auth-plugin`, `kubelogin`.
///
/// @param label what to begin a message with
record ExecPlugin(ExecConfig config, Path program, Path directory, String label) {
  /// That a plugin has. Some ask for a login in a browser first; the client library, which runs it
  /// before, waits for that as long as it takes.
  private static final int SECONDS = 60;

  private static final int MOST_SHOWN = 300;

  /// The plugin, where its program is there.
  ///
  /// @param directory of the kubeconfig
  static ExecPlugin of(ExecConfig config, Path directory, String label) throws IOException {
    String command = config.getCommand();
    if (command == null || command.isBlank()) {
      throw new IOException(label + "exec names no command");
    }
    Path program;
    try {
      program =
          command.contains("/")
              ? executable(directory.resolve(command))
              : inPath(command, System.getenv().getOrDefault("PATH", ""));
    } catch (InvalidPathException wrong) {
      throw new IOException(label + "exec names no command: " + wrong.getReason(), wrong);
    }
    if (program == null) {
      String hint = config.getInstallHint();
      throw new IOException(
          label
              + "the plugin \""
              + command
              + "\" is not installed"
              + (command.contains("/") ? "" : ", or not in the PATH")
              + (hint == null || hint.isBlank() ? "" : ": " + shown(hint)));
    }
    return new ExecPlugin(config, program, directory, label);
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

  /// Runs it and takes its credentials into a configuration.
  ///
  /// @throws IOException with what the plugin says of its failure
  void login(Config into) throws IOException {
    Config.ExecCredentialStatus status = status();
    if (status.token != null && !status.token.isEmpty()) {
      into.setAutoOAuthToken(status.token);
    } else if (status.clientCertificateData != null && status.clientKeyData != null) {
      into.setClientCertData(status.clientCertificateData);
      into.setClientKeyData(status.clientKeyData);
    } else {
      throw failed("prints neither a token nor a certificate with its key", "");
    }
  }

  private Config.ExecCredentialStatus status() throws IOException {
    Path out = Files.createTempFile("portcullis", ".json");
    Path err = Files.createTempFile("portcullis", ".err");
    try {
      int code = run(out, err);
      String said = Files.readString(err, UTF_8);
      if (code != 0) {
        // Not what it prints for us: that can be a token.
        throw failed("ends with code " + code, said);
      }
      Config.@Nullable ExecCredential credential;
      try {
        credential =
            Serialization.unmarshal(Files.readString(out, UTF_8), Config.ExecCredential.class);
      } catch (RuntimeException wrong) {
        throw failed("does not print an ExecCredential", said);
      }
      if (credential == null || credential.status == null) {
        throw failed("prints no credentials", said);
      }
      return credential.status;
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  private int run(Path out, Path err) throws IOException {
    List<String> line = new ArrayList<>(List.of(program.toString()));
    List<String> more = config.getArgs();
    line.addAll(more == null ? List.of() : more);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    List<ExecEnvVar> variables = config.getEnv();
    for (ExecEnvVar each : variables == null ? List.<ExecEnvVar>of() : variables) {
      builder.environment().put(each.getName(), each.getValue());
    }
    builder
        .environment()
        .put(
            "KUBERNETES_EXEC_INFO",
            Serialization.asJson(
                Map.of(
                    "apiVersion",
                    String.valueOf(config.getApiVersion()),
                    "kind",
                    "ExecCredential",
                    "spec",
                    Map.of("interactive", false))));
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
            + config.getCommand()
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
