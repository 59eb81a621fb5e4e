package dev.portcullis.cli.options;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.ObjectNames;
import dev.portcullis.pods.policy.NewPolicy;
import java.util.List;

/// A policy, on the command line.
public final class NewPolicyArguments {
  public static final Option ALLOW =
      Option.values(
              "allow",
              "PROFILE",
              "a profile that may be used, localhost/DIRECTORY/*, or * for all; may be repeated")
          .taking(ProfileNameArgument.VALUES);

  private static final Option STRICTER_THAN =
      Option.values(
              "stricter-than",
              "PROFILE",
              "allow every profile that is proven to be no weaker than this one; may be repeated")
          .taking(ProfileNameArgument.VALUES);

  private static final Option DEFAULT =
      Option.value(
              "default",
              "PROFILE",
              "the profile of containers that name none (default: none, as the cluster has it)")
          .taking(ProfileNameArgument.VALUES);

  /// For the grammar of a verb.
  public static final List<Option> ALL = List.of(ALLOW, STRICTER_THAN, DEFAULT);

  private NewPolicyArguments() {}

  /// The policy that they describe; one that can be applied.
  public static NewPolicy read(Arguments arguments) throws UsageException {
    String name = arguments.operands().getFirst();
    requireName(name);
    NewPolicy policy =
        new NewPolicy(
            name,
            arguments.values(ALLOW),
            arguments.values(STRICTER_THAN),
            arguments.value(DEFAULT));
    if (policy.allowed().isEmpty()
        && policy.stricterThan().isEmpty()
        && policy.defaultProfile() == null) {
      throw new UsageException(
          "policy create needs --allow, --stricter-than or --default: a policy without them allows"
              + " nothing");
    }
    List<FieldError> errors = policy.errors();
    if (!errors.isEmpty()) {
      throw new UsageException(text(errors.getFirst()));
    }
    return policy;
  }

  /// For a policy that is there, or will be.
  public static void requireName(String name) throws UsageException {
    if (!ObjectNames.isSubdomain(name)) {
      throw new UsageException(
          "the name of the policy, \"" + name + "\", " + ObjectNames.SUBDOMAIN);
    }
  }

  /// The option, instead of the field that it becomes.
  private static String text(FieldError error) {
    Option option =
        error.field().startsWith("spec.allowedProfiles")
            ? ALLOW
            : error.field().startsWith("spec.stricterThan") ? STRICTER_THAN : DEFAULT;
    return option.text() + ": " + error.message();
  }
}
