package dev.portcullis.seccomp.heal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads denials: the JSON of `portcullis denials`, or text with the kernel's records of seccomp.
public final class DenialReader {
  /// The version of the document.
  public static final String VERSION = "portcullis.dev/v1alpha1";

  /// Of a file. An hour of the kernel's log has room.
  public static final Limits LIMITS = new Limits(8 * 1024 * 1024, 20, 2_000_000);

  /// Of records and of kinds of calls, of all files together: more is for no person to judge.
  public static final int MOST = 100_000;

  /// What a document says it does not list.
  private static final List<String> MISSING = List.of("lost", "undecided", "omitted");

  /// What the controllers of Kubernetes put behind the name of a workload: `-6d4cf56db6-xk2zp`,
  /// `-xk2zp`, `-28394820-xk2zp` or `-0`. The letters are those of its random names.
  private static final Pattern GENERATED =
      Pattern.compile(
          "(?:(?:-[bcdfghjklmnpqrstvwxz2456789]{6,10}|-[0-9]+)?-[bcdfghjklmnpqrstvwxz2456789]{5}"
              + "|-[0-9]+)$");

  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,63}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,15}");
  private static final Pattern ARGUMENT = Pattern.compile("0x[0-9a-fA-F]{1,16}|[0-9]{1,18}");

  private DenialReader() {}

  private static final class DenialFieldException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Position at;

    DenialFieldException(Position at, String message) {
      super(message, null, false, false);
      this.at = at;
    }

    DenialParseResult result() {
      return new DenialParseResult.Rejected(at, "" + getMessage());
    }
  }

  /// Reads the content of a file.
  public static DenialParseResult read(byte[] content) {
    String text = new String(content, UTF_8);
    try {
      return text.stripLeading().startsWith("{") ? json(content) : lines(text);
    } catch (DenialFieldException wrong) {
      return wrong.result();
    }
  }

  /// Understands a document that was read.
  public static DenialParseResult of(Mapping document) {
    try {
      return document(document);
    } catch (DenialFieldException wrong) {
      return wrong.result();
    }
  }

  private static DenialParseResult lines(String text) throws DenialFieldException {
    List<DenialRecord> denials = new ArrayList<>();
    long lost = 0;
    int number = 0;
    boolean found = false;
    for (String line : text.split("\n", -1)) {
      number++;
      if (line.contains("kauditd_printk_skb:") || line.contains("audit_lost=")) {
        lost++;
      }
      if (!AuditLine.isOne(line)) {
        continue;
      }
      found = true;
      Optional<DenialRecord> denial = AuditLine.read(line);
      if (denial.isPresent()) {
        requireCall(denial.get().call(), new Position(number, 1));
        denials.add(denial.get());
      }
      lost += denial.isPresent() ? 0 : 1;
      if (denials.size() > MOST) {
        throw new DenialFieldException(
            new Position(number, 1), "more than " + MOST + " records; give a part of them");
      }
    }
    if (!found) {
      throw new DenialFieldException(
          Position.NONE,
          "no denials: neither JSON of portcullis denials nor a line with type=1326, as"
              + " journalctl -k and dmesg have them");
    }
    return new DenialParseResult.Read(denials, lost);
  }

  private static DenialParseResult json(byte[] content) throws DenialFieldException {
    List<Value> values;
    switch (Documents.readJson(content, LIMITS)) {
      case ParseResult.Malformed(Position at, String message) -> {
        return new DenialParseResult.Rejected(at, message);
      }
      case ParseResult.Documents(List<Value> read) -> values = read;
    }
    return document(values.getFirst());
  }

  private static DenialParseResult document(Value value) throws DenialFieldException {
    if (!(value instanceof Mapping object)
        || !(object.present("denials") instanceof Sequence(Position at, List<Value> items))) {
      throw new DenialFieldException(
          value.at(), "no denials: portcullis denials -o json writes a list of them");
    }
    if (!VERSION.equals(text(object, "apiVersion"))) {
      throw new DenialFieldException(
          object.at("apiVersion"), "not known here: `apiVersion` is " + VERSION);
    }
    if (items.size() > MOST) {
      throw new DenialFieldException(at, "more than " + MOST + " denials");
    }
    List<DenialRecord> denials = new ArrayList<>();
    for (Value item : items) {
      if (!(item instanceof Mapping denial)) {
        throw new DenialFieldException(item.at(), "`denials` is a list of objects");
      }
      denials.add(denial(denial));
    }
    long missing = 0;
    for (String key : MISSING) {
      missing += object.present(key) == null ? 0 : whole(object, key);
    }
    missing +=
        object.present("remarks") instanceof Sequence(_, List<Value> remarks) ? remarks.size() : 0;
    return new DenialParseResult.Read(denials, missing);
  }

  private static DenialRecord denial(Mapping denial) throws DenialFieldException {
    String word = text(denial, "architecture");
    Architecture architecture =
        Arrays.stream(Architecture.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
            .findFirst()
            .orElseThrow(() ->
                new DenialFieldException(denial.at("architecture"), "no architecture: " + word));
    String call = text(denial, "syscall");
    requireCall(call, denial.at("syscall"));
    if (!(denial.present("result") instanceof Mapping result)) {
      throw new DenialFieldException(denial.at("result"), "needs an object `result`");
    }
    Kind kind = kind(result);
    return new DenialRecord(
        architecture,
        call,
        kind,
        kind == Kind.ERRNO ? errno(result) : -1,
        arguments(denial),
        whole(denial, "count"),
        where(denial.present("container")),
        workload(denial.present("container")));
  }

  /// Numbers of calls have 32 bits.
  private static void requireCall(String call, Position at) throws DenialFieldException {
    boolean number = NUMBER.matcher(call).matches();
    if (number ? Long.parseLong(call) > 0xffffffffL : !NAME.matcher(call).matches()) {
      throw new DenialFieldException(
          at,
          "no system call: `syscall` is a name, or a number up to 4294967295, and not "
              + (DIGITS.matcher(call).matches() ? call : "this text"));
    }
  }

  private static Kind kind(Mapping result) throws DenialFieldException {
    return switch (text(result, "action")) {
      case "errno" -> Kind.ERRNO;
      case "trap" -> Kind.TRAP;
      case "trace" -> Kind.TRACE;
      case "notify" -> Kind.USER_NOTIF;
      case "kill_thread" -> Kind.KILL_THREAD;
      case "kill_process" -> Kind.KILL_PROCESS;
      case "log" -> Kind.LOG;
      default -> throw new DenialFieldException(result.at("action"), "no action of a filter");
    };
  }

  private static int errno(Mapping result) throws DenialFieldException {
    if (result.present("errno") == null) {
      return -1;
    }
    String word = text(result, "errno");
    Optional<Integer> named = Errno.number(word);
    if (named.isPresent()) {
      return named.get();
    }
    if (NUMBER.matcher(word).matches() && Long.parseLong(word) <= 4095) {
      return Integer.parseInt(word);
    }
    throw new DenialFieldException(result.at("errno"), "no errno");
  }

  private static List<Long> arguments(Mapping denial) throws DenialFieldException {
    if (denial.present("arguments") == null) {
      return List.of();
    }
    if (!(denial.present("arguments") instanceof Sequence(Position at, List<Value> items))
        || items.size() > 6) {
      throw new DenialFieldException(denial.at("arguments"), "needs a list of at most six strings");
    }
    List<Long> arguments = new ArrayList<>();
    for (Value item : items) {
      if (!(item instanceof Value.Text(_, String text)) || !ARGUMENT.matcher(text).matches()) {
        throw new DenialFieldException(at, "an argument is digits, or 0x and hexadecimal digits");
      }
      arguments.add(
          text.startsWith("0x")
              ? Long.parseUnsignedLong(text.substring(2), 16)
              : Long.parseUnsignedLong(text));
    }
    return arguments;
  }

  private static String where(@Nullable Value container) throws DenialFieldException {
    if (!(container instanceof Mapping object)) {
      return "?";
    }
    if (object.present("pod") != null) {
      return text(object, "namespace") + "/" + text(object, "pod") + " " + text(object, "name");
    }
    if (object.present("others") != null) {
      return "other processes";
    }
    return text(object, "command") + " (pid " + whole(object, "pid") + ")";
  }

  private static String workload(@Nullable Value container) throws DenialFieldException {
    return container instanceof Mapping object && object.present("pod") != null
        ? text(object, "namespace")
            + "/"
            + GENERATED.matcher(text(object, "pod")).replaceFirst("")
            + " "
            + text(object, "name")
        : "";
  }

  private static String text(Mapping object, String key) throws DenialFieldException {
    if (object.present(key) instanceof Value.Text(_, String text) && text.length() <= 1000) {
      return text;
    }
    throw new DenialFieldException(object.at(key), "needs a string `" + key + "`");
  }

  private static long whole(Mapping object, String key) throws DenialFieldException {
    if (object.present(key) instanceof Value.Numeral(_, String literal)
        && WHOLE.matcher(literal).matches()) {
      return Long.parseLong(literal);
    }
    throw new DenialFieldException(object.at(key), "needs a whole number `" + key + "`");
  }
}
