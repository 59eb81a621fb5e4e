package dev.portcullis.cli.command;

/// What the build knew of itself. Constants, because a resource in a jar takes longer to read than
/// all the rest of `version`.
final class Build {
  static final String VERSION = "${project.version}";

  /// Empty where the build did not know; ends in `-modified` where files differed from the commit.
  static final String COMMIT = "${portcullis.commit}";

  private Build() {}
}
