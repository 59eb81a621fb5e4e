package dev.portcullis.training;

import dev.portcullis.compilation.CompilationLesson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Has Portcullis do what users do, once, in a process that writes down what it loads for that: its
/// start-up cache (JEP 514) is made of it. What is not trained works, and starts slower.
///
/// The JVM wants the class path and the options that the cache is used with; so this is another
/// process, and what it asks with is in no jar of the product. There are several caches, because
/// the JVM loads and links all of one before the first line of Java runs (JEP 483): `version` would
/// pay for the readers of `check` and the gRPC client of `run`.
public final class Trainer {
  /// What many commands load: each has every form of its output.
  private static final List<String> VERSION =
      List.of(
          "version",
          "version -o json",
          "help",
          "help version",
          "__complete check --o",
          "__complete profile show d");

  private static final List<String> CHECK =
      List.of(
          "check examples/",
          "check -o json examples/",
          "check --policy examples/policies --as developer --as-group developers -o json examples/",
          "check --policy examples/policies --as developer --as-group developers examples/",
          "policy create web --allow localhost/web.json",
          "policy grant web --to user:alice -n shop",
          "policy generate examples/workloads",
          "policy test examples/policies-test.yaml",
          "fix examples/",
          "fix -o json --remove-annotations examples/",
          "policy compile examples/policies",
          "policy convert examples/policies",
          "policy who-can use localhost/x --policy examples/policies");

  private static final List<String> PROFILE =
      List.of(
          "profile validate examples/profiles",
          "profile compare examples/profiles/browser-sandbox.json"
              + " examples/profiles/example-explorer-profile",
          "profile compare unconfined examples/profiles/browser-sandbox.json -o json",
          "profile show examples/profiles/browser-sandbox.json",
          "profile show containerd/default@2.3",
          "profile show examples/profiles/browser-sandbox.json -o json",
          "profile derive --from examples/profiles/browser-sandbox.json --allow ptrace",
          "profile intersect docker/default podman/default",
          "exposure CVE-2026-31431 examples/profiles/browser-sandbox.json",
          "exposure -o json examples/profiles/browser-sandbox.json",
          "profile convert examples/profiles/browser-sandbox.json --to systemd");

  private Trainer() {}

  /// Makes one cache. The working directory is the checkout.
  ///
  /// @param args what it is for; the file, as the trained process names it; and the command that
  ///   runs Java with the options and the class path of those who will use it
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 3) {
      throw new IllegalArgumentException("usage: Trainer PURPOSE FILE COMMAND...");
    }
    Path cache = Path.of(args[1]);
    List<String> java = Arrays.asList(args).subList(2, args.length);
    Launcher launcher = new Launcher(cache, java);
    switch (args[0]) {
      case "version" -> launcher.batch(VERSION).awaitEnd();
      case "check" -> launcher.batch(CHECK).awaitEnd();
      case "profile" -> launcher.batch(PROFILE).awaitEnd();
      case "run" -> RunLesson.take(launcher);
      case "webhook" -> WebhookLesson.take(launcher);
      case "distribute" -> DistributionLesson.take(launcher);
      case "node" -> NodeLesson.take(launcher);
      case "compilation" -> CompilationLesson.take(cache, java);
      default -> throw new IllegalArgumentException("there is no start-up cache " + args[0]);
    }
  }
}
