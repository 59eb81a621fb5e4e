package dev.portcullis.cli.input;

import dev.portcullis.cli.input.ManifestFiles.SourcedObject;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.CommonOptions;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Rules;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyReader;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.RbacReader;
import dev.portcullis.pods.rbac.User;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The options by which pods are judged, made into a judge.
public final class JudgeOptions {
  /// All of them, for the grammar of a verb.
  public static final List<Option> OPTIONS =
      List.of(
          CommonOptions.POLICY,
          CommonOptions.AS,
          CommonOptions.AS_GROUP,
          CommonOptions.NAMESPACE,
          CommonOptions.DEFAULT_PROFILE);

  private static final String DEFAULT_NAMESPACE = "default";

  private JudgeOptions() {}

  /// A judge, or why there is none.
  ///
  /// @param judge null where there are complaints: nobody may be admitted by half a policy
  /// @param notes what the user should know about how pods are judged
  public record Made(
      @Nullable Judge judge, String namespace, List<String> notes, List<Complaint> complaints) {
    public Made {
      notes = List.copyOf(notes);
      complaints = List.copyOf(complaints);
    }
  }

  public static Made read(Arguments arguments, InputStream in) throws UsageException {
    String namespace = arguments.value(CommonOptions.NAMESPACE, DEFAULT_NAMESPACE);
    ProfileName clusterDefault = defaultProfile(arguments);
    List<String> paths = arguments.values(CommonOptions.POLICY);
    String user = arguments.value(CommonOptions.AS);
    List<String> groups = arguments.values(CommonOptions.AS_GROUP);
    if (user == null && !groups.isEmpty()) {
      throw new UsageException("--as-group needs --as: a group belongs to a user");
    }
    List<String> notes = new ArrayList<>();
    if (paths.isEmpty()) {
      if (user != null) {
        throw new UsageException("--as needs --policy: without policies nobody's grants matter");
      }
      notes.add("without --policy only the validity of pods is judged, not who may use what");
      return new Made(
          new Judge(new Rules.ValidityOnly(), clusterDefault, namespace),
          namespace,
          notes,
          List.of());
    }
    ManifestFiles.Read read = ManifestFiles.read(paths, in);
    PolicySet set = PolicySet.of(read.objects(), namespace);
    List<Complaint> complaints = new ArrayList<>(read.complaints());
    complaints.addAll(set.complaints());
    if (!complaints.isEmpty()) {
      return new Made(null, namespace, notes, complaints);
    }
    if (set.policies().isEmpty()) {
      notes.add(
          "there is no policy in "
              + String.join(", ", paths)
              + ": a pod may name runtime/default, and nothing else");
    }
    notes.addAll(set.notes());
    Rules rules;
    if (user == null) {
      notes.add("without --as all given policies count as usable");
      rules = new Rules.PoliciesForAll(set.policies());
    } else {
      rules =
          new Rules.PoliciesForUser(
              set.policies(),
              Grants.known((asker, policy, where) -> mayUse(set.rbac(), asker, policy, where)),
              User.requesting(user, groups));
    }
    return new Made(new Judge(rules, clusterDefault, namespace), namespace, notes, List.of());
  }

  private static boolean mayUse(Rbac rbac, User user, Policy policy, String namespace) {
    for (String group : policy.kind().groups()) {
      if (rbac.allows(
          user,
          "use",
          new Rbac.Resource(group, policy.kind().resource(), policy.name()),
          namespace)) {
        return true;
      }
    }
    return false;
  }

  private static ProfileName defaultProfile(Arguments arguments) throws UsageException {
    String text = arguments.value(CommonOptions.DEFAULT_PROFILE);
    return switch (text == null
        ? new ProfileText.Named(ProfileName.RUNTIME_DEFAULT)
        : ProfileText.read(text)) {
      case ProfileText.Named(ProfileName name) -> name;
      case ProfileText.Unusable(List<ProfileText.Problem> problems) ->
          throw new UsageException(
              "--default-profile: \""
                  + text
                  + "\" "
                  + problems.getFirst().detail()
                  + "; use runtime/default, unconfined or localhost/<path>");
    };
  }

  /// The policies and RBAC objects of files.
  private record PolicySet(
      List<Policy> policies, Rbac rbac, List<String> notes, List<Complaint> complaints) {

    static PolicySet of(List<SourcedObject> objects, String namespace) {
      Map<String, String> seen = new HashMap<>();
      List<Policy> policies = new ArrayList<>();
      List<String> notes = new ArrayList<>();
      List<Complaint> complaints = new ArrayList<>();
      RbacReader rbac = new RbacReader(namespace);
      for (SourcedObject sourced : objects) {
        KubernetesObject object = sourced.object();
        switch (PolicyReader.read(object)) {
          case PolicyReader.Usable(Policy policy) -> {
            String key = policy.kind().text() + " \"" + policy.name() + "\"";
            String place = Complaint.place(sourced.file(), object.at());
            String first = seen.put(key, place);
            if (first != null) {
              complaints.add(
                  Complaint.malformed(
                      sourced.file(),
                      object.at(),
                      key + " stands twice; first at " + first + ". Remove one of them"));
            }
            policies.add(policy);
          }
          case PolicyReader.Broken(List<FieldError> errors, _) ->
              complain(sourced, errors, complaints);
          case PolicyReader.Silent _ ->
              notes.add(
                  Complaint.place(sourced.file(), object.at())
                      + ": "
                      + object.label()
                      + " says nothing about seccomp and is passed over");
          case PolicyReader.NoPolicy _ -> {
            if (RbacReader.isRbac(object)) {
              complain(sourced, rbac.add(object), complaints);
            }
          }
        }
      }
      Rbac all = rbac.rbac();
      notes.addAll(all.dangling());
      return new PolicySet(policies, all, notes, complaints);
    }

    private static void complain(
        SourcedObject sourced, List<FieldError> errors, List<Complaint> complaints) {
      for (FieldError error : errors) {
        complaints.add(
            Complaint.malformed(
                sourced.file(),
                error.at(),
                sourced.object().label() + ": " + error.field() + ": " + error.message()));
      }
    }
  }
}
