import dev.portcullis.e2e.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `portcullis webhook` with the JVM's options of the image, as a process of this machine. Nobody
/// asks it anything.
record WebhookProcess(Process process) implements AutoCloseable {
  /// Comes back when it serves.
  static WebhookProcess start(Cluster cluster, Path work) throws IOException, InterruptedException {
    String script = Files.readString(Path.of("tools/image"));
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    for (String name : List.of("jvm_options", "webhook_options")) {
      Matcher options = Pattern.compile("(?m)^" + name + "='([^']*)'").matcher(script);
      if (!options.find()) {
        throw new IOException("tools/image has no " + name);
      }
      command.addAll(List.of(options.group(1).split("\\s+")));
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "dev.portcullis.cli.Main",
            "webhook",
            "--listen=127.0.0.1:18443",
            "--kubeconfig=" + cluster.kubeconfig("admin")));
    Path log = work.resolve("webhook.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (!Files.readString(log).contains("serving on port")) {
      if (!process.isAlive()) {
        throw new IOException("the webhook does not start: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
    return new WebhookProcess(process);
  }

  /// Resident memory in MB (10^6 bytes), now.
  double resident() throws IOException {
    return resident(process.pid());
  }

  static double resident(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
      }
    }
    throw new IOException("process " + pid + " has no memory");
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
