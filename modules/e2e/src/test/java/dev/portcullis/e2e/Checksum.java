package dev.portcullis.e2e;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Checksums in hexadecimal.
final class Checksum {
  private Checksum() {}

  static String sha256(byte[] bytes) {
    return of("SHA-256", bytes);
  }

  static String sha512(byte[] bytes) {
    return of("SHA-512", bytes);
  }

  private static String of(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
