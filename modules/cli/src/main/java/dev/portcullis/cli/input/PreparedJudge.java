package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.pods.decide.Explainer;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.decide.NoPolicyDefault;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.User;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What judges the pods of a command, or why there is nothing.
///
/// @param judge null where there are complaints: no user may be admitted by half a policy
/// @param namespace of objects that name none
/// @param explainer of its decisions
/// @param policies by which it judges; null where there are none
/// @param notes what the user should know about how pods are judged
public record PreparedJudge(
    @Nullable Judge judge,
    String namespace,
    Explainer explainer,
    @Nullable PolicySource policies,
    List<String> notes,
    List<Diagnostic> complaints) {
  public PreparedJudge {
    notes = List.copyOf(notes);
    complaints = List.copyOf(complaints);
  }

  /// The judge by {@link JudgeOptions#ALL}.
  ///
  /// @param in what the path `-` stands for
  public static PreparedJudge read(Arguments arguments, InputStream in)
      throws UsageException, IOException {
    Leniency leniency = JudgeOptions.leniency(arguments);
    String user = arguments.value(JudgeOptions.AS);
    List<String> groups = arguments.values(JudgeOptions.AS_GROUP);
    if (user == null && !groups.isEmpty()) {
      throw new UsageException("--as-group needs --as: a group belongs to a user");
    }
    List<String> notes = new ArrayList<>();
    if (leniency.privilegedByName()) {
      notes.add(
          "--privileged-as name: the next version judges privileged containers as unconfined, and"
              + " has no such option");
    }
    PolicySource source = PolicySource.read(arguments, in);
    if (source == null) {
      if (user != null) {
        throw new UsageException(
            "--as needs --policy or --cluster: without policies, grants do not matter");
      }
      notes.add("without --policy only the validity of pods is judged, not who may use what");
      return validityOnly(arguments, notes);
    }
    PolicySet set = source.set();
    User requester = user == null ? null : User.requesting(user, groups);
    Explainer explainer = new Explainer(set.policies(), set.rbac(), requester, leniency);
    if (!set.complaints().isEmpty()) {
      return new PreparedJudge(
          null, source.namespace(), explainer, source, notes, set.complaints());
    }
    if (set.policies().isEmpty()) {
      notes.add(
          "there is no policy in "
              + source.where()
              + ": a pod may name "
              + new NoPolicyDefault(JudgeOptions.defaultProfile(arguments)).text()
              + ", and no other profile");
    }
    notes.addAll(set.notes());
    Strictness strictness = strictness(arguments);
    PolicyScope rules;
    if (requester == null) {
      notes.add("without --as all given policies count as usable");
      rules = new PolicyScope.PoliciesForAll(Policies.of(set.policies()), strictness);
    } else {
      rules =
          new PolicyScope.PoliciesForUser(
              Policies.of(set.policies()), Grants.known(set.rbac()::mayUse), strictness, requester);
    }
    Judge judge =
        new Judge(
            rules,
            JudgeOptions.defaultProfile(arguments),
            source.namespace(),
            // What runs there already shows whether its annotations became fields.
            source.cluster() && !arguments.operands().isEmpty()
                ? Judge.Place.CLUSTER
                : Judge.Place.FILE,
            leniency);
    return new PreparedJudge(judge, source.namespace(), explainer, source, notes, List.of());
  }

  /// One that asks for no policies, and only checks whether pods are valid.
  public static PreparedJudge validityOnly(Arguments arguments) throws UsageException, IOException {
    return validityOnly(arguments, List.of());
  }

  private static PreparedJudge validityOnly(Arguments arguments, List<String> notes)
      throws UsageException, IOException {
    Leniency leniency = JudgeOptions.leniency(arguments);
    String namespace = PolicySource.namespace(arguments);
    return new PreparedJudge(
        new Judge(
            new PolicyScope.ValidityOnly(),
            JudgeOptions.defaultProfile(arguments),
            namespace,
            Judge.Place.FILE,
            leniency),
        namespace,
        new Explainer(List.of(), Rbac.NONE, null, leniency),
        null,
        notes,
        List.of());
  }

  /// What profiles are to each other, by the files below the profile root that the options name.
  public static Strictness strictness(Arguments arguments) throws UsageException {
    return new StrictnessOfFiles(new ProfileRoot(ProfileRootOptions.profileRoot(arguments)));
  }
}
