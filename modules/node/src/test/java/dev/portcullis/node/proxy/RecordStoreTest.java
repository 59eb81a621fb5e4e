package dev.portcullis.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.container.rights.AskedRights;
import dev.portcullis.cri.ContainerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordStoreTest {
  private static final ContainerRecord RECORD =
      new ContainerRecord("runtime/default", "node-default", null, null, null, false);

  @TempDir Path temporary;

  private Path directory() {
    return temporary.resolve("records");
  }

  private RecordStore records() {
    return new RecordStore(directory());
  }

  @Test
  void onlyTheirOwnerCanLookIn() throws IOException {
    records().keep("a", RECORD);
    assertThat(records().of("a")).isEqualTo(RECORD);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
  }

  /// A pod's author decides how long its lists are: a record that could not be read would have the
  /// runtime's word in its place.
  @Test
  void aRecordOfThousandsOfCapabilitiesIsRead() throws IOException {
    List<String> many = Collections.nCopies(10_000, "NET_RAW");
    ContainerRecord large =
        new ContainerRecord(
            "runtime/default",
            "node-default",
            null,
            null,
            new AskedRights(1000L, 1000L, new ContainerSpec.Capabilities(List.of(), many), true),
            false);
    records().keep("a", large);
    assertThat(records().of("a")).isEqualTo(large);
  }

  /// An id is the runtime's word.
  @Test
  void noIdLeadsOutOfTheDirectory() throws IOException {
    records().keep("a", RECORD);
    Files.copy(directory().resolve("a.json"), temporary.resolve("outside.json"));
    assertThat(records().of("../outside")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "not json",
        "{\"portcullis.dev/seccomp-profile\": 1, \"portcullis.dev/seccomp-origin\": \"kubelet\"}",
        "{\"portcullis.dev/seccomp-profile\": \"unconfined\"} {}"
      })
  void whatIsNotAsItWasWrittenIsAnError(String content) throws IOException {
    records().keep("a", RECORD);
    Path file = Files.writeString(directory().resolve("a.json"), content);
    assertThatThrownBy(() -> records().of("a"))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is not in Portcullis' format");
  }
}
