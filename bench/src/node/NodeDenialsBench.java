import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import runtime.v1.Api;

/// What `portcullis node --denials` costs while a container is refused calls in a loop: its own
/// processor time, at several rates, and how many of them it counts.
///
/// usage: NodeDenialsBench WORK SECONDS
final class NodeDenialsBench {
  private static final Pattern COUNT = Pattern.compile("\"count\" : ([0-9]+)");
  /// Milliseconds that the file of the counts may be old.
  private static final long FILE_IS_WRITTEN = 6_000;

  private static final String PROFILE =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["symlinkat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}
      """;

  private NodeDenialsBench() {}

  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[0]);
    int seconds = Integer.parseInt(args[1]);
    try (Node node = Node.start(work, "--denials")) {
      Path profile =
          Files.writeString(work.resolve("kubelet/seccomp/no-links.json"), PROFILE).toAbsolutePath();
      Api.SecurityProfile localhost =
          Api.SecurityProfile.newBuilder()
              .setProfileType(Api.SecurityProfile.ProfileType.Localhost)
              .setLocalhostRef(profile.toString())
              .build();
      String _ =
          node.container("quiet", Map.of(), localhost, List.of("/bench/calls", "refused", "/bench/none"));
      String _ =
          node.container("loop", Map.of(), localhost, List.of("/bench/calls", "refused", "/bench/rate"));
      Thread.sleep(Math.min(seconds, 20) * 1000L);
      Node.say("no refused calls", node.processorTime(seconds));
      for (int rate : List.of(1_000, 10_000, 100_000)) {
        Files.writeString(work.resolve("bench/rate.new"), Integer.toString(rate));
        Files.move(work.resolve("bench/rate.new"), work.resolve("bench/rate"));
        Thread.sleep(3000);
        long before = counted(work);
        String spent = node.processorTime(seconds);
        Files.delete(work.resolve("bench/rate"));
        Node.say(
            rate + " refused calls a second",
            spent + ", " + (counted(work) - before) + " counted since");
      }
    }
  }

  private static long counted(Path work) throws Exception {
    Thread.sleep(FILE_IS_WRITTEN);
    Matcher count = COUNT.matcher(Files.readString(work.resolve("run/denials.json")));
    long all = 0;
    while (count.find()) {
      all += Long.parseLong(count.group(1));
    }
    return all;
  }
}
