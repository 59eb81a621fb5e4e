package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.NoPolicyDefault;
import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.decide.WhoCan;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Grant;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may use a profile, for people and for programs.
///
/// @param clusterDefault of containers to which nothing else gives a profile
/// @param noPolicy whether there is no policy at all
public record WhoCanReport(
    ProfileName profile, String namespace, ProfileName clusterDefault, boolean noPolicy, WhoCan who)
    implements Report {
  /// How many failed proofs the table shows before it only counts them.
  private static final int SHOWN_PROOFS = 5;

  /// Whether there is anybody. The group `system:masters` may do everything, whatever policies and
  /// bindings say, and does not count.
  public boolean somebody() {
    return who.everybody()
        || who.allowing().stream().anyMatch(allowing -> !isForMastersOnly(allowing));
  }

  private static boolean isForMastersOnly(WhoCan.Allowing allowing) {
    return allowing.grants().stream().allMatch(grant -> grant.binding() == null);
  }

  @Override
  public void table(Terminal terminal) {
    PrintStream out = terminal.out();
    if (!who.allowing().isEmpty()) {
      Table table = new Table("WHO", "POLICY", "DEFAULT", "BINDING", "ROLE");
      for (WhoCan.Allowing allowing : who.allowing()) {
        String policy = label(allowing.policy());
        String byDefault = isDefault(allowing.policy()) ? "yes" : "-";
        if (isForMastersOnly(allowing)) {
          table.row("nobody", policy, byDefault, "-", "-");
        }
        for (Grant grant : allowing.grants()) {
          if (grant.binding() != null) {
            table.row(
                grant.subject().toString(),
                policy,
                byDefault,
                grant.binding().toString(),
                String.valueOf(grant.role()));
          }
        }
      }
      table.print(terminal);
    }
    for (String line : lines()) {
      Wrap.within(Escape.line(line), terminal.limit()).forEach(out::println);
    }
  }

  private List<String> lines() {
    String what = "run pods under " + profile.text() + " in namespace " + namespace;
    List<String> lines = new ArrayList<>();
    if (who.everybody()) {
      lines.add("everybody may " + what + ": there is no policy");
    } else if (noPolicy) {
      lines.add(
          "no user may "
              + what
              + ": there is no policy, so only "
              + new NoPolicyDefault(clusterDefault).text()
              + " may be used; write a SeccompPolicy that allows it");
    } else if (who.allowing().isEmpty()) {
      lines.add("no user may " + what + ": no policy allows it");
    } else if (!somebody()) {
      lines.add(
          "only system:masters may "
              + what
              + ": bind a role with the verb \"use\" on a policy that allows it");
    }
    if (somebody() && !who.everybody()) {
      lines.add("the group system:masters may use every policy, without a binding");
    }
    if (who.allowing().stream().anyMatch(allowing -> isDefault(allowing.policy()))) {
      lines.add(
          "DEFAULT: containers that name nothing get it, from the first policy by name that may be"
              + " used and has a default");
    }
    if (isClusterDefault() && !noPolicy) {
      lines.add(
          "it is the cluster's default: containers that name nothing get it where no policy that may"
              + " be used has a default"
              + (who.allowing().isEmpty() ? ", and are refused" : ""));
    }
    for (WhoCan.Other other : who.others()) {
      if (isDefault(other.policy())) {
        lines.add(
            label(other.policy())
                + " has it as its default and does not allow it: a container that gets it so is"
                + " refused unless another policy that may be used allows it");
      }
    }
    lines.addAll(proofs());
    return lines;
  }

  /// What was proven, and what was not.
  private List<String> proofs() {
    List<String> lines = new ArrayList<>();
    for (WhoCan.Allowing allowing : who.allowing()) {
      if (allowing.proven() != null) {
        lines.add(
            label(allowing.policy())
                + " allows it by proof: it is no weaker than "
                + allowing.proven().than().text()
                + "; only for containers with allowPrivilegeEscalation: false that are not"
                + " privileged and do not have CAP_SYS_ADMIN");
      } else if (!allowing.policy().allows(profile)) {
        lines.add(label(allowing.policy()) + " allows it, as its stricterThan names it");
      }
    }
    List<String> unproven =
        who.others().stream().flatMap(other -> other.unproven().stream()).toList();
    lines.addAll(unproven.subList(0, Math.min(SHOWN_PROOFS, unproven.size())));
    if (unproven.size() > SHOWN_PROOFS) {
      lines.add("and so for " + (unproven.size() - SHOWN_PROOFS) + " more; -o json has them all");
    }
    return lines;
  }

  @Override
  public Mapping document() {
    List<Mapping> policies = new ArrayList<>();
    for (WhoCan.Allowing allowing : who.allowing()) {
      policies.add(policy(allowing));
    }
    for (WhoCan.Other other : who.others()) {
      policies.add(policy(other));
    }
    return new MappingBuilder()
        .put("profile", profile.text())
        .put("namespace", namespace)
        .put("everybody", who.everybody())
        .put("clusterDefault", isClusterDefault())
        .put("policies", policies)
        .build();
  }

  private Mapping policy(WhoCan.Allowing allowing) {
    MappingBuilder object = policy(allowing.policy(), true);
    if (allowing.proven() != null) {
      object.put("proven", proven(allowing.proven()));
    }
    return object
        .put("grants", allowing.grants().stream().map(WhoCanReport::grant).toList())
        .build();
  }

  private static Mapping proven(StrictnessEvidence proven) {
    MappingBuilder object =
        new MappingBuilder()
            .put("noWeakerThan", proven.than().text())
            .put("sha256", proven.sha256())
            .put("needsNoNewPrivileges", true);
    if (proven.baseSha256() != null) {
      object.put("baseSha256", proven.baseSha256());
    }
    return object.build();
  }

  private Mapping policy(WhoCan.Other other) {
    MappingBuilder object = policy(other.policy(), false);
    if (!other.unproven().isEmpty()) {
      object.put(
          "unproven",
          other.unproven().stream().map(why -> new Value.Text(Position.NONE, why)).toList());
    }
    return object.put("grants", List.of()).build();
  }

  private MappingBuilder policy(Policy policy, boolean allows) {
    return new MappingBuilder()
        .put("kind", policy.kind().text())
        .put("name", policy.name())
        .put("allows", allows)
        .put("default", isDefault(policy));
  }

  private static Mapping grant(Grant grant) {
    MappingBuilder object = new MappingBuilder();
    put(object, "subject", grant.subject());
    put(object, "binding", grant.binding());
    put(object, "role", grant.role());
    return object.build();
  }

  private static void put(MappingBuilder object, String key, Grant.@Nullable Named named) {
    if (named == null) {
      object.putNull(key);
      return;
    }
    MappingBuilder value = new MappingBuilder().put("kind", named.kind());
    if (named.namespace() != null) {
      value.put("namespace", named.namespace());
    }
    object.put(key, value.put("name", named.name()).build());
  }

  private boolean isClusterDefault() {
    return profile.equals(clusterDefault);
  }

  private boolean isDefault(Policy policy) {
    return profile.equals(policy.defaultProfile());
  }

  private static String label(Policy policy) {
    return policy.kind().text() + " " + policy.name();
  }
}
