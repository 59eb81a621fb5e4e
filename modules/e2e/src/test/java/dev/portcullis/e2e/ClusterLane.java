package dev.portcullis.e2e;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeTags;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/// The tests on a Kubernetes but those of [WebhookLane], one after another: classes share a
/// cluster, and only one of this lane runs at a time. Beside it, in JVMs of their own, run the
/// other lanes.
@Suite
@SelectPackages("dev.portcullis.e2e")
@IncludeClassNamePatterns(".*Test")
@ExcludeClassNamePatterns(WebhookLane.CLASSES)
@IncludeTags(ClusterLane.TAG)
public class ClusterLane {
  /// The tag of every class with a RealCluster.
  public static final String TAG = "cluster";
}
