package dev.portcullis.compilation;

import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.compile.Ruleset;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.compile.RulesetCompiler.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// What goes between the two processes: rulesets there, answers back. Each frame has its length
/// before it, in four bytes, highest first. Neither side believes what it reads.
final class Frames {
  /// More than 10,000 rules of six conditions need.
  static final int LONGEST_REQUEST = 4 << 20;

  /// A program and a little; or a reason in words.
  static final int LONGEST_ANSWER = 64 << 10;

  private static final int LONGEST_REASON = 500;
  private static final int MOST_CONDITIONS = 64;

  private static final int MADE = 1;
  private static final int NO_PROGRAM = 2;
  private static final int REFUSED = 3;
  private static final int UNDECIDED = 4;

  private Frames() {}

  static byte[] ofRuleset(Ruleset ruleset) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(ruleset.defaultAction());
    out.writeInt(ruleset.architectures().size());
    for (int token : ruleset.architectures()) {
      out.writeInt(token);
    }
    out.writeBoolean(ruleset.tree());
    out.writeInt(ruleset.entries().size());
    for (Ruleset.Entry entry : ruleset.entries()) {
      out.writeInt(entry.action());
      out.writeInt(entry.number());
      out.writeInt(entry.conditions().size());
      for (Ruleset.Condition condition : entry.conditions()) {
        out.writeInt(condition.argument());
        out.writeInt(condition.operator());
        out.writeLong(condition.first());
        out.writeLong(condition.second());
      }
      if (bytes.size() > LONGEST_REQUEST) {
        break;
      }
    }
    return bytes.toByteArray();
  }

  /// @throws IOException where it is none
  static Ruleset ruleset(byte[] frame) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame));
    int defaultAction = in.readInt();
    List<Integer> architectures = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      architectures.add(in.readInt());
    }
    boolean tree = in.readBoolean();
    List<Ruleset.Entry> entries = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int action = in.readInt();
      int number = in.readInt();
      int size = in.readInt();
      if (size > MOST_CONDITIONS) {
        throw new IOException("a rule of " + size + " conditions");
      }
      List<Ruleset.Condition> conditions = new ArrayList<>();
      for (; size > 0; size--) {
        conditions.add(
            new Ruleset.Condition(in.readInt(), in.readInt(), in.readLong(), in.readLong()));
      }
      entries.add(new Ruleset.Entry(action, number, conditions));
    }
    requireEnd(in);
    return new Ruleset(defaultAction, architectures, tree, entries);
  }

  static byte[] ofAnswer(Answer answer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    switch (answer) {
      case RulesetCompiler.Made(ProgramCheck.Accepted(Program program)) -> {
        out.writeByte(MADE);
        out.write(program.encode(ByteOrder.nativeOrder()));
      }
      case RulesetCompiler.Made(ProgramCheck.Refused(int at, String reason)) -> {
        out.writeByte(NO_PROGRAM);
        out.writeInt(at);
        out.writeUTF(shortened(reason));
      }
      case RulesetCompiler.Refused(int entry, String reason) -> {
        out.writeByte(REFUSED);
        out.writeInt(entry);
        out.writeUTF(shortened(reason));
      }
      case RulesetCompiler.Undecided(String reason) -> {
        out.writeByte(UNDECIDED);
        out.writeUTF(shortened(reason));
      }
    }
    return bytes.toByteArray();
  }

  /// @param entries how many the ruleset has
  /// @throws IOException where it is none
  static Answer answer(byte[] frame, int entries) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame));
    int kind = in.readByte();
    Answer answer =
        switch (kind) {
          case MADE -> made(in.readAllBytes());
          case NO_PROGRAM ->
              new RulesetCompiler.Made(new ProgramCheck.Refused(in.readInt(), in.readUTF()));
          case REFUSED -> new RulesetCompiler.Refused(index(in.readInt(), entries), in.readUTF());
          case UNDECIDED -> new RulesetCompiler.Undecided(in.readUTF());
          default -> throw new IOException("an answer of kind " + kind);
        };
    requireEnd(in);
    return answer;
  }

  /// What libseccomp made passed the same check there: a program that does not pass it here was not
  /// sent by us.
  private static Answer made(byte[] program) throws IOException {
    return switch (Program.decode(program, ByteOrder.nativeOrder())) {
      case ProgramCheck.Refused refused -> throw new IOException("no program: " + refused);
      case ProgramCheck.Accepted accepted -> new RulesetCompiler.Made(accepted);
    };
  }

  private static int index(int entry, int entries) throws IOException {
    if (entry >= entries) {
      throw new IOException("entry " + entry + " of " + entries);
    }
    return entry;
  }

  private static void requireEnd(DataInputStream in) throws IOException {
    if (in.read() >= 0) {
      throw new IOException("more than there should be");
    }
  }

  private static String shortened(String reason) {
    return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
  }
}
