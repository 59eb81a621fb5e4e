package dev.portcullis.cluster;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.UnreadList;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection to an API server. A request takes at most four seconds, or half a minute where a
/// person waits for a list, and ends with an [ApiFailure] where the server does not grant it.
public final class ClusterConnection implements AutoCloseable {
  /// A list for somebody who has asked for it: of 500 pods, of 20 kB each, and more.
  public static final Limits LIST = new Limits(64 * 1024 * 1024, 100, 50_000_000);

  /// One object. etcd takes 1.5 MiB, which an API server can make six times as long: it writes each
  /// `<` as six characters (encoding/json, `HTMLEscape`). With less, one ConfigMap of such
  /// characters would keep all others from those who follow them.
  static final Limits OBJECT = new Limits(10 * 1024 * 1024, 100, 2_000_000);

  /// For such a list, which may come over a slow line.
  private static final Duration LISTING = Duration.ofSeconds(30);

  /// Who wrote what: half of an object, and as much as somebody likes of it.
  private static final UnreadList UNREAD = new UnreadList("metadata", "managedFields");

  private static final String JSON = "application/json";

  /// What a request has by which an API server leaves out all of objects but their metadata; one
  /// that cannot sends them whole (k8s.io/apiserver, `NegotiateOutputMediaType`).
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

  private final ServerAccess access;
  private final String accept;
  private final Transport transport;

  private ClusterConnection(ServerAccess access, String accept) {
    this.access = access;
    this.accept = accept;
    transport = new Transport(access);
  }

  /// Connects as kubectl does, or as the service account of the pod this runs in. Nothing is sent
  /// yet.
  ///
  /// @param kubeconfig null for `KUBECONFIG`, `~/.kube/config` or the service account
  public static ClusterConnection open(@Nullable Path kubeconfig) throws IOException {
    return open(kubeconfig, null);
  }

  /// Connects to the cluster of a context.
  ///
  /// @param kubeconfig null for `KUBECONFIG`, `~/.kube/config` or the service account
  /// @param context null for the current one
  public static ClusterConnection open(@Nullable Path kubeconfig, @Nullable String context)
      throws IOException {
    return new ClusterConnection(access(kubeconfig, context), JSON);
  }

  /// Connects for watches of objects whose metadata alone matters: it asks for nothing else.
  ///
  /// @param kubeconfig null for `KUBECONFIG`, `~/.kube/config` or the service account
  public static ClusterConnection openForMetadata(@Nullable Path kubeconfig) throws IOException {
    return new ClusterConnection(access(kubeconfig, null), METADATA);
  }

  private static ServerAccess access(@Nullable Path kubeconfig, @Nullable String context)
      throws IOException {
    Kubeconfig files = Kubeconfig.find(kubeconfig, System.getenv());
    if (files != null) {
      return files.access(context);
    }
    if (context != null) {
      throw new IOException(
          "there is no context \"" + context + "\": this is a pod, and has no kubeconfig");
    }
    return ServiceAccount.MOUNTED.access(System.getenv());
  }

  /// What went wrong at the bottom of it.
  public static String reason(Throwable failed) {
    Throwable cause = failed;
    while (cause.getCause() != null
        && !(cause instanceof ConnectException)
        && !(cause instanceof ApiFailure)) {
      cause = cause.getCause();
    }
    return switch (cause) {
      // Without the request and all fields of the answer.
      case ApiFailure answer -> answer.words();
      // The JDK's client reports nothing more.
      case ConnectException connect when connect.getCause() instanceof UnresolvedAddressException ->
          "cannot connect: no host of this name is known";
      case ConnectException _ -> "cannot connect";
      case CertificateExpiredException expired ->
          "its certificate has expired: " + expired.getMessage();
      default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    };
  }

  /// Where the API server is, for messages.
  public String server() {
    return access.server();
  }

  /// The namespace of the kubeconfig's context, or of the pod this runs in; null where neither
  /// names one.
  public @Nullable String namespace() {
    return access.namespace();
  }

  /// By what the API server knows the client, as the header `Authorization`; null for no header.
  @Nullable String authorization() throws IOException {
    return access.token().header();
  }

  /// An object, or whatever else is at a path; null where nothing is.
  ///
  /// @param what is asked, for messages: `GET namespace "a"`
  public @Nullable Mapping get(String path, String what) throws ApiFailure {
    return get(path, what, OBJECT);
  }

  /// The same for what may be large.
  ///
  /// @param limits beyond which it is refused
  public @Nullable Mapping get(String path, String what, Limits limits) throws ApiFailure {
    try {
      return fetch(path, what, limits);
    } catch (ApiFailure failed) {
      if (failed.code() == HTTP_NOT_FOUND) {
        return null;
      }
      throw failed;
    }
  }

