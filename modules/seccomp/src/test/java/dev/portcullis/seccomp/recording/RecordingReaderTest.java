package dev.portcullis.seccomp.recording;

import static dev.portcullis.seccomp.recording.RecordedCalls.count;
import static dev.portcullis.seccomp.recording.RecordedCalls.recording;
import static dev.portcullis.seccomp.recording.RecordedCalls.tally;
import static dev.portcullis.seccomp.recording.RecordedCalls.wish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.RecordedCall.Values;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Recordings as files, and their sum.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class RecordingReaderTest {
  private static Recording some() {
    CallTally tally = tally();
    count(tally, "socket", 1, 1 | 02000000, 0);
    count(tally, "socket", 16, 3, 0);
    count(tally, "socket", 16, 3, 0);
    count(tally, "mkdir");
    tally.count(RecordedCalls.X86, 20, new long[6]);
    tally.count(RecordedCalls.X86_64, 1000, new long[6]);
    tally.count(RecordedCalls.X86_64, 1 | Architecture.X32_BIT, new long[6]);
    return recording(tally);
  }

  private static String written(Recording recording) {
    return RecordingWriter.write(
        recording, RecordedProfile.of(recording, wish(ArgumentConditions.USUAL, "runc")));
  }

  private static RecordingParseResult read(String text) {
    return RecordingReader.read(text.getBytes(UTF_8));
  }

  @Test
  void readAgainItIsTheSame() {
    assertThat(read(written(some()))).isEqualTo(new RecordingParseResult.Read(some()));
    assertThat(read(written(Recording.NONE)))
        .isEqualTo(new RecordingParseResult.Read(Recording.NONE));
  }

  @Test
  void nothingIsNoRecording() {
    assertThat(read("")).isInstanceOf(RecordingParseResult.Rejected.class);
    assertThat(read("[]")).isInstanceOf(RecordingParseResult.Rejected.class);
  }

  @Test
  void architecturesAreToldApart() {
    assertThat(some().program())
        .extracting(RecordedCall::architecture, RecordedCall::name)
        .contains(
            tuple(Architecture.X86, "getpid"),
            tuple(Architecture.X32, "write"),
            tuple(Architecture.X86_64, ""));
  }

  /// Hand-made ones, of which rules would come that allow more than was seen.
  @Test
  void whatNoRecordingHasIsRefused() {
    String text = written(some());
    for (String other :
        List.of(
            text.replaceFirst("\"mask\" : \"0x[0-9a-f]+\"", "\"mask\" : \"0x0\""),
            text.replaceFirst("\"index\" : 1", "\"index\" : 0"),
            text.replaceFirst(
                "\"of\" : \\[\\s+\"0x[0-9a-f]+\"", "\"of\" : [ \"0xffffffffffffffff\""))) {
      assertThat(other).isNotEqualTo(text);
      assertThat(read(other)).isInstanceOf(RecordingParseResult.Rejected.class);
    }
  }

  @Test
  void countsStayWhatAReaderTakes() {
    assertThat(CallSum.add(CallSum.MOST, CallSum.MOST)).isEqualTo(CallSum.MOST);
    assertThat(CallSum.add(1, 2)).isEqualTo(3);
  }

  @Test
  void countsAddUp() {
    Recording twice = Recording.merge(List.of(some(), some()));
    assertThat(twice.runs()).hasSize(1);
    RecordedCall socket =
        twice.program().stream()
            .filter(call -> call.name().equals("socket"))
            .findFirst()
            .orElseThrow();
    assertThat(socket.count()).isEqualTo(6);
    assertThat(socket.values())
        .containsExactly(new Values(List.of(1L, 1L, 0L), 2), new Values(List.of(16L, 3L, 0L), 4));
  }

  /// The values that occur often are kept; the count of the others stays.
  @Test
  void aSumIsBounded() {
    CallTally first = tally();
    CallTally second = tally();
    for (int i = 0; i < RecordedCall.MOST_VALUES; i++) {
      count(first, "ioctl", 0, i);
      count(second, "ioctl", 0, 1000 + i);
      count(second, "ioctl", 0, 1000 + i);
    }
    RecordedCall sum =
        Recording.merge(List.of(recording(first), recording(second))).program().getFirst();
    assertThat(sum.count()).isEqualTo(3L * RecordedCall.MOST_VALUES);
    assertThat(sum.otherCount()).isEqualTo(RecordedCall.MOST_VALUES);
    assertThat(sum.values())
        .hasSize(RecordedCall.MOST_VALUES)
        .allMatch(each -> each.of().getFirst() >= 1000);
  }

  @Test
  void numbersWithoutEndAreBounded() {
    CallTally tally = tally();
    for (int i = 0; i < 100_000; i++) {
      tally.count(RecordedCalls.X86_64, 10_000 + i, new long[6]);
    }
    assertThat(tally.calls()).hasSize(256);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'kind': 'Recording'   | 'kind': 'Pod'      | not a recording",
        "'version': 1          | 'version': 2       | version 2 of a recording is not known here",
        "'count': 3            | 'count': -3        | needs a whole number `count`",
        "'count': 3            | 'count': 99999999999999999999 | needs a whole number `count`",
        "'number': 41          | 'number': 4294967296 | no number of a system call",
        "'name': 'mkdir'       | 'name': 'mk dir'   | no name of a system call",
        "SCMP_ARCH_X86_64      | SCMP_ARCH_VAX      | no architecture: SCMP_ARCH_VAX",
        "'index': 2            | 'index': 6         | a system call has no such argument",
        "'0x10'                | 'sixteen'          | needs a hexadecimal number",
        "'program'             | 'programme'        | needs a list `program`",
        "'index': 2            | 'index': 2,        | unexpected",
      })
  void whatIsWrongHasItsPlace(String from, String to, String message) {
    String text = written(some()).replace(" : ", ": ");
    String changed = text.replace(from.replace('\'', '"'), to.replace('\'', '"'));
    assertThat(changed).isNotEqualTo(text);
    assertThat(read(changed))
        .isInstanceOfSatisfying(
            RecordingParseResult.Rejected.class,
            rejected -> {
              if (!message.equals("unexpected")) {
                assertThat(rejected.message()).contains(message);
              }
              assertThat(rejected.at().line()).isPositive();
            });
  }
}
