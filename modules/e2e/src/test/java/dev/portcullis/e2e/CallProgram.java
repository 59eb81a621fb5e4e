package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A program of x86_64 that makes one system call and ends with its errno, or 0 where there is none
/// below 256 to tell: too small for a C library, which would change the registers.
final class CallProgram {
  private static final long ADDRESS = 0x400000;
  private static final int HEADERS = 64 + 56;
  private static final int EXIT = 60;

  private final ByteBuffer code = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);

  private CallProgram() {}

  /// A call with registers of 64 bits, by `syscall`.
  static CallProgram of(int number, long first, long second, long third) {
    CallProgram program = new CallProgram();
    program.register(0x48, 0xB8, number);
    program.register(0x48, 0xBF, first);
    program.register(0x48, 0xBE, second);
    program.register(0x48, 0xBA, third);
    program.code.put(bytes(0x0F, 0x05));
    return program.end();
  }

  /// `socketcall(1, {domain, type, protocol})` of x86, by `int 0x80`: the kernel takes it for a
  /// call of a 32-bit program.
  static CallProgram ofSocketcall(int domain, int type, int protocol) {
    CallProgram program = new CallProgram();
    int data = 5 + 5 + 5 + 2 + END_BYTES;
    program.code.put((byte) 0xB8).putInt(102);
    program.code.put((byte) 0xBB).putInt(1);
    program.code.put((byte) 0xB9).putInt((int) ADDRESS + HEADERS + data);
    program.code.put(bytes(0xCD, 0x80));
    program.end();
    program.code.putInt(domain).putInt(type).putInt(protocol);
    return program;
  }

  private static final int END_BYTES = 2 + 2 + 5 + 2;

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private void register(int prefix, int opcode, long value) {
    code.put((byte) prefix).put((byte) opcode).putLong(value);
  }

  /// neg eax; mov edi, eax; mov eax, 60; syscall
  private CallProgram end() {
    code.put(bytes(0xF7, 0xD8, 0x89, 0xC7, 0xB8)).putInt(EXIT).put(bytes(0x0F, 0x05));
    return this;
  }

  /// Writes it as an executable file (elf(5)): one segment, and no sections.
  void write(Path file) throws IOException {
    int size = HEADERS + code.position();
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put((byte) 0x7F).put("ELF".getBytes(US_ASCII)).put(bytes(2, 1, 1, 0)).putLong(0);
    elf.putShort((short) 2).putShort((short) 62).putInt(1);
    elf.putLong(ADDRESS + HEADERS).putLong(64).putLong(0).putInt(0);
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    elf.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(5).putLong(0).putLong(ADDRESS).putLong(ADDRESS);
    elf.putLong(size).putLong(size).putLong(0x1000);
    elf.put(code.array(), 0, code.position());
    Files.write(file, elf.array());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
