package dev.portcullis.pods.decide;

import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Rights;

/// Of which containers a proof about their profile can be true: of those that a filter can take
/// rights from, and give none. See {@link Rights}.
final class Provable {
  /// Why it must be so, for people.
  static final String BECAUSE =
      "without no_new_privs, a runtime loads the filter before it drops capabilities and changes"
          + " the user, so the author of the profile could keep them";

  private Provable() {}

  /// Why nothing can be proven for a container, and what to do; empty where it can.
  static String problem(Container container) {
    Rights rights = container.rights();
    return rights.noNewPrivileges()
        ? ""
        : "no proof is possible for the profile of container "
            + GoQuote.quote(container.name())
            + ": "
            + lacking(container)
            + " ("
            + BECAUSE
            + ")";
  }

  /// By which fields a container is not under no_new_privs, and what to do.
  static String lacking(Container container) {
    Rights rights = container.rights();
    String context = container.path() + ".securityContext.";
    String sysAdmin = rights.sysAdmin();
    String what;
    if (rights.privileged()) {
      what = context + "privileged is true; remove it";
    } else if (sysAdmin != null) {
      what =
          context
              + "capabilities.add has "
              + GoQuote.quote(sysAdmin)
              + ", which includes CAP_SYS_ADMIN; remove it";
    } else {
      what = "";
    }
    String field =
        rights.allowPrivilegeEscalation() ? context + "allowPrivilegeEscalation is not false" : "";
    return what
        + (what.isEmpty() || field.isEmpty() ? "" : ", and ")
        + (field.isEmpty() ? "" : field + "; set it to false");
  }
}
