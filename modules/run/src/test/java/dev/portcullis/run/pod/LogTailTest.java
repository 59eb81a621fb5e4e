package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
  private static final String TIME = "2026-11-24T04:05:06.789012345Z ";

  @TempDir Path temporary;
  private final List<String> lines = new ArrayList<>();
  private Path file;
  private LogTail tail;

  @BeforeEach
  void makeTail() {
    file = temporary.resolve("0.log");
    tail = new LogTail(file, lines::add);
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void noFileYet() throws IOException {
    assertThat(tail.read()).isFalse();
    tail.finish();
    assertThat(lines).isEmpty();
  }

  @Test
  void linesAreTakenOnceAndWhole() throws IOException {
    write(TIME + "stdout F one\n" + TIME + "stderr F tw");
    tail.read();
    assertThat(lines).containsExactly("one");
    write("o  \n" + TIME + "stdout F \n");
    tail.read();
    tail.read();
    assertThat(lines).containsExactly("one", "two  ", "");
  }

  @Test
  void partsAreJoined() throws IOException {
    write(TIME + "stdout P a\n" + TIME + "stdout P b\n" + TIME + "stdout F c\n");
    write(TIME + "stdout P no end of line");
    tail.read();
    assertThat(lines).containsExactly("abc");
    tail.finish();
    assertThat(lines).containsExactly("abc", "no end of line");
  }

  @Test
  void whatARuntimeThatDiedLeftIsPassedOn() throws IOException {
    write(TIME + "stdout F last output");
    tail.finish();
    assertThat(lines).containsExactly("last output");
  }

  @Test
  void garbageIsPassedOver() throws IOException {
    write("\n \nfoo\n" + TIME + "\n" + TIME + "stdout\n" + TIME + "stdout F\n\0\0\n");
    Files.write(file, new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);
    write(TIME + "stdout F good\n");
    tail.finish();
    assertThat(lines).containsExactly("good");
  }

  @Test
  void aLineWithoutEndIsPassedOnInPieces() throws IOException {
    String part = TIME + "stdout P " + "x".repeat(16_000) + "\n";
    for (int i = 0; i < 100; i++) {
      write(part);
    }
    tail.finish();
    assertThat(lines)
        .hasSizeGreaterThan(10)
        .allSatisfy(line -> assertThat(line.length()).isLessThan(100_000));
    assertThat(lines.stream().mapToInt(String::length).sum()).isEqualTo(1_600_000);
  }

  @Test
  void anEntryWithoutEndIsBounded() throws IOException {
    write(TIME + "stdout F " + "x".repeat(3_000_000));
    assertThat(tail.read()).isTrue();
    tail.finish();
    assertThat(lines)
        .singleElement()
        .satisfies(line -> assertThat(line.length()).isLessThan(65_537));
  }
}
