package dev.portcullis.seccomp.compare;

/// What one filter is to another, by what they do with each call.
public enum Relation {
  /// The same with every call; an errno may differ.
  EQUAL,
  /// Nowhere less severe, and somewhere more.
  STRICTER,
  /// Nowhere more severe, and somewhere less.
  WEAKER,
  /// Here more severe and there less, or otherwise where more and less mean nothing ({@link
  /// Direction#isIncomparable}).
  INCOMPARABLE;

  static Relation of(boolean anyStricter, boolean anyWeaker, boolean anyIncomparable) {
    if (anyIncomparable) {
      return INCOMPARABLE;
    }
    if (anyStricter) {
      return anyWeaker ? INCOMPARABLE : STRICTER;
    }
    return anyWeaker ? WEAKER : EQUAL;
  }

  /// Whether it allows nothing that the other does not allow, and does not fake a result.
  public boolean isNoWeaker() {
    return switch (this) {
      case EQUAL, STRICTER -> true;
      case WEAKER, INCOMPARABLE -> false;
    };
  }
}
