package dev.portcullis.cli.result;

/// What the build knew of itself. Constants, because a resource in a jar takes longer to read than
/// all the rest of `version`.
public final class Build {
  public static final String VERSION = "${project.version}";

  /// Empty where the build did not know; ends in `-modified` where files differed from the commit.
  public static final String COMMIT = "${portcullis.commit}";

  private Build() {}
}
