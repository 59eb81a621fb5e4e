package dev.portcullis.admission.cluster;

import dev.portcullis.pods.rbac.User;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who asks and in which namespace, as a SHA-256: whatever a user carries, its answers take the
/// same memory as anybody's.
final class AskerDigest {
  private static final MessageDigest SHA_256;

  static {
    try {
      SHA_256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private byte[] bytes = new byte[512];
  private int size;

  private AskerDigest() {}

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
    return HexFormat.of().formatHex(asker.digest());
  }

  private byte[] digest() {
    MessageDigest digest;
    try {
      // Looking the algorithm up takes longer than this.
      digest = (MessageDigest) SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
    digest.update(bytes, 0, size);
    return digest.digest();
  }

  private void texts(Collection<String> texts) {
    number(texts.size());
    texts.forEach(this::text);
  }

  /// A byte for a character of ASCII, and three for any other: in this form no two texts are the
  /// same, halves of surrogate pairs included, which UTF-8 does not have.
  private void text(String text) {
    number(text.length());
    ensure(3 * text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each < 0x80) {
        bytes[size++] = (byte) each;
      } else {
        bytes[size++] = (byte) 0xff;
        bytes[size++] = (byte) (each >> 8);
        bytes[size++] = (byte) each;
      }
    }
  }

  private void number(int number) {
    ensure(Integer.BYTES);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (number >> shift);
    }
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
