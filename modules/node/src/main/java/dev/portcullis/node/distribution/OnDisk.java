package dev.portcullis.node.distribution;

/// What is at a path below the profile root.
sealed interface OnDisk {
  /// Nothing.
  record Absent() implements OnDisk {}

  /// A regular file, reached by real directories alone.
  ///
  /// @param sha256 in hexadecimal
  record File(String sha256) implements OnDisk {}

  /// Something else, or something that could not be looked at.
  ///
  /// @param what for people, `a symbolic link`
  record Other(String what) implements OnDisk {}
}
