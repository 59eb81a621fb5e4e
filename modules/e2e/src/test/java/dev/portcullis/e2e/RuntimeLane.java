package dev.portcullis.e2e;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.ExcludeTags;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/// All tests that need no Kubernetes but those of [NodeLane] and [PackageLane], most of them on a
/// containerd, one after another. Beside it, in JVMs of their own, run the other lanes.
@Suite
@SelectPackages("dev.portcullis.e2e")
@IncludeClassNamePatterns(".*Test")
@ExcludeClassNamePatterns({NodeLane.CLASSES, PackageLane.CLASSES})
@ExcludeTags(ClusterLane.TAG)
class RuntimeLane {}
