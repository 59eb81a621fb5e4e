package dev.portcullis.cli.command;

import dev.portcullis.admission.Webhook;
import dev.portcullis.admission.WebhookOptions;
import dev.portcullis.admission.WebhookOptions.Certificate;
import dev.portcullis.admission.ruling.Mode;
import dev.portcullis.admission.ruling.Scope;
import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.log.JsonLines;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Choice;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.ClusterProfileOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.ListenAddress;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.PolicyTargetOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.running.ShutdownHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `portcullis webhook`
final class WebhookCommand {
  private static final Option LISTEN =
      Option.value("listen", "[ADDR]:PORT", "where to serve HTTPS").usually(":8443");
  private static final Choice<Mode> MODE =
      Choice.of(
              "mode",
              "what to do in namespaces without the label " + Mode.LABEL,
              List.of(Mode.values()),
              Mode::text)
          .usually("enforce");
  private static final Option EXEMPT_NAMESPACE =
      Option.values(
          "exempt-namespace",
          "NS",
          "leave a namespace alone; kube-system and its own always are; may be repeated");
  private static final Option CERTIFICATE =
      Option.value(
          "tls-cert-file",
          "FILE",
          "serving certificate; read again when it changes (default: made here)");
  private static final Option KEY =
      Option.value("tls-key-file", "FILE", "key of --tls-cert-file (default: made here)");
  private static final Option SECRET =
      Option.value("tls-secret", "NAME", "without the files: the Secret for certificates made here")
          .usually("portcullis-webhook-tls");
  private static final Option SERVICE =
      Option.value("service", "NAME", "the webhook's Service").usually("portcullis-webhook");
  private static final Option CLIENT_CA =
      Option.value(
          "client-ca-file",
          "FILE",
          "answer only clients with a certificate of these authorities; read again when it "
              + "changes (default: all clients)");
  private static final Option CLIENT_NAME =
      Option.values(
          "client-name",
          "NAME",
          "with it: demand one of these common names or DNS names; may be repeated");
  private static final Option CONNECTIONS_PER_ADDRESS =
      Option.value(
              "max-connections-per-address",
              "N",
              "connections of one client address, of at most 512 of all")
          .usually("256");
  private static final Option PROFILES_NAMESPACE =
      ClusterProfileOptions.PROFILES_NAMESPACE.meaning(
          "where the ConfigMaps with profiles are: for policies with stricterThan (default: none)");
  private static final Option GRANT_CACHE =
      Option.value("grant-cache", "DURATION", "how long an answer about a grant counts, 1s to 10m")
          .usually("10s");
  private static final Option IN_FLIGHT =
      Option.value("max-in-flight", "N", "reviews worked on at once, 1 to 10000").usually("200");

  private static final int MOST_IN_FLIGHT = 10_000;
  private static final int MOST_CONNECTIONS = 512;
  private static final Duration LONGEST_CACHE = Duration.ofMinutes(10);
  private static final Duration SHORTEST_CACHE = Duration.ofSeconds(1);

  /// Between "not ready" and the end: so long do endpoints take to reach every API server.
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private static final Path OWN_NAMESPACE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  static final Verb VERB =
      new Verb(
          "webhook",
          new Help(
              "run the admission webhook",
              List.of("[options]"),
              "Answers the API server's questions about pods, workloads and profiles over "
                  + "HTTPS, with the policies and grants of the cluster, until a signal ends it. "
                  + "It logs lines of JSON to standard error.",
              List.of(
                  new Help.Example("webhook", "in a pod of the cluster, as deploy/webhook runs it"),
                  new Help.Example(
                      "webhook --mode warn --profiles-namespace portcullis-profiles",
                      "warn only; with the profiles that nodes get"),
                  new Help.Example(
                      "webhook --listen 127.0.0.1:8443 --kubeconfig ~/.kube/config "
                          + "--tls-cert-file tls.crt --tls-key-file tls.key",
                      "outside of the cluster, with a certificate of your own")),
              Map.of(ExitCode.OK, "ended by a signal"),
              "webhook.md"),
          Grammar.of(
              LISTEN,
              MODE.option(),
              EXEMPT_NAMESPACE,
              PolicyTargetOptions.EXEMPT_USER,
              PolicyTargetOptions.EXEMPT_RUNTIME_CLASS,
              JudgeOptions.DEFAULT_PROFILE,
              JudgeOptions.PRIVILEGED_AS,
              JudgeOptions.TRUST_WINDOWS_PODS,
              CERTIFICATE,
              KEY,
              SECRET,
              SERVICE,
              GRANT_CACHE,
              IN_FLIGHT,
              CONNECTIONS_PER_ADDRESS,
              CLIENT_CA,
              CLIENT_NAME,
              PROFILES_NAMESPACE,
              ClusterOptions.KUBECONFIG),
          WebhookCommand::run);

