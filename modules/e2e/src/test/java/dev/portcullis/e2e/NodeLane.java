package dev.portcullis.e2e;

import org.junit.platform.suite.api.ExcludeTags;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/// The tests of a node without Kubernetes, which take nearly as long as all others on a containerd.
/// Beside it, in JVMs of their own, run the other lanes.
@Suite
@SelectPackages("dev.portcullis.e2e")
@IncludeClassNamePatterns(NodeLane.CLASSES)
@ExcludeTags(ClusterLane.TAG)
class NodeLane {
  /// The names of its classes.
  static final String CLASSES = ".*\\.Node[A-Za-z]*Test";
}
