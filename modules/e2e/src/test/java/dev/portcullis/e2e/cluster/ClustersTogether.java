package dev.portcullis.e2e.cluster;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/// Test classes on clusters one after another, those with the same kind of cluster beside each
/// other: they share it. All others come first, while no cluster takes their processor. It is named
/// in `junit-platform.properties`.
public final class ClustersTogether implements ClassOrderer {
  /// For JUnit, which makes it by its name.
  public ClustersTogether() {}

  @Override
  public void orderClasses(ClassOrdererContext context) {
    context
        .getClassDescriptors()
        .sort(
            Comparator.comparing(ClustersTogether::kind)
                .thenComparing(descriptor -> descriptor.getTestClass().getName()));
  }

  /// Empty for a class without a cluster.
  private static String kind(ClassDescriptor descriptor) {
    return Stream.of(descriptor.getTestClass().getDeclaredFields())
        .filter(field -> field.getType() == RealCluster.class)
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(ClustersTogether::cluster)
        .map(RealCluster::kind)
        .findFirst()
        .orElse("");
  }

  private static RealCluster cluster(Field field) {
    try {
      field.setAccessible(true);
      return (RealCluster) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a field that cannot be read: " + field, e);
    }
  }
}
