package dev.portcullis.cli.options;

import dev.portcullis.seccomp.defaults.BuiltInDefaults;

/// The options of `exposure`.
public final class ExposureOptions {
  public static final Option CATALOGUE =
      Option.values(
          "catalogue", "PATH", "file or directory of more vulnerabilities; may be repeated");

  public static final Option RUNTIME_DEFAULT =
      Option.value(
              "runtime-default",
              "FILE",
              "the profile that runtime/default stands for (default: the runtime is asked)")
          .taking(Values.FILES.or(BuiltInDefaults::names));

  public static final Option WITH_PORTCULLIS =
      Option.flag(
          "with-portcullis", "as containers run where Portcullis is installed, and not as today");

  public static final Option CLOSE =
      Option.flag(
          "close",
          "print what makes runtime/default, without what reaches ID, the default of a cluster");

  public static final Option EVERY_ARCHITECTURE =
      Option.flag(
          "every-architecture", "with --close: also where programs of x86 or arm lose more by it");

  public static final Option PROFILES_NAMESPACE =
      ClusterProfileOptions.PROFILES_NAMESPACE
          .usually("portcullis-profiles")
          .meaning(
              "namespace of the ConfigMaps with profiles: of those that --cluster reads, or of the"
                  + " one that --close prints");

  private ExposureOptions() {}
}
