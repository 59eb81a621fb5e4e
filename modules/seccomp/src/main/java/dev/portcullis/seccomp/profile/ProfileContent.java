package dev.portcullis.seccomp.profile;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// The bytes of a profile that was checked: what a runtime is given are these, whatever becomes of
/// the file that they came from.
public final class ProfileContent {
  private final byte[] bytes;
  private final String sha256;

  public ProfileContent(byte[] bytes) {
    this.bytes = bytes.clone();
    this.sha256 = sha256(bytes);
  }

  /// Its digest in hexadecimal.
  public String sha256() {
    return sha256;
  }

  /// How many bytes there are.
  public int length() {
    return bytes.length;
  }

  /// A copy.
  public byte[] bytes() {
    return bytes.clone();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProfileContent content && Arrays.equals(bytes, content.bytes);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  @Override
  public String toString() {
    return "sha256:" + sha256;
  }
}
