package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.object.ShellQuote;
import dev.portcullis.pods.policy.NewPolicy;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.NewGrant;
import dev.portcullis.pods.rbac.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What would help a pod that is refused for its profiles. None gives more than was refused.
public sealed interface Remedy {

  /// To name another profile, which may be used already. Needs no administrator.
  record UseAllowed(ProfileName profile) implements Remedy {
    @Override
    public String text(String program) {
      return "name " + RefusalText.shown(profile) + ", which may be used already";
    }
  }

  /// To make containers unprivileged: the profiles that they name may be used already. Needs no
  /// administrator.
  record DropPrivileged(List<String> containers) implements Remedy {
    public DropPrivileged {
      containers = List.copyOf(containers);
    }

    @Override
    public String text(String program) {
      return "remove `privileged` from "
          + (containers.size() == 1 ? "container " : "containers ")
          + containers.stream().map(GoQuote::quote).collect(Collectors.joining(", "))
          + "; the profile that is named may be used already";
    }
  }

  /// To grant a policy that is there, and allows nothing else that may not be used already.
  record GrantPolicy(NewGrant grant) implements Remedy {
    @Override
    public List<List<String>> commands() {
      return List.of(grantWords(grant));
    }
  }

  /// To make a policy that allows what was refused and nothing else, and to grant it.
  ///
  /// @param everybody the policy for all users that has to come with the first one of a cluster, as
  ///   their right to the default ends then; null where there are policies
  /// @param grant null where there is no grantee to name
  record CreatePolicy(NewPolicy policy, @Nullable NewPolicy everybody, @Nullable NewGrant grant)
      implements Remedy {
    @Override
    public List<List<String>> commands() {
      List<List<String>> commands = new ArrayList<>();
      if (everybody != null) {
        commands.add(createWords(everybody));
        commands.add(
            grantWords(
                new NewGrant(
                    Policy.Kind.SECCOMP_POLICY, everybody.name(), Subject.EVERYBODY, null)));
      }
      commands.add(createWords(policy));
      if (grant != null) {
        commands.add(grantWords(grant));
      }
      return commands;
    }
  }

  /// Command lines, without the program's name, that print the objects which an administrator would
  /// apply; none where no administrator is needed.
  default List<List<String>> commands() {
    return List.of();
  }

  /// It in words.
  ///
  /// @param program what the user types to call this program
  default String text(String program) {
    return "an administrator can run: " + shell(program);
  }

  /// The commands, as a shell takes them; empty where there are none.
  default String shell(String program) {
    return commands().stream()
        .map(words -> program + " " + ShellQuote.join(words) + " | " + kubectl(words))
        .collect(Collectors.joining(" && "));
  }

  /// A policy is created and not applied: one of that name, which was not seen here, stays as it
  /// is, and nothing is granted.
  private static String kubectl(List<String> words) {
    return words.contains("create") ? "kubectl create -f -" : "kubectl apply -f -";
  }

  private static List<String> createWords(NewPolicy policy) {
    List<String> words = new ArrayList<>(List.of("policy", "create", policy.name()));
    for (String profile : policy.allowed()) {
      words.addAll(List.of("--allow", profile));
    }
    if (policy.defaultProfile() != null) {
      words.addAll(List.of("--default", policy.defaultProfile()));
    }
    return List.copyOf(words);
  }

  private static List<String> grantWords(NewGrant grant) {
    List<String> words = new ArrayList<>(List.of("policy", "grant"));
    words.add(
        switch (grant.kind()) {
          case SECCOMP_POLICY -> grant.policy();
          case POD_SECURITY_POLICY ->
              grant.kind().text().toLowerCase(Locale.ROOT) + "/" + grant.policy();
        });
    if (grant.subjects().equals(Subject.EVERYBODY)) {
      words.addAll(List.of("--to", "everybody"));
    } else {
      grant.subjects().forEach(subject -> words.addAll(List.of("--to", subject.text())));
    }
    if (grant.namespace() != null) {
      words.addAll(List.of("-n", grant.namespace()));
    }
    return List.copyOf(words);
  }
}
