package dev.portcullis.cli.result;

import java.util.regex.Pattern;

/// The names that the controllers of Kubernetes give to pods: that of the workload, and behind it
/// what tells one pod from another. The letters are those of apimachinery's `rand.SafeEncodeString`
/// and `rand.String`.
final class GeneratedNames {
  private static final String LETTER = "[bcdfghjklmnpqrstvwxz2456789]";
  private static final String RANDOM = "-" + LETTER + "{5}";
  private static final Pattern DEPLOYMENT = Pattern.compile("-" + LETTER + "{1,10}" + RANDOM);
  private static final Pattern STATEFUL_SET = Pattern.compile("-[0-9]{1,10}");
  private static final Pattern CRON_JOB = Pattern.compile("-[0-9]{1,12}(-[0-9]{1,10})?" + RANDOM);
  private static final Pattern JOB = Pattern.compile("(-[0-9]{1,10})?" + RANDOM);
  private static final Pattern ONE = Pattern.compile(RANDOM);
  private static final Pattern ANY =
      Pattern.compile("(-(" + LETTER + "{1,10}|[0-9]{1,12})){0,2}" + RANDOM + "|-[0-9]{1,10}");

  private GeneratedNames() {}

  /// Whether a workload may have a pod of this name.
  static boolean mayBe(String pod, String kind, String workload) {
    if (workload.isEmpty() || !pod.startsWith(workload)) {
      return false;
    }
    Pattern pattern =
        switch (kind) {
          case "Deployment" -> DEPLOYMENT;
          case "StatefulSet" -> STATEFUL_SET;
          case "CronJob" -> CRON_JOB;
          case "Job" -> JOB;
          case "DaemonSet", "ReplicaSet", "ReplicationController" -> ONE;
          default -> ANY;
        };
    return pattern.matcher(pod.substring(workload.length())).matches();
  }
}
