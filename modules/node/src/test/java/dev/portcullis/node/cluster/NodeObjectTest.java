package dev.portcullis.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeObjectTest {
  private static final Mapping STATUS = new MappingBuilder().put("profileCount", 1).build();

  private static String with(@Nullable String runtime) {
    return JsonWriter.compact(NodeObject.withRuntime(STATUS, runtime));
  }

  @Test
  void theRuntimeIsTheNodes() {
    assertThat(with("containerd://1.6.20~ds1"))
        .isEqualTo(
            "{\"profileCount\":1,\"runtime\":{\"name\":\"containerd\",\"version\":\"1.6.20~ds1\"}}");
  }

  /// No text in the object may be empty.
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "containerd", "://1.6", "containerd://"})
  void whatTheNodeDoesNotTellIsNotTold(@Nullable String runtime) {
    assertThat(with(runtime)).isEqualTo("{\"profileCount\":1}");
  }
}
