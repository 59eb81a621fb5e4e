package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Table;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.WhoCan;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may use a profile, for people and for programs.
///
/// @param withoutPolicies whether there is no policy at all
public record WhoCanReport(
    ProfileName profile, String namespace, boolean withoutPolicies, WhoCan who) {

  /// Whether there is anybody. The group `system:masters` may everything, whatever policies and
  /// bindings say, and does not count.
  public boolean somebody() {
    return who.everybody()
        || who.allowing().stream().anyMatch(allowing -> !isForMastersOnly(allowing));
  }

  private static boolean isForMastersOnly(WhoCan.Allowing allowing) {
    return allowing.grants().stream().allMatch(grant -> grant.binding() == null);
  }

  public void table(PrintStream out, Colour colour) {
    if (!who.allowing().isEmpty()) {
      Table table = new Table("WHO", "POLICY", "DEFAULT", "BINDING", "ROLE");
      for (WhoCan.Allowing allowing : who.allowing()) {
        String policy = label(allowing.policy());
        String byDefault = isDefault(allowing.policy()) ? "yes" : "-";
        if (isForMastersOnly(allowing)) {
          table.row("nobody", policy, byDefault, "-", "-");
        }
        for (WhoCan.Grant grant : allowing.grants()) {
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
      table.print(out, colour);
    }
    for (String line : lines()) {
      out.println(Escape.line(line));
    }
  }

  private List<String> lines() {
    String what = "run pods under " + profile.text() + " in namespace " + namespace;
    List<String> lines = new ArrayList<>();
    if (who.everybody()) {
      lines.add("everybody may " + what + ": there is no policy");
    } else if (withoutPolicies) {
      lines.add(
          "nobody may "
              + what
              + ": there is no policy, so only runtime/default may be used; write a SeccompPolicy"
              + " that allows it");
    } else if (who.allowing().isEmpty()) {
      lines.add("nobody may " + what + ": no policy allows it");
    } else if (!somebody()) {
      lines.add(
          "nobody but system:masters may "
              + what
              + ": bind a role with the verb \"use\" on a policy that allows it");
    }
    if (somebody() && !who.everybody()) {
      lines.add("the group system:masters may everything, without a binding");
    }
    if (who.allowing().stream().anyMatch(allowing -> isDefault(allowing.policy()))) {
      lines.add(
          "DEFAULT: containers that name nothing get it, from the first policy by name that may be"
              + " used and has a default");
    }
    for (Policy policy : who.onlyDefault()) {
      lines.add(
          label(policy)
              + " has it as its default and does not allow it: a container that gets it so is"
              + " refused unless another policy that may be used allows it");
    }
    return lines;
  }

  public String json() {
    List<Mapping> policies = new ArrayList<>();
    for (WhoCan.Allowing allowing : who.allowing()) {
      policies.add(policy(allowing.policy(), true, allowing.grants()));
    }
    for (Policy policy : who.onlyDefault()) {
      policies.add(policy(policy, false, List.of()));
    }
    return JsonWriter.pretty(
        new MappingBuilder()
            .put("profile", profile.text())
            .put("namespace", namespace)
            .put("everybody", who.everybody())
            .put("policies", policies)
            .build());
  }

  private Mapping policy(Policy policy, boolean allows, List<WhoCan.Grant> grants) {
    return new MappingBuilder()
        .put("kind", policy.kind().text())
        .put("name", policy.name())
        .put("allows", allows)
        .put("default", isDefault(policy))
        .put("grants", grants.stream().map(WhoCanReport::grant).toList())
        .build();
  }

  private static Mapping grant(WhoCan.Grant grant) {
    MappingBuilder object = new MappingBuilder();
    put(object, "subject", grant.subject());
    put(object, "binding", grant.binding());
    put(object, "role", grant.role());
    return object.build();
  }

  private static void put(MappingBuilder object, String key, WhoCan.@Nullable Named named) {
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

  private boolean isDefault(Policy policy) {
    return profile.equals(policy.defaultProfile());
  }

  private static String label(Policy policy) {
    return policy.kind().text() + " " + policy.name();
  }
}
