package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.ManifestFormat;
import dev.portcullis.cli.options.NewPolicyArguments;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.SubjectArgument;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ManifestOutput;
import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.NewGrant;
import dev.portcullis.pods.rbac.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `portcullis policy grant`
final class PolicyGrantCommand {
  private static final Option NAMESPACE =
      PolicyOptions.NAMESPACE.meaning(
          "grant it for pods of this namespace, and take service accounts from it (default: for"
              + " pods of all namespaces)");

  static final Verb VERB =
      new Verb(
          "policy grant",
          new Help(
              "print the RBAC objects that let someone use a policy",
              List.of("NAME --to WHO... [-n NAMESPACE] [-o yaml|json]"),
              "Prints a role with the verb use on the policy, and a binding for each WHO, for "
                  + "kubectl apply -f -; needs no cluster. The same call prints the same objects. "
                  + "podsecuritypolicy/NAME grants a PodSecurityPolicy.",
              List.of(
                  new Help.Example(
                      "policy grant web --to user:alice -n shop", "a user, in one namespace"),
                  new Help.Example(
                      "policy grant web --to group:web-developers --to serviceaccount:shop/web",
                      "a group, and the pods of a Deployment"),
                  new Help.Example(
                      "policy grant everybody --to everybody",
                      "every user, and the pods of all workloads")),
              Map.of(ExitCode.OK, "printed"),
              "policy.md"),
          Grammar.of(SubjectArgument.TO, NAMESPACE, ManifestFormat.OPTION)
              .taking(Operands.of(Values.TEXT)),
          PolicyGrantCommand::run);

  private PolicyGrantCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal) throws UsageException {
    arguments.requireOperands(1, "policy grant needs one policy: policy grant NAME --to user:NAME");
    ManifestFormat format = ManifestFormat.of(arguments);
    String namespace = PolicyOptions.namespace(arguments);
    List<Subject> subjects = SubjectArgument.read(arguments, namespace);
    if (subjects.isEmpty()) {
      throw new UsageException(
          "policy grant needs --to: user:NAME, group:NAME, serviceaccount:NAMESPACE/NAME or"
              + " everybody");
    }
    String operand = arguments.operands().getFirst();
    Policy.Kind kind = Policy.Kind.SECCOMP_POLICY;
    String name = operand;
    int slash = operand.indexOf('/');
    if (slash >= 0) {
      kind = kind(operand.substring(0, slash));
      name = operand.substring(slash + 1);
    }
    NewPolicyArguments.requireName(name);
    NewGrant grant = new NewGrant(kind, name, subjects, namespace);
    ManifestOutput.print(documents(grant), format, terminal.out());
    Reporter reporter = new Reporter(terminal);
    for (Subject subject : grant.subjects()) {
      if (subject.kind() == Subject.Kind.SERVICE_ACCOUNT) {
        String own = subject.namespace();
        if (namespace != null && !namespace.equals(own)) {
          reporter.warn(
              subject.text()
                  + ": its pods run in namespace \""
                  + own
                  + "\", and this grant counts in \""
                  + namespace
                  + "\" alone; for its pods give -n "
                  + own);
          continue;
        }
        reporter.note(
            subject.text()
                + ": anyone who may create pods or workloads in namespace \""
                + own
                + "\" can name this service account, and so use the policy");
      }
    }
    return reporter.code();
  }

  private static Policy.Kind kind(String word) throws UsageException {
    List<String> words = new ArrayList<>();
    for (Policy.Kind kind : Policy.Kind.values()) {
      String singular = kind.text().toLowerCase(Locale.ROOT);
      if (word.equals(singular) || word.equals(kind.resource())) {
        return kind;
      }
      words.add(singular);
    }
    throw new UsageException(
        "\"" + word + "\" is not a kind of policy; use " + String.join(" or ", words));
  }

  private static List<YamlWriter.Document> documents(NewGrant grant) {
    List<YamlWriter.Document> documents = new ArrayList<>();
    for (KubernetesObject object : grant.objects()) {
      documents.add(new YamlWriter.Document(List.of(), object.manifest()));
    }
    return documents;
  }
}
