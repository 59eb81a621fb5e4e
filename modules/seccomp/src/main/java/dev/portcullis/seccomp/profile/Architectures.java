package dev.portcullis.seccomp.profile;

import java.util.List;

/// For which architectures a profile is, in one of the two ways to say it.
public sealed interface Architectures {

  /// The field `architectures`; empty means the machine's own only. libseccomp adds the machine's
  /// own in any case.
  record Listed(List<Architecture> list) implements Architectures {
    public Listed {
      list = List.copyOf(list);
    }
  }

  /// Docker's field `archMap`: the entry of the machine's architecture counts.
  record Mapped(List<Entry> entries) implements Architectures {
    public Mapped {
      entries = List.copyOf(entries);
    }
  }

  /// One entry of `archMap`.
  record Entry(Architecture architecture, List<Architecture> subArchitectures) {
    public Entry {
      subArchitectures = List.copyOf(subArchitectures);
    }
  }
}
