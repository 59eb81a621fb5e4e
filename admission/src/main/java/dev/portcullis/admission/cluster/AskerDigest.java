package dev.portcullis.admission.cluster;

import dev.portcullis.pods.rbac.User;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who asks and in which namespace, as a SHA-256: whatever a user carries, its answers take the
/// same memory as anybody's.
final class AskerDigest {
  private final MessageDigest digest;

  private AskerDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Equal for equal users (the order of groups and of keys is none) and namespaces, and for no
  /// others: every text has its length before it.
  static String of(User user, String namespace) {
    AskerDigest asker = new AskerDigest();
    asker.text(namespace);
    asker.text(user.name());
    asker.texts(new TreeSet<>(user.groups()));
    asker.number(user.extra().size());
    new TreeMap<>(user.extra())
        .forEach((key, values) -> {
          asker.text(key);
          asker.texts(values);
        });
    return HexFormat.of().formatHex(asker.digest.digest());
  }

  private void texts(Collection<String> texts) {
    number(texts.size());
    texts.forEach(this::text);
  }

  /// As UTF-16, in which no two texts are the same: UTF-8 has no form of half a surrogate pair.
  private void text(String text) {
    number(text.length());
    ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
    bytes.asCharBuffer().put(text);
    digest.update(bytes);
  }

  private void number(int number) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
  }
}
