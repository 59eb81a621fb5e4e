package dev.portcullis.cluster;

import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A list of objects, asked for in pages, so that it is never in memory as a whole. All pages are
/// of one moment. Where the server has forgotten that moment, the next page fails with code 410,
/// and the list is to be begun again.
final class PagedList {
  /// A page of several objects. One that is larger is asked for again with half of them: a
  /// webhook's heap has 64 MB, and anyone who may make namespaces can make each of them 1 MiB, with
  /// 60,000 annotations of some letters. A value takes 130 bytes.
  private static final Limits PAGE = new Limits(4 * 1024 * 1024, 100, 150_000);

  private final ClusterConnection connection;
  private final ApiCollection objects;
  private final String what;
  private long limit;
  private @Nullable String next = "";
  private String version = "";
  private long remaining;

  /// @param limit how many may be in a page
  /// @param what is asked, for messages
  PagedList(ClusterConnection connection, ApiCollection objects, long limit, String what) {
    this.connection = connection;
    this.objects = objects;
    this.limit = limit;
    this.what = what;
  }

  /// The next page; null after the last.
  ///
  /// @throws ApiFailure of code 404 where there is no such kind
  @Nullable List<StoredObject> next() throws ApiFailure {
    if (next == null) {
      return null;
    }
    Mapping page = page(next);
    Mapping metadata = StoredObject.mapping(page, "metadata");
    String more = StoredObject.text(metadata, "continue");
    next = more.isEmpty() ? null : more;
    version = StoredObject.text(metadata, "resourceVersion");
    Long left = StoredObject.number(metadata, "remainingItemCount");
    remaining = left == null ? 0 : left;
    return items(page);
  }

  /// What is not a list has no objects either, and all that is known would count as gone.
  private List<StoredObject> items(Mapping page) throws ApiFailure {
    List<StoredObject> objects = new ArrayList<>();
    switch (page.get("items")) {
      // As Go writes an empty one.
      case Value.Null _ -> {}
      case Sequence(_, List<Value> items) -> {
        for (Value item : items) {
          if (!(item instanceof Mapping object)) {
            throw noList();
          }
          objects.add(new StoredObject(object));
        }
      }
      case null, default -> throw noList();
    }
    return objects;
  }

  private ApiFailure noList() {
    return connection.failure(what, new UnreadableAnswerException("the answer is not a list"));
  }

  private Mapping page(String from) throws ApiFailure {
    while (true) {
      String query =
          "limit=" + limit + (from.isEmpty() ? "" : "&continue=" + ApiCollection.encoded(from));
      try {
        return connection.fetch(
            objects.request(query), what, limit == 1 ? ClusterConnection.OBJECT : PAGE);
      } catch (ApiFailure failed) {
        if (!(failed.getCause() instanceof UnreadableAnswerException) || limit == 1) {
          throw failed;
        }
        limit /= 2;
      }
    }
  }

  /// The moment that the pages so far are of: from there a watch goes on.
  String version() {
    return version;
  }

  /// How many objects the server has beyond the pages so far, where it says so: not where something
  /// chooses them.
  long remaining() {
    return remaining;
  }
}
