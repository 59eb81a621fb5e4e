package dev.portcullis.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import runtime.v1.ImageServiceGrpc;
import runtime.v1.RuntimeServiceGrpc;

class RelayedMethodsTest {
  private final RelayedMethods methods = new RelayedMethods();

  /// A method that a newer definition of CRI brings is missed here.
  @Test
  void theNamesAndTypesAreThoseOfTheDefinition() {
    List<MethodDescriptor<?, ?>> all =
        Stream.of(
                RuntimeServiceGrpc.getServiceDescriptor(), ImageServiceGrpc.getServiceDescriptor())
            .<MethodDescriptor<?, ?>>flatMap(service -> service.getMethods().stream())
            .toList();
    assertThat(all).hasSizeGreaterThan(30);
    for (MethodDescriptor<?, ?> method : all) {
      String name = method.getFullMethodName();
      for (String version : List.of(name, name.replace("runtime.v1.", "runtime.v1alpha2."))) {
        MethodDescriptor<byte[], byte[]> found = methods.find(version);
        assertThat(found).as(version).isNotNull();
        assertThat(found.getType()).as(version).isEqualTo(method.getType());
        assertThat(methods.label(version)).isEqualTo(method.getBareMethodName());
      }
    }
  }

  @Test
  void whatIsNotOfCri() {
    assertThat(methods.find("runtime.v1.RuntimeServices/Version")).isNull();
    assertThat(methods.find("runtime.v2.RuntimeService/Version")).isNull();
    assertThat(methods.find("grpc.health.v1.Health/Check")).isNull();
    assertThat(methods.label("runtime.v1.RuntimeService/Tomorrow")).isEqualTo("other");
  }
}
