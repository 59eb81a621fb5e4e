package dev.portcullis.e2e;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// A profile that can be changed a little, rule by rule; each call is named by one rule at most, so
/// that the order of rules does not matter.
final class WrittenProfile {
  private static final List<String> THREE =
      List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");

  /// What stands behind `names` in a rule, by the call.
  final Map<String, String> rules = new TreeMap<>();

  List<String> architectures = THREE;
  String defaultAction;

  /// More fields, each with a comma behind it.
  String more = "";

  WrittenProfile(String defaultAction) {
    this.defaultAction = defaultAction;
  }

  WrittenProfile copy() {
    WrittenProfile copy = new WrittenProfile(defaultAction);
    copy.rules.putAll(rules);
    copy.architectures = architectures;
    copy.more = more;
    return copy;
  }

  static String errno(int errno) {
    return "\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":" + errno;
  }

  static String action(String action) {
    return "\"action\":\"SCMP_ACT_" + action + "\"";
  }

  /// With a condition on an argument.
  static String where(String rule, int argument, String operator, long value) {
    return rule
        + ",\"args\":[{\"index\":%d,\"op\":\"SCMP_CMP_%s\",\"value\":%d}]"
            .formatted(argument, operator, value);
  }

  /// JSON, in which rules that say the same are one.
  String json() {
    Map<String, TreeSet<String>> names = new LinkedHashMap<>();
    rules.forEach((name, rule) -> names.computeIfAbsent(rule, _ -> new TreeSet<>()).add(name));
    List<String> written = new ArrayList<>();
    names.forEach((rule, of) ->
        written.add("{\"names\":[\"" + String.join("\",\"", of) + "\"]," + rule + "}"));
    return "{\"defaultAction\":\"SCMP_ACT_"
        + defaultAction
        + "\",\"architectures\":[\""
        + String.join("\",\"", architectures)
        + "\"],"
        + more
        + "\"syscalls\":["
        + String.join(",\n", written)
        + "]}";
  }
}
