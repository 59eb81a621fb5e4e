package dev.portcullis.e2e.cluster;

import static java.net.HttpURLConnection.HTTP_CONFLICT;

import dev.portcullis.cri.CriException;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.run.containerd.Commands;
import dev.portcullis.run.containerd.PrivateContainerd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A running Kubernetes of one node: etcd, the three servers, and a kubelet on a containerd of its
/// own.
///
/// There is no kube-proxy and no name service: pods reach the API server (by the Service
/// `kubernetes`) and each other's addresses, the machine reaches the pods, and the API server
/// reaches Services, since it looks up their endpoints itself.
public final class Cluster implements AutoCloseable {
  private static final Path PARENT = Path.of("/var/lib/portcullis-e2e");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Consumer<String> say;
  private final Undo undo;
  private final PrivateContainerd containerd;
  private final Layout layout;
  private final Users users;
  private final Servers servers;
  private final Kubectl kubectl;
  private final Map<String, ApiClient> clients = new HashMap<>();
  private final Map<String, List<String>> loaded = new HashMap<>();
  private final Reads reads;
  private final Containers containers;

  private Cluster(
      PrivateContainerd containerd, Layout layout, Servers servers, Undo undo, Consumer<String> say)
      throws IOException {
    this.say = say;
    this.undo = undo;
    this.containerd = containerd;
    this.layout = layout;
    this.servers = servers;
    this.users = Users.create(layout);
    this.kubectl = new Kubectl(layout);
    this.reads = new Reads(client(Users.ADMIN));
    this.containers = new Containers(containerd.cri());
  }

  /// Starts one outside of the tests, for measurements.
  ///
  /// @param plugins the admission plugins besides those that are on by default
  public static Cluster start(Set<String> plugins, Consumer<String> say) throws IOException {
    return start(plugins, ClusterParts.ALL, say);
  }

  /// The same of an API server alone, without a node.
  public static Cluster startApiServer(Consumer<String> say) throws IOException {
    return start(Set.of(), ClusterParts.API_SERVER, say);
  }

  private static Cluster start(Set<String> plugins, ClusterParts parts, Consumer<String> say)
      throws IOException {
    Programs programs = Programs.of(System.getenv());
    if (!programs.missing(parts).isEmpty()) {
      throw new IOException(programs.missing(parts));
    }
    return start(programs, plugins, parts, say);
  }

