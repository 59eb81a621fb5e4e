package dev.portcullis.e2e;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeTags;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/// All tests on a Kubernetes, one after another: only one cluster runs at a time, and classes share
/// it. Beside it, in another JVM, runs [RuntimeLane].
@Suite
@SelectPackages("dev.portcullis.e2e")
@IncludeClassNamePatterns(".*Test")
@IncludeTags(ClusterLane.TAG)
public class ClusterLane {
  /// The tag of every class with a RealCluster.
  public static final String TAG = "cluster";
}
