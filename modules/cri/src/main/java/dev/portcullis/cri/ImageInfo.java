package dev.portcullis.cri;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image that the runtime has.
///
/// @param uid the user it is configured to run as; null where it names none, or one by name
/// @param userName the same by name; empty where there is none
public record ImageInfo(
    String id, List<String> tags, long bytes, @Nullable Long uid, String userName) {
  public ImageInfo {
    tags = List.copyOf(tags);
  }
}
