package dev.portcullis.kernel.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.NativeCall;
import dev.portcullis.kernel.trace.TraceEvent.ProgramStart;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pages as linux/ring_buffer.h describes them, with every kind of entry.
class TracePagesTest {
  private static final String COMMON =
      """
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      """;

  @TempDir private Path events;
  private TracePages pages;
  private final ByteBuffer page = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

  private void format(String event, int id, String fields) throws IOException {
    Path directory = Files.createDirectories(events.resolve(event));
    Files.writeString(
        directory.resolve("format"),
        "name: x\nID: " + id + "\nformat:\n" + COMMON + fields + "\nprint fmt: \"x\"\n");
  }

  @BeforeEach
  void formats() throws IOException {
    format(
        "raw_syscalls/sys_enter",
        443,
        "\tfield:long id;\toffset:8;\tsize:8;\tsigned:1;\n"
            + "\tfield:unsigned long args[6];\toffset:16;\tsize:48;\tsigned:0;\n");
    format(
        "raw_syscalls/sys_exit",
        442,
        "\tfield:long id;\toffset:8;\tsize:8;\tsigned:1;\n"
            + "\tfield:long ret;\toffset:16;\tsize:8;\tsigned:1;\n");
    format(
        "sched/sched_process_fork",
        310,
        "\tfield:char parent_comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
            + "\tfield:pid_t child_pid;\toffset:44;\tsize:4;\tsigned:1;\n");
    format(
        "sched/sched_process_exec",
        311,
        "\tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;\n");
    pages = new TracePages(events, CallEvents.NONE);
    page.position(16);
  }

  private void head(int type, int delta) {
    page.putInt(type | delta << 5);
  }

  private ByteBuffer common(int id, int thread) {
    return page.putShort((short) id).putShort((short) 0).putInt(thread);
  }

  private List<TraceEvent> read(long flags) throws IOException {
    int end = page.position();
    page.putLong(0, 1000).putLong(8, (end - 16) | flags);
    List<TraceEvent> found = new ArrayList<>();
    pages.read(page.position(0).limit(flags == 0 ? end : end + 8), 900, found);
    return found;
  }

  private void exit(int delta, int thread, long number, long result) {
    head(6, delta);
    common(442, thread).putLong(number).putLong(result);
  }

  @Test
  void everyKindOfEvent() throws IOException {
    exit(5, 77, 90, -1);
    head(30, 1);
    page.putInt(2);
    head(0, 7);
    page.putInt(4 + 64);
    common(443, 78).putLong(41).putLong(16).putLong(3).putLong(7);
    page.putLong(8).putLong(9).putLong(-10);
    head(12, 0);
    common(310, 79).position(page.position() + 36);
    page.putInt(80);
    head(6, 0);
    common(311, 80).putInt(12 | 12 << 16).put("/bin/chmod\0\0".getBytes(UTF_8));
    head(31, 3);
    page.putInt(0);
    exit(0, 81, 1, 2);
    long later = 1000 + 5 + (2L << 27) + 1 + 7;
    assertThat(read(0))
        .containsExactly(
            new CallExit(1005, 77, 90, -1),
            new CallEntry(later, 78, 41, 16, 3, 7, 8, 9, -10),
            new ThreadBirth(later, 79, 80),
            new ProgramStart(later, 80, "/bin/chmod"),
            new CallExit(3, 81, 1, 2));
  }

  private void call(String event, int id, String fields) throws IOException {
    format("syscalls/" + event, id, "\tfield:int __syscall_nr;\toffset:8;\tsize:4;\n" + fields);
    Files.writeString(events.resolve("syscalls").resolve(event).resolve("id"), id + "\n");
  }

  @Test
  void eventsOfSingleCalls() throws IOException {
    call("sys_enter_close", 700, "\tfield:unsigned int fd;\toffset:16;\tsize:8;\n");
    call("sys_exit_close", 699, "\tfield:long ret;\toffset:16;\tsize:8;\n");
    call("sys_enter_newfstat", 720, "\tfield:unsigned int fd;\toffset:16;\tsize:8;\n");
    pages = new TracePages(events, CallEvents.read(events.resolve("syscalls")));
    head(6, 0);
    common(700, 77).putInt(3).putInt(0).putLong(9);
    head(8, 0);
    common(720, 77).putInt(5).putInt(0).putLong(8).putLong(4);
    head(6, 0);
    common(699, 77).putInt(3).putInt(0).putLong(-9);
    head(6, 0);
    common(701, 77).putInt(3).putInt(0).putLong(-9);
    assertThat(read(0))
        .containsExactly(
            new NativeCall(new CallEntry(1000, 77, 3, 9), "close"),
            new NativeCall(new CallEntry(1000, 77, 5, 8, 4, 0, 0, 0, 0), "newfstat"),
            new NativeCall(new CallExit(1000, 77, 3, -9), "close"));
  }

  @Test
  void paddingEndsThePageOrIsSkipped() throws IOException {
    head(29, 4);
    page.putInt(12).putLong(0);
    exit(1, 77, 90, -1);
    head(29, 0);
    page.putInt(8).putLong(0);
    assertThat(read(0)).containsExactly(new CallExit(1005, 77, 90, -1));
  }

  @Test
  void lossesAreSaid() throws IOException {
    exit(0, 77, 90, -1);
    page.putLong(page.position(), 4711);
    assertThat(read(1L << 31 | 1L << 30))
        .containsExactly(new EventLoss(900, 1000, 4711), new CallExit(1000, 77, 90, -1));
  }

  @Test
  void aLossWhoseNumberIsNotTold() throws IOException {
    exit(0, 77, 90, -1);
    assertThat(read(1L << 31)).first().isEqualTo(new EventLoss(900, 1000, 1));
  }

  @Test
  void eventsOfOthersArePassedOver() throws IOException {
    head(2, 0);
    common(12, 77);
    exit(0, 77, 90, -1);
    assertThat(read(0)).hasSize(1);
  }

  @Test
  void aPageThatEndsTooSoon() {
    page.putLong(0, 1).putLong(8, 5000).limit(4096).position(0);
    assertThatThrownBy(() -> pages.read(page, 0, new ArrayList<>()))
        .hasMessageContaining("4096 bytes that says it has 5016");
    page.putLong(8, 4).putInt(16, 30);
    assertThatThrownBy(() -> pages.read(page, 0, new ArrayList<>()))
        .hasMessageContaining("ends within an event");
  }

  /// Its length would lead back to itself.
  @Test
  @Timeout(30)
  void anEventThatLeadsBackEndsTheReading() {
    head(0, 0);
    page.putInt(-4).putInt(0);
    assertThatThrownBy(() -> read(0)).hasMessageContaining("an event of -4 bytes");
  }
}
