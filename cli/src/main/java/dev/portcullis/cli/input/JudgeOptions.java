package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.CommonOptions;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Rules;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.rbac.User;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
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
    PolicySet set = PolicySet.ofFiles(paths, namespace, in);
    if (!set.complaints().isEmpty()) {
      return new Made(null, namespace, notes, set.complaints());
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
              set.policies(), Grants.known(set.rbac()::mayUse), User.requesting(user, groups));
    }
    return new Made(new Judge(rules, clusterDefault, namespace), namespace, notes, List.of());
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
}
