package dev.portcullis.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Value;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers what kubectl would, where it would do no more than read: without a process each time,
/// and without the pauses that kubectl makes between many requests (five a second, after the first
/// ten).
///
/// `ReadsTest` holds it to kubectl's own answers.
final class Reads {
  private final ApiClient client;
  private List<ApiResource> resources = List.of();

  Reads(ApiClient client) {
    this.client = client;
  }

  /// The options of a `get` or `logs` that are understood here.
  ///
  /// @param output empty where kubectl would print a table
  private record Request(
      List<String> words,
      String namespace,
      boolean everywhere,
      String selector,
      boolean ignoreNotFound,
      String raw,
      String container,
      String output) {
    /// Empty where there are others.
    static Optional<Request> of(List<String> arguments) {
      List<String> words = new ArrayList<>();
      String namespace = "default";
      boolean everywhere = false;
      String selector = "";
      boolean ignoreNotFound = false;
      String raw = "";
      String container = "";
      String output = "";
      for (String argument : arguments) {
        String value = argument.substring(argument.indexOf('=') + 1);
        switch (argument.replaceFirst("=.*", "=")) {
          case "-n=", "--namespace=" -> namespace = value;
          case "-A" -> everywhere = true;
          case "-l=" -> selector = value;
          case "-c=" -> container = value;
          case "-o=" -> output = value;
          case "--raw=" -> raw = value;
          case "--ignore-not-found" -> ignoreNotFound = true;
          default -> {
            if (argument.startsWith("-")) {
              return Optional.empty();
            }
            words.add(argument);
          }
        }
      }
      return Optional.of(
          new Request(
              words,
              everywhere ? "" : namespace,
              everywhere,
              selector,
              ignoreNotFound,
              raw,
              container,
              output));
    }
  }

  /// What kubectl would print.
  ///
  /// @return empty where that is not known here, and kubectl itself must be asked
  /// @throws IOException where kubectl would fail
  synchronized Optional<String> answer(List<String> arguments) throws IOException {
    if (arguments.equals(List.of("api-resources", "--verbs=list", "-o=name"))) {
      resources = ApiResource.discover(client);
      return Optional.of(
          resources.stream()
              .filter(ApiResource::listed)
              .map(resource -> resource.name() + "\n")
              .collect(Collectors.joining()));
    }
    Optional<Request> understood = Request.of(arguments.subList(1, arguments.size()));
    if (understood.isEmpty()) {
      return Optional.empty();
    }
    Request request = understood.get();
    return switch (arguments.getFirst()) {
      case "get" -> get(request);
      case "logs" -> logs(request);
      default -> Optional.empty();
    };
  }

  private Optional<String> get(Request request) throws IOException {
    if (!request.raw().isEmpty()) {
      return Optional.of(must(request.raw()));
    }
    if (request.words().isEmpty() || request.words().size() > 2) {
      return Optional.empty();
    }
    String[] first = request.words().getFirst().split("/", 2);
    String name =
        request.words().size() == 2
            ? request.words().getLast()
            : first.length == 2 ? first[1] : null;
    if (request.output().equals("name")) {
      return names(List.of(first[0].split(",")), name, request);
    }
    Optional<JsonPath> path =
        request.output().startsWith("jsonpath=")
            ? JsonPath.parse(request.output().substring("jsonpath=".length()))
            : Optional.empty();
    Optional<ApiResource> resource = resource(first[0]);
    if (path.isEmpty() || resource.isEmpty()) {
      return Optional.empty();
    }
    ApiClient.Answer answer = client.get(address(resource.get(), name, request));
    if (answer.notFound() && name != null && request.ignoreNotFound()) {
      return Optional.of("");
    }
    return Optional.of(path.get().of(must(answer, request.toString())));
  }

  private Optional<String> names(List<String> kinds, @Nullable String name, Request request)
      throws IOException {
    StringBuilder printed = new StringBuilder();
    for (String kind : kinds) {
      Optional<ApiResource> resource = resource(kind);
      if (resource.isEmpty()) {
        return Optional.empty();
      }
      ApiClient.Answer answer = client.get(address(resource.get(), name, request));
      if (answer.notFound() && name != null && request.ignoreNotFound()) {
        continue;
      }
      Value read = JsonValues.read(must(answer, kind));
      for (Value item :
          name == null ? JsonValues.items(JsonValues.at(read, "items")) : List.of(read)) {
        printed
            .append(resource.get().kind())
            .append('/')
            .append(JsonValues.text(JsonValues.at(JsonValues.at(item, "metadata"), "name")))
            .append('\n');
      }
    }
    return Optional.of(printed.toString());
  }

  private Optional<String> logs(Request request) throws IOException {
    if (request.words().size() != 1) {
      return Optional.empty();
    }
    String pod = request.words().getFirst();
    if (pod.contains("/")) {
      return Optional.empty();
    }
    return Optional.of(
        must(
            "/api/v1/namespaces/%s/pods/%s/log%s"
                .formatted(
                    request.namespace(),
                    pod,
                    request.container().isEmpty() ? "" : "?container=" + request.container())));
  }

  private static String address(ApiResource resource, @Nullable String name, Request request) {
    return resource.path(request.namespace())
        + (name == null ? "" : "/" + name)
        + (request.selector().isEmpty()
            ? ""
            : "?labelSelector=" + URLEncoder.encode(request.selector(), UTF_8));
  }

  /// A kind that is not known may be new.
  private Optional<ApiResource> resource(String word) throws IOException {
    Optional<ApiResource> known = known(word);
    if (known.isEmpty()) {
      resources = ApiResource.discover(client);
      known = known(word);
    }
    return known;
  }

  private Optional<ApiResource> known(String word) {
    return resources.stream().filter(resource -> resource.isCalled(word)).findFirst();
  }

  private String must(String path) throws IOException {
    return must(client.get(path), path);
  }

  private static String must(ApiClient.Answer answer, String what) throws IOException {
    if (!answer.ok()) {
      throw new IOException("kubectl would read " + what + ": " + answer.error());
    }
    return answer.body();
  }
}
