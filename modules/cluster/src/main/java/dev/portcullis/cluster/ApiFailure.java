package dev.portcullis.cluster;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that an API server did not grant, or did not answer. The message names the server and
/// what was asked; [#words] is the server's own message.
public final class ApiFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final String words;
  private final String reason;
  private final transient List<String> causes;

  private ApiFailure(
      String message,
      int code,
      String words,
      String reason,
      List<String> causes,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.words = words;
    this.reason = reason;
    this.causes = causes;
  }

  /// The server refused.
  ///
  /// @param asked the server and the request, for the message
  /// @param code of HTTP
  /// @param status what it answered, of kind `Status`; null where it answered nothing that can be
  ///   read
  static ApiFailure of(String asked, int code, @Nullable Mapping status) {
    String said = status == null ? "" : StoredObject.text(status, "message");
    String words = said.isEmpty() ? "HTTP " + code : said;
    return new ApiFailure(
        asked + ": " + words,
        code,
        words,
        status == null ? "" : StoredObject.text(status, "reason"),
        status == null ? List.of() : causes(status),
        null);
  }

  /// There is no answer.
  static ApiFailure of(String asked, IOException failed) {
    String words = ClusterConnection.reason(failed);
    return new ApiFailure(asked + ": " + words, 0, words, "", List.of(), failed);
  }

  private static List<String> causes(Mapping status) {
    return status.present("details") instanceof Mapping details
            && details.present("causes") instanceof Sequence all
        ? all.items().stream()
            .filter(Mapping.class::isInstance)
            .map(each -> StoredObject.text((Mapping) each, "reason"))
            .toList()
        : List.of();
  }

  /// The status of HTTP that was answered; 0 where there was no answer.
  public int code() {
    return code;
  }

  /// What the server answered for people; where it did not answer, why not.
  public String words() {
    return words;
  }

  /// Whether the server gives a reason, as the field `reason` of its Status or of one of its
  /// causes: `Conflict`, `NamespaceTerminating`.
  public boolean isFor(String reason) {
    return this.reason.equals(reason) || (causes != null && causes.contains(reason));
  }
}
