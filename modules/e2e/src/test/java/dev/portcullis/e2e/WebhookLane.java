package dev.portcullis.e2e;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeTags;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/// The tests of the webhook on a Kubernetes, which take as long as all others on one: on a cluster
/// of this lane, beside the other lanes.
@Suite
@SelectPackages("dev.portcullis.e2e")
@IncludeClassNamePatterns(WebhookLane.CLASSES)
@IncludeTags(ClusterLane.TAG)
class WebhookLane {
  /// The names of its classes.
  static final String CLASSES = ".*\\.Webhook[A-Za-z]*Test";
}
