package dev.portcullis.cli.options;

import dev.portcullis.cel.NamespaceMode;
import dev.portcullis.cel.PolicyTarget;
import dev.portcullis.pods.object.ObjectNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The cluster that policies are compiled for.
public final class PolicyTargetOptions {
  public static final Option KUBERNETES =
      Option.value(
              "kubernetes",
              "VERSION",
              "version of the API servers, from 1."
                  + PolicyTarget.OLDEST
                  + "; before 1."
                  + PolicyTarget.WITH_MUTATION
                  + " grants alone can be compiled")
          .usually("1." + PolicyTarget.WITH_MUTATION)
          .taking(Values.TEXT.or(PolicyTargetOptions::versions));

  private static final Choice<NamespaceMode> MODE =
      Choice.of(
              "mode",
              "what to do in namespaces without the label portcullis.dev/mode",
              List.of(NamespaceMode.values()),
              NamespaceMode::text)
          .usually("enforce");

  public static final Option EXEMPT_NAMESPACE =
      Option.values(
          "exempt-namespace",
          "NS",
          "leave a namespace alone; kube-system and portcullis always are; may be repeated");

  public static final Option EXEMPT_USER =
      Option.values("exempt-user", "USER", "leave the requests of a user alone; may be repeated");

  public static final Option EXEMPT_RUNTIME_CLASS =
      Option.values(
          "exempt-runtime-class", "NAME", "leave pods of a runtime class alone; may be repeated");

  public static final Option KUBELET_SECCOMP_DEFAULT =
      Option.flag(
          "kubelet-seccomp-default",
          "before 1."
              + PolicyTarget.WITH_MUTATION
              + ": all kubelets run with --seccomp-default, so a container that names nothing"
              + " counts as runtime/default, not as unconfined");

  /// All of them, for the grammar of a verb.
  public static final List<Option> ALL =
      List.of(
          KUBERNETES,
          MODE.option(),
          EXEMPT_NAMESPACE,
          EXEMPT_USER,
          EXEMPT_RUNTIME_CLASS,
          JudgeOptions.DEFAULT_PROFILE,
          JudgeOptions.PRIVILEGED_AS,
          JudgeOptions.TRUST_WINDOWS_PODS,
          KUBELET_SECCOMP_DEFAULT);

  private static final Pattern VERSION = Pattern.compile("v?1\\.([0-9]{1,3})(?:[.+-].*)?");

  private PolicyTargetOptions() {}

  private static List<String> versions() {
    return IntStream.rangeClosed(PolicyTarget.OLDEST, PolicyTarget.WITH_MUTATION)
        .mapToObj(minor -> "1." + minor)
        .toList();
  }

  public static PolicyTarget read(Arguments arguments) throws UsageException {
    String version = arguments.text(KUBERNETES);
    Matcher matcher = VERSION.matcher(version);
    int minor = matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    if (minor < PolicyTarget.OLDEST) {
      throw new UsageException(
          "--kubernetes: \""
              + version
              + "\" is not a version from 1."
              + PolicyTarget.OLDEST
              + ", the first with ValidatingAdmissionPolicy in v1; use the webhook");
    }
    List<String> namespaces = new ArrayList<>(arguments.values(EXEMPT_NAMESPACE));
    for (String namespace : namespaces) {
      // An API server would refuse the bindings that have it, and policies alone refuse nothing.
      if (!ObjectNames.isLabel(namespace)) {
        throw new UsageException(
            EXEMPT_NAMESPACE.text() + ": \"" + namespace + "\" " + ObjectNames.LABEL);
      }
    }
    namespaces.add("kube-system");
    namespaces.add("portcullis");
    boolean kubeletDefault = arguments.has(KUBELET_SECCOMP_DEFAULT);
    PolicyTarget target =
        new PolicyTarget(
            minor,
            MODE.read(arguments),
            JudgeOptions.defaultProfile(arguments),
            JudgeOptions.leniency(arguments),
            kubeletDefault,
            namespaces,
            arguments.values(EXEMPT_USER),
            arguments.values(EXEMPT_RUNTIME_CLASS));
    if (kubeletDefault && target.mutates()) {
      throw new UsageException(
          "--kubelet-seccomp-default is for versions before 1."
              + PolicyTarget.WITH_MUTATION
              + ": from there on, containers that name nothing get the default");
    }
    return target;
  }
}