  /// Starts one, and waits until its node takes pods. Removes first what earlier tests left that
  /// were killed.
  ///
  /// @param plugins the admission plugins besides those that are on by default
  static Cluster start(
      Programs programs, Set<String> plugins, ClusterParts parts, Consumer<String> say)
      throws IOException {
    Commands commands = Commands.ofSystem();
    Undo undo = new Undo();
    try {
      PrivateContainerd containerd =
          undo.add(
              PrivateContainerd.start(
                  new PrivateContainerd.Options(
                      PARENT, Map.of(), Duration.ofSeconds(60), programs.containerd()),
                  say));
      NodeNetwork.removeStale(PARENT, commands);
      NodeNetwork network = NodeNetwork.create(containerd.directory(), commands);
      undo.add(() -> network.remove(commands));
      Layout layout = Layout.create(containerd.directory(), network, programs);
      Servers servers = undo.add(new Servers(layout, containerd, plugins, parts));
      Cluster cluster = new Cluster(containerd, layout, servers, undo, say);
      cluster.run(parts);
      return cluster;
    } catch (IOException | RuntimeException | Error e) {
      try {
        undo.close();
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private void run(ClusterParts parts) throws IOException {
    servers.startEtcd();
    startApiServer();
    if (parts == ClusterParts.API_SERVER) {
      makeServiceAccount("default");
      return;
    }
    servers.startOthers();
    waitUntil(
        "the node is ready",
        () ->
            admin(
                    "get",
                    "nodes",
                    "-o=jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}")
                .equals("True"));
    awaitServiceAccount("default");
  }

  /// Whether its servers are older than a minor version, as 25 for 1.25.
  public boolean before(int minor) {
    return layout.programs().before(minor);
  }

  /// The address of the API server, `https://...`. Pods find it by the Service `kubernetes`.
  public String apiServer() {
    return layout.apiServer();
  }

  /// The address by which the node, and so whatever runs on this machine, is reached from pods.
  public String nodeAddress() {
    return layout.network().address();
  }

  /// The certificate of the authority that vouches for users and servers.
  public Path authority() {
    return Path.of(layout.certificate("ca"));
  }

  /// Where `localhost/` profiles of the node are.
  public Path profileRoot() {
    return layout.profileRoot();
  }

  /// Where the node looks for static pods.
  public Path staticPods() {
    return layout.staticPods();
  }

  /// Where the node has what it recorded, where it is behind Portcullis.
  public Path recordings() {
    return layout.proxy().resolveSibling("recordings");
  }

  /// Where the programs of Kubernetes are.
  public Path programs() {
    return layout.programs().directory();
  }

  /// The endpoint of the node's containerd.
  public String runtime() {
    return containerd.endpoint();
  }

  /// Ends Portcullis between kubelet and containerd without a warning.
  public void killPortcullis() throws IOException {
    servers.killPortcullis();
  }

  /// Starts Portcullis between kubelet and containerd.
  public void startPortcullis() throws IOException {
    servers.startPortcullis();
  }

  /// The API server's audit events about changes of pods, one JSON object a line.
  public Path auditLog() {
    return layout.logs().resolve("audit.json");
  }

  /// Where the logs of the programs are, also after the end.
  public Path logs() {
    return layout.logs();
  }

  /// Adds a user. There are `admin`, who may do everything, `alice` of the group `developers`, and
  /// `bob` of `testers`.
  public synchronized void addUser(String name, String... groups) throws IOException {
    users.add(name, groups);
    ApiClient old = clients.remove(name);
    if (old != null) {
      old.close();
    }
  }

  private synchronized ApiClient client(String user) throws IOException {
    ApiClient client = clients.get(user);
    if (client == null) {
      client = new ApiClient(apiServer(), kubeconfig(user));
      clients.put(user, client);
    }
    return client;
  }

  /// The kubeconfig of a user.
  public Path kubeconfig(String user) {
    return users.kubeconfig(user);
  }

  /// Runs the real kubectl as a user.
  public Result kubectl(String user, String... arguments) throws IOException {
    return kubectl.run(kubeconfig(user), "", List.of(arguments));
  }

  /// Runs `kubectl apply -f -` as a user.
  public Result apply(String user, String yaml) throws IOException {
    return kubectl.run(kubeconfig(user), yaml, List.of("apply", "-f", "-"));
  }

  /// Applies as the administrator, and fails where that fails.
  public void apply(String yaml) throws IOException {
    Result result = apply(Users.ADMIN, yaml);
    if (!result.ok()) {
      throw new IOException("kubectl apply: " + result.err().strip() + "\n" + yaml);
    }
  }

  /// Asks the API server as a user whether it would take a pod, and keeps nothing of it: as
  /// `kubectl create --dry-run=server` does, without a process.
  ///
  /// @param pod in JSON
  /// @param path what of the stored pod is the answer, as for `-o=jsonpath=`
  /// @return the answer, and warnings and errors in kubectl's words
  public Result tryPod(String user, String namespace, String pod, String path) throws IOException {
    JsonPath template = JsonPath.parse(path).orElseThrow(() -> new IllegalArgumentException(path));
    Result stored = tryCreation(user, "/api/v1/namespaces/" + namespace + "/pods", pod);
    return stored.ok() ? new Result(0, template.of(stored.out()), stored.err()) : stored;
  }

  /// Asks the API server as a user whether it would take an object of any kind, and keeps nothing.
  ///
  /// @param path of the list that it would be in, as `/api/v1/namespaces/default/pods`
  /// @return the object as it would be stored, and warnings and errors in kubectl's words
  public Result tryCreation(String user, String path, String object) throws IOException {
    return result(client(user).post(path + "?dryRun=All", object));
  }

  /// The same of a change of an object, by a strategic merge patch.
  ///
  /// @param path of the object, or of its subresource
  public Result tryChange(String user, String path, String patch) throws IOException {
    return result(client(user).patch(path + "?dryRun=All", patch));
  }

  private static Result result(ApiClient.Answer answer) {
    StringBuilder err = new StringBuilder();
    answer.warnings().forEach(warning -> err.append("Warning: ").append(warning).append('\n'));
    return answer.ok()
        ? new Result(0, answer.body(), err.toString())
        : new Result(1, "", err.append(answer.error()).append('\n').toString());
  }

  /// Whether somebody may do something, by a SubjectAccessReview.
  ///
  /// @param what its `resourceAttributes`, in JSON
  public boolean allows(String user, List<String> groups, String what) throws IOException {
    ApiClient.Answer answer =
        client(Users.ADMIN)
            .post(
                "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                "{\"spec\": {\"user\": \"%s\", \"groups\": [\"%s\"], \"resourceAttributes\": %s}}"
                    .formatted(user, String.join("\", \"", groups), what));
    requireOk(answer);
    return JsonPath.parse("{.status.allowed}").orElseThrow().of(answer.body()).equals("true");
  }

  /// Runs kubectl as the administrator, and fails where that fails. What would only read is read
  /// without kubectl, and is the same: a test waits for it again and again.
  ///
  /// @return what it printed
  public String admin(String... arguments) throws IOException {
    Optional<String> read = reads.answer(List.of(arguments));
    if (read.isPresent()) {
      return read.get();
    }
    Result result = kubectl(Users.ADMIN, arguments);
    if (!result.ok()) {
      throw new IOException("kubectl " + String.join(" ", arguments) + ": " + result.err().strip());
    }
    return result.out();
  }

  /// What is read without kubectl.
  Reads reads() {
    return reads;
  }

  /// Makes a namespace, and waits until pods can be made in it.
  public void createNamespace(String name) throws IOException {
    requireOk(
        client(Users.ADMIN)
            .post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}"));
    if (servers.parts() == ClusterParts.API_SERVER) {
      makeServiceAccount(name);
    } else {
      awaitServiceAccount(name);
    }
  }

  /// Begins to take namespaces away, with all that is in them, and comes back before they are gone.
  ///
  /// Their pods are gone at once. Who waits for pods that end in their own time waits for the
  /// controller of namespaces, which looks again when half of the longest of these times is over.
  public void removeNamespaces(String... names) throws IOException {
    for (String name : names) {
      ApiClient.Answer answer = client(Users.ADMIN).delete("/api/v1/namespaces/" + name, "{}");
      // One that is on its way out already is in conflict, and goes.
      if (!answer.notFound() && answer.status() != HTTP_CONFLICT) {
        requireOk(answer);
      }
      removePods(name);
      if (servers.parts() == ClusterParts.API_SERVER && !answer.notFound()) {
        // What else is in it stays: nobody looks for it.
        requireOk(
            client(Users.ADMIN)
                .put(
                    "/api/v1/namespaces/" + name + "/finalize",
                    "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"finalizers\":[]}}"));
      }
    }
  }

  /// Removes the pods of a namespace at once. Their processes end a moment later.
  public void removePods(String namespace) throws IOException {
    requireOk(
        client(Users.ADMIN)
            .delete("/api/v1/namespaces/" + namespace + "/pods", "{\"gracePeriodSeconds\":0}"));
  }

  private static void requireOk(ApiClient.Answer answer) throws IOException {
    if (!answer.ok()) {
      throw new IOException(answer.error());
    }
  }

  private void makeServiceAccount(String namespace) throws IOException {
    waitUntil(
        "the namespace " + namespace + " has its service account",
        () ->
            client(Users.ADMIN)
                .post(
                    "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                    "{\"metadata\":{\"name\":\"default\"}}")
                .ok());
  }

  // Without it the API server refuses every pod; the controller manager makes it a moment later.
  // From 1.24 on it has no Secret with a token.
  private void awaitServiceAccount(String namespace) throws IOException {
    boolean token = layout.programs().before(24);
    waitUntil(
        "the namespace " + namespace + " has its service account",
        () ->
            !admin(
                    "get",
                    "serviceaccount",
                    "default",
                    "--ignore-not-found",
                    "-n=" + namespace,
                    "-o=jsonpath={" + (token ? ".secrets[*]" : ".metadata") + ".name}")
                .isEmpty());
  }

  /// Loads the images of an archive into the node's runtime, unless it has them already. A file is
  /// the same where its time and its size are.
  ///
  /// @return their names
  public synchronized List<String> loadImage(Path archive) throws IOException, CriException {
    String file = archive + " " + Files.getLastModifiedTime(archive) + " " + Files.size(archive);
    List<String> names = loaded.get(file);
    if (names == null) {
      names = containerd.load(archive, say);
      loaded.put(file, names);
    }
    return names;
  }

  /// The image of busybox that the node always has.
  public String busybox() {
    return PrivateContainerd.busyboxImage();
  }

  /// Waits for two minutes at most: a machine with other work starts a cluster in one.
  ///
  /// @param what it is that should be so, for the message where it never is
  public void waitUntil(String what, Check check) throws IOException {
    waitUntil(what, PATIENCE, check);
  }

  /// Asks again and again whether something is so. A check that throws says that it is not yet so.
  ///
  /// @throws IOException where the time is over, or a program of the cluster has ended
  @SuppressWarnings("CatchingUnchecked") // a check may be an assertion about JSON
  public void waitUntil(String what, Duration patience, Check check) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Throwable last = null;
      try {
        if (check.holds()) {
          return;
        }
      } catch (Exception | AssertionError notYet) {
        last = notYet;
      }
      servers.requireAlive();
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("interrupted while waiting: " + what);
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "not within " + patience.toSeconds() + " s: " + what + " (logs: " + layout.logs() + ")",
            last);
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /// Ends the API server by the signal that it expects.
  public void stopApiServer() throws IOException {
    servers.stopApiServer();
  }

  /// Ends the API server without a warning.
  public void killApiServer() throws IOException {
    servers.killApiServer();
  }

  /// Starts the API server, and waits until it serves.
  public void startApiServer() throws IOException {
    servers.startApiServer();
    waitUntil("the API server is ready", () -> client(Users.ADMIN).get("/readyz").ok());
  }

  /// Ends the API server and starts it again.
  public void restartApiServer() throws IOException {
    stopApiServer();
    startApiServer();
  }

  /// Starts one more API server on the same data, with other plugins, and waits until it serves.
  ///
  /// @return its address
  public String startAnotherApiServer(Set<String> plugins) throws IOException {
    servers.startAnotherApiServer(plugins);
    waitUntil(
        "the other API server is ready",
        () ->
            kubectl(Users.ADMIN, "--server=" + layout.anotherApiServer(), "get", "--raw=/readyz")
                .ok());
    return layout.anotherApiServer();
  }

  /// The number of the process that a container runs, once it does.
  public long pid(String namespace, String pod, String container) throws IOException {
    return waitFor(
        "the container " + namespace + "/" + pod + "/" + container + " runs",
        () -> containers.pid(namespace, pod, container));
  }

  /// Removes the containers of a pod that is gone, as soon as they have ended. The kubelet does it,
  /// too, but once a minute.
  public void removeEndedContainers(String namespace, String pod) throws IOException {
    waitUntil(
        "the containers of " + namespace + "/" + pod + " have ended",
        () -> containers.removeEnded(namespace, pod));
  }

  /// What the kernel says of a container's process, once it runs the container's program.
  public SeccompState seccomp(String namespace, String pod, String container) throws IOException {
    return waitFor(
        "the container " + namespace + "/" + pod + "/" + container + " has a process to look at",
        () -> containers.seccomp(namespace, pod, container));
  }

  private <T> T waitFor(String what, Callable<Optional<T>> question) throws IOException {
    AtomicReference<@Nullable T> found = new AtomicReference<>();
    waitUntil(
        what,
        () -> {
          found.set(question.call().orElse(null));
          return found.get() != null;
        });
    return Objects.requireNonNull(found.get());
  }

  /// Ends it, with everything that runs in it, and removes every trace but the logs.
  @Override
  public void close() throws IOException {
    synchronized (this) {
      clients.values().forEach(ApiClient::close);
    }
    undo.close();
  }
}
