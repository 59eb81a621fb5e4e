package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.portcullis.e2e.cluster.RealCluster;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A class on a cluster without the tag would start a third one beside those of two lanes.
class LanesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPackages("dev.portcullis.e2e");

  @Test
  void theClassesWithAClusterHaveTheTagAndNoOthers() {
    List<String> onCluster =
        CLASSES.stream()
            .filter(c ->
                c.getFields().stream()
                    .anyMatch(f -> f.getRawType().isEquivalentTo(RealCluster.class)))
            .map(JavaClass::getName)
            .toList();
    List<String> tagged =
        CLASSES.stream()
            .filter(c ->
                c.isAnnotatedWith(Tag.class)
                    && c.getAnnotationOfType(Tag.class).value().equals(ClusterLane.TAG))
            .map(JavaClass::getName)
            .toList();
    assertThat(onCluster).hasSizeGreaterThan(5);
    assertThat(tagged).containsExactlyInAnyOrderElementsOf(onCluster);
  }

  /// Else the tests on a cluster would take as long as before.
  @Test
  void bothLanesWithAClusterHaveClasses() {
    List<String> tagged =
        CLASSES.stream().filter(c -> c.isAnnotatedWith(Tag.class)).map(JavaClass::getName).toList();
    assertThat(tagged).filteredOn(name -> name.matches(WebhookLane.CLASSES)).hasSizeGreaterThan(2);
    assertThat(tagged).filteredOn(name -> !name.matches(WebhookLane.CLASSES)).hasSizeGreaterThan(2);
  }

  /// A name of another class would leave the lane empty, and its tests in that of the runtime.
  @Test
  void theLaneOfPackagesHasItsClasses() {
    assertThat(CLASSES)
        .extracting(JavaClass::getName)
        .filteredOn(name -> name.matches(PackageLane.CLASSES))
        .hasSize(6);
  }

  /// Else the tests of a node would take as long as before.
  @Test
  void theLaneOfNodesHasItsClasses() {
    assertThat(CLASSES)
        .filteredOn(c -> c.getName().matches(NodeLane.CLASSES) && !c.isAnnotatedWith(Tag.class))
        .hasSizeGreaterThan(4);
  }

  @Test
  void testsAreFoundByTheirNames() {
    assertThat(CLASSES)
        .filteredOn(c -> c.getMethods().stream().anyMatch(m -> m.isAnnotatedWith(Test.class)))
        .allMatch(c -> c.getName().matches(".*Test(\\$.*)?"));
  }
}
