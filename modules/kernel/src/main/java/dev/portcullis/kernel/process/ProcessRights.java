package dev.portcullis.kernel.process;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a process may do, in the kernel's words (proc(5), `status`).
///
/// @param uid its real user, as this machine numbers users
/// @param gid its real group
/// @param capabilities all that it has or can have: the bounding, permitted, effective, inheritable
///   and ambient sets together, in names as `CAP_CHOWN`
/// @param noNewPrivileges whether no program may give it more (prctl(2), `PR_SET_NO_NEW_PRIVS`)
/// @param inOurUserNamespace whether its capabilities are over this machine
public record ProcessRights(
    long uid,
    long gid,
    Set<String> capabilities,
    boolean noNewPrivileges,
    boolean inOurUserNamespace) {
  private static final String[] SETS = {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"};

  public ProcessRights {
    capabilities = Set.copyOf(capabilities);
  }

  /// Reads the text of /proc/PID/status; null where a line is missing, as on a kernel before 4.10.
  static @Nullable ProcessRights parse(String status, boolean inOurUserNamespace) {
    String uids = SeccompState.field(status, "Uid");
    String gids = SeccompState.field(status, "Gid");
    String noNewPrivileges = SeccompState.field(status, "NoNewPrivs");
    if (uids == null || gids == null || noNewPrivileges == null) {
      return null;
    }
    Set<String> capabilities = new TreeSet<>();
    for (String set : SETS) {
      String bits = SeccompState.field(status, set);
      if (bits == null) {
        return null;
      }
      capabilities.addAll(CapabilityNumbers.names(bits));
    }
    return new ProcessRights(
        first(uids), first(gids), capabilities, noNewPrivileges.equals("1"), inOurUserNamespace);
  }

  /// The real one, of four.
  private static long first(String ids) {
    return Long.parseLong(ids.split("\\s+", 2)[0]);
  }
}
