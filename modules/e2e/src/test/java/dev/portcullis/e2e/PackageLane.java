package dev.portcullis.e2e;

import org.junit.platform.suite.api.ExcludeTags;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/// The tests of what is installed: the package, the image, releases, and the commands of README on
/// a bare system; and the benches. They take minutes, beside the other lanes.
@Suite
@SelectPackages("dev.portcullis.e2e")
@IncludeClassNamePatterns(PackageLane.CLASSES)
@ExcludeTags(ClusterLane.TAG)
class PackageLane {
  /// The names of its classes.
  static final String CLASSES =
      ".*\\.(Bench|Deb|DebianThirteen|Image|OtherArchitecture|Release)Test";
}