  /// The same, where it is a failure that nothing is there.
  Mapping fetch(String path, String what, Limits limits) throws ApiFailure {
    return granted(ask(Transport.Request.of("GET", path, accept), limits, what), limits, what);
  }

  /// How many objects there are. Where something chooses them, of more than one it may be less.
  ///
  /// @param what is asked, for messages
  public long count(ApiCollection objects, String what) throws ApiFailure {
    PagedList list = new PagedList(this, objects, 1, what);
    List<StoredObject> first = list.next();
    return list.remaining() + (first == null ? 0 : first.size());
  }

  /// Creates an object.
  ///
  /// @param path of its kind
  /// @param what is asked, for messages
  /// @return as the API server has it now
  public Mapping create(String path, Mapping object, String what) throws ApiFailure {
    Transport.Request request =
        new Transport.Request("POST", path, accept, JSON, JsonWriter.compact(object));
    return granted(ask(request, OBJECT, what), OBJECT, what);
  }

  /// Changes an object.
  ///
  /// @param path of the object, or of its status
  /// @param what is asked, for messages
  /// @throws ApiFailure of code 404 where it is not there
  public void patch(String path, PatchKind kind, Value patch, String what) throws ApiFailure {
    Transport.Request request =
        new Transport.Request("PATCH", path, accept, kind.contentType(), JsonWriter.compact(patch));
    var _ = granted(ask(request, OBJECT, what), OBJECT, what);
  }

  /// Deletes an object, or all that a path and its query mean.
  ///
  /// @param what is asked, for messages
  public void delete(String path, String what) throws ApiFailure {
    var _ = granted(ask(Transport.Request.of("DELETE", path, accept), LIST, what), LIST, what);
  }

  /// Begins to watch.
  ///
  /// @param path with the query of a watch
  /// @param what is asked, for messages
  ResponseLines watch(String path, String what) throws ApiFailure {
    Transport.Answer answer;
    try {
      answer = transport.open(Transport.Request.of("GET", path, accept), OBJECT.bytes());
    } catch (IOException failed) {
      throw failure(what, failed);
    }
    if (answer.lines() == null) {
      throw refused(answer, what);
    }
    return answer.lines();
  }

  private Transport.Answer ask(Transport.Request request, Limits limits, String what)
      throws ApiFailure {
    try {
      return transport.ask(
          request, limits.bytes(), limits.equals(LIST) ? LISTING : Transport.PATIENCE);
    } catch (IOException failed) {
      throw failure(what, failed);
    }
  }

  private Mapping granted(Transport.Answer answer, Limits limits, String what) throws ApiFailure {
    if (!answer.isGranted()) {
      throw refused(answer, what);
    }
    try {
      return read(answer.body(), limits);
    } catch (IOException unreadable) {
      throw failure(what, unreadable);
    }
  }

  private ApiFailure refused(Transport.Answer answer, String what) {
    Mapping status;
    try {
      status = read(answer.body(), OBJECT);
    } catch (IOException noStatus) {
      // A page for people, of what stands before the API server.
      status = null;
    }
    return ApiFailure.of(asked(what), answer.code(), status);
  }

  /// One JSON object, without `metadata.managedFields`.
  static Mapping read(byte[] json, Limits limits) throws UnreadableAnswerException {
    return switch (Documents.readJson(json, limits, UNREAD)) {
      case ParseResult.Documents(List<Value> values)
          when values.size() == 1 && values.getFirst() instanceof Mapping object ->
          object;
      case ParseResult.Documents _ ->
          throw new UnreadableAnswerException("the answer is not a JSON object");
      case ParseResult.Malformed(Position at, String message) ->
          throw new UnreadableAnswerException("the answer cannot be read: " + at + ": " + message);
    };
  }

  /// A failure in words that name the server.
  ///
  /// @param what was asked
  ApiFailure failure(String what, IOException failed) {
    return failed instanceof ApiFailure already ? already : ApiFailure.of(asked(what), failed);
  }

  /// An error that came in the middle of an answer.
  ApiFailure failure(String what, int code, Mapping status) {
    return ApiFailure.of(asked(what), code, status);
  }

  private String asked(String what) {
    return "the API server at " + server() + ": " + what;
  }

  /// The minor version of the server: 36 of Kubernetes 1.36.
  public int minorVersion() throws ApiFailure, IOException {
    Mapping version = get("/version", "GET /version");
    String minor = version == null ? "" : StoredObject.text(version, "minor");
    // Providers write `27+`.
    String digits = minor.replaceFirst("[^0-9].*", "");
    if (digits.isEmpty() || digits.length() > 4) {
      throw new IOException(
          "the API server at " + server() + ": its version is not known: \"" + minor + "\"");
    }
    return Integer.parseInt(digits);
  }

  @Override
  public void close() {
    transport.close();
  }
}
