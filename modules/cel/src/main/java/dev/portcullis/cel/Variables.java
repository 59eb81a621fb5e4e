package dev.portcullis.cel;

import java.util.ArrayList;
import java.util.List;

/// The variables of an admission policy, in their order: each may use those before it. An API
/// server computes one when it is first asked for, and once.
final class Variables {
  private final List<NamedExpression> all = new ArrayList<>();

  Variables add(String name, String expression) {
    all.add(new NamedExpression(name, expression));
    return this;
  }

  List<NamedExpression> all() {
    return List.copyOf(all);
  }

  /// How an expression names one.
  static String of(String name) {
    return "variables." + name;
  }

  static String of(String name, int number) {
    return "variables." + name + number;
  }
}