  private WebhookCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    arguments.requireNoOperands();
    WebhookOptions options = options(arguments, ownNamespace(terminal));
    JsonLines.to(terminal.err());
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread(terminal.out());
        Webhook webhook = Webhook.start(options)) {
      serve(webhook);
    }
    return ExitCode.OK;
  }

  /// Until a signal comes.
  private static void serve(Webhook webhook) {
    ShutdownHook.awaitSignal();
    webhook.drain();
    try {
      Thread.sleep(DRAIN);
    } catch (InterruptedException again) {
      // Anyone who signals twice does not want to wait.
      return;
    }
  }

  static WebhookOptions options(Arguments arguments, String ownNamespace) throws UsageException {
    Set<String> namespaces = new HashSet<>(arguments.values(EXEMPT_NAMESPACE));
    namespaces.add("kube-system");
    namespaces.add(ownNamespace);
    return new WebhookOptions(
        ListenAddress.parse(LISTEN, arguments.text(LISTEN)),
        new Scope(
            MODE.read(arguments),
            namespaces,
            Set.copyOf(arguments.values(PolicyTargetOptions.EXEMPT_USER)),
            Set.copyOf(arguments.values(PolicyTargetOptions.EXEMPT_RUNTIME_CLASS))),
        JudgeOptions.defaultProfile(arguments),
        JudgeOptions.leniency(arguments),
        certificate(arguments, ownNamespace),
        cache(arguments),
        bound(arguments, IN_FLIGHT, MOST_IN_FLIGHT),
        bound(arguments, CONNECTIONS_PER_ADDRESS, MOST_CONNECTIONS),
        clients(arguments),
        ClusterProfileOptions.namespace(arguments, PROFILES_NAMESPACE),
        ClusterOptions.kubeconfig(arguments));
  }

  private static Certificate certificate(Arguments arguments, String ownNamespace)
      throws UsageException {
    Path certificate = arguments.path(CERTIFICATE);
    Path key = arguments.path(KEY);
    if (certificate == null && key == null) {
      return new Certificate.SelfMade(
          ownNamespace, arguments.text(SECRET), arguments.text(SERVICE));
    }
    if (certificate == null || key == null) {
      throw new UsageException("--tls-cert-file and --tls-key-file go together; give both");
    }
    if (arguments.has(SECRET)) {
      throw new UsageException(
          "--tls-secret is for certificates made here; with --tls-cert-file there are none");
    }
    return new Certificate.Mounted(certificate, key);
  }

  private static Duration cache(Arguments arguments) throws UsageException {
    Duration duration = arguments.duration(GRANT_CACHE);
    if (duration == null
        || duration.compareTo(SHORTEST_CACHE) < 0
        || duration.compareTo(LONGEST_CACHE) > 0) {
      throw new UsageException(
          "--grant-cache " + arguments.text(GRANT_CACHE) + " is out of range; use 1s to 10m");
    }
    return duration;
  }

  private static int bound(Arguments arguments, Option option, int most) throws UsageException {
    String text = arguments.text(option);
    int number = number(text);
    if (number < 1 || number > most) {
      throw new UsageException(
          option.text() + " \"" + text + "\" is out of range; use 1 to " + most);
    }
    return number;
  }

  private static WebhookOptions.@Nullable Clients clients(Arguments arguments)
      throws UsageException {
    Path authorities = arguments.path(CLIENT_CA);
    Set<String> names = Set.copyOf(arguments.values(CLIENT_NAME));
    if (authorities == null && !names.isEmpty()) {
      throw new UsageException(
          "--client-name needs --client-ca-file: without it no client shows a certificate");
    }
    return authorities == null ? null : new WebhookOptions.Clients(authorities, names);
  }

  /// A number of at most five digits; -1 for anything else.
  private static int number(String text) {
    return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
  }

  /// The namespace that this runs in, as the pod's environment has it; `portcullis` outside of a
  /// cluster.
  private static String ownNamespace(Terminal terminal) throws IOException {
    String told = terminal.environment().getOrDefault("POD_NAMESPACE", "");
    if (!told.isEmpty()) {
      return told;
    }
    String file = Files.exists(OWN_NAMESPACE) ? Files.readString(OWN_NAMESPACE).strip() : "";
    return file.isEmpty() ? "portcullis" : file;
  }
}
