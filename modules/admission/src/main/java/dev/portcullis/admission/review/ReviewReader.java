package dev.portcullis.admission.review;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.UnreadList;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.rbac.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads an AdmissionReview. What it does not understand it refuses: a guess about who asks for
/// what would be a way in.
public final class ReviewReader {
  /// The API server takes requests of 3 MiB, and an update carries the object twice. This is for
  /// one object and the frame around it; a pod is far smaller. A value takes up to 200 bytes of the
  /// heap, and a pod with a hundred containers has some 5,000.
  public static final Limits LIMITS = new Limits(3 * 1024 * 1024, 100, 60_000);

  /// Bytes of a user's name, groups and extra together. An API server takes request headers of 1
  /// MiB, certificates and tokens with them, and hands on what its authenticators made of them:
  /// hundreds of groups are some 10 KB.
  static final int LARGEST_USER = 64 * 1024;

  /// Groups, keys of extra, and values of extra, of one user.
  static final int MOST_OF_USER = 4_096;

  /// Characters of a uid, a name, a namespace, a kind: no name of Kubernetes' is longer than 253.
  private static final int LONGEST_NAME = 1_024;

  private static final String API_VERSION = "admission.k8s.io/v1";

  /// Who wrote which field, often a third of an object. Nothing is decided by it.
  private static final UnreadList UNREAD = new UnreadList("metadata", "managedFields");

  private ReviewReader() {}

  /// What a body turned out to be.
  public sealed interface Read {}

  public record Understood(AdmissionRequest request) implements Read {}

  /// Nothing that could be answered.
  ///
  /// @param why for the log and for the API server, which shows it to the client that sent the
  ///   request
  public record Unreadable(String why) implements Read {}

  /// A user with more than an API server would send, of which nothing is remembered.
  ///
  /// @param why the same
  public record Oversized(String why) implements Read {}

  public static Read read(byte[] body) {
    if (body.length == 0) {
      return new Unreadable("the body is empty; an AdmissionReview is expected");
    }
    return switch (Documents.readJson(body, LIMITS, UNREAD)) {
      case ParseResult.Malformed(var at, String message) ->
          new Unreadable("the body is not JSON that can be trusted: " + at + ": " + message);
      case ParseResult.Documents(List<Value> values) ->
          values.size() == 1 && values.getFirst() instanceof Mapping review
              ? review(review)
              : new Unreadable("the body is not one JSON object");
    };
  }

  private static Read review(Mapping review) {
    List<FieldError> errors = new ArrayList<>();
    FieldReader root = new FieldReader("", review, errors);
    String apiVersion = root.text("apiVersion");
    String kind = root.text("kind");
    if (!API_VERSION.equals(apiVersion) || !"AdmissionReview".equals(kind)) {
      return new Unreadable(
          "this webhook answers AdmissionReview of "
              + API_VERSION
              + ", not "
              + named(kind)
              + " of "
              + named(apiVersion)
              + "; set admissionReviewVersions: [v1] in the webhook's configuration");
    }
    FieldReader request = root.object("request");
    if (request == null) {
      return new Unreadable("the AdmissionReview has no request");
    }
    String uid = name(request, "uid");
    if (uid.isEmpty()) {
      errors.add(FieldError.required(new FieldPath("request.uid", request.at("uid")), ""));
    }
    Operation operation = operation(request, errors);
    FieldReader resource = required(request, "resource", errors);
    FieldReader kindOf = required(request, "kind", errors);
    FieldReader userInfo = required(request, "userInfo", errors);
    if (operation == null || resource == null || kindOf == null || userInfo == null) {
      return unreadable(errors);
    }
    User user = user(userInfo);
    String oversized = oversized(user);
    if (oversized != null) {
      return new Oversized(oversized);
    }
    AdmissionRequest read =
        new AdmissionRequest(
            uid,
            name(resource, "resource"),
            name(request, "subResource"),
            apiVersion(kindOf),
            name(kindOf, "kind"),
            name(request, "namespace"),
            name(request, "name"),
            operation,
            user,
            mapping(request, "object"),
            mapping(request, "oldObject"));
    return errors.isEmpty() ? new Understood(read) : unreadable(errors);
  }

  private static Unreadable unreadable(List<FieldError> errors) {
    FieldError first = errors.getFirst();
    return new Unreadable(
        "the AdmissionReview cannot be read: " + first.field() + ": " + first.message());
  }

  private static String named(@Nullable String text) {
    return text == null || text.isEmpty() ? "nothing" : GoQuote.quote(shortened(text));
  }

  private static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }

  private static String apiVersion(FieldReader kind) {
    String group = name(kind, "group");
    return group.isEmpty() ? name(kind, "version") : group + "/" + name(kind, "version");
  }

  private static String text(FieldReader object, String key) {
    String text = object.text(key);
    return text == null ? "" : text;
  }

  /// A text that is remembered, logged or answered: bounded.
  private static String name(FieldReader object, String key) {
    String text = text(object, key);
    if (text.length() > LONGEST_NAME) {
      object.error(
          FieldError.invalid(
              object.field(key),
              shortened(text),
              "must have at most " + LONGEST_NAME + " characters"));
    }
    return text;
  }

  private static @Nullable Mapping mapping(FieldReader request, String key) {
    FieldReader object = request.object(key);
    return object == null ? null : object.mapping();
  }

  private static @Nullable FieldReader required(
      FieldReader holder, String key, List<FieldError> errors) {
    FieldReader object = holder.object(key);
    if (object == null) {
      errors.add(FieldError.required(holder.field(key), ""));
    }
    return object;
  }

  private static @Nullable Operation operation(FieldReader request, List<FieldError> errors) {
    String text = text(request, "operation");
    for (Operation operation : Operation.values()) {
      if (operation.name().equals(text)) {
        return operation;
      }
    }
    errors.add(
        FieldError.notSupported(
            new FieldPath("request.operation", request.at("operation")),
            shortened(text),
            List.of("CREATE", "UPDATE", "DELETE", "CONNECT")));
    return null;
  }

  private static User user(FieldReader userInfo) {
    String name = text(userInfo, "username");
    if (name.isEmpty()) {
      userInfo.error(FieldError.required(userInfo.field("username"), ""));
    }
    Set<String> groups = new LinkedHashSet<>(userInfo.texts("groups"));
    Map<String, List<String>> extra = new LinkedHashMap<>();
    FieldReader written = userInfo.object("extra");
    if (written != null) {
      for (String key : written.mapping().entries().keySet()) {
        extra.put(key, written.texts(key));
      }
    }
    return new User(name, groups, extra);
  }

  /// Null where a user is no larger than an API server's.
  private static @Nullable String oversized(User user) {
    List<String> texts = new ArrayList<>(user.groups());
    user.extra()
        .forEach((key, values) -> {
          texts.add(key);
          texts.addAll(values);
        });
    int count = texts.size();
    texts.add(user.name());
    long bytes = texts.stream().mapToLong(text -> text.getBytes(UTF_8).length).sum();
    if (bytes <= LARGEST_USER && count <= MOST_OF_USER) {
      return null;
    }
    return "userInfo of "
        + bytes
        + " bytes, with "
        + count
        + " groups and extra values, exceeds the limit ("
        + LARGEST_USER
        + " bytes, "
        + MOST_OF_USER
        + " values): Portcullis does not decide for user "
        + GoQuote.quote(shortened(user.name()))
        + "; configure the API server's authenticator to give fewer groups or less extra";
  }
}
