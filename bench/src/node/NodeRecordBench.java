import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import runtime.v1.Api;

/// What `portcullis node --record` costs while it records containers: their calls, those of another
/// container, and its own processor time.
///
/// usage: NodeRecordBench WORK CONTAINERS SECONDS
final class NodeRecordBench {
  private static final Pattern LOST = Pattern.compile("\"lost\" : ([0-9]+)");
  private static final Api.SecurityProfile UNCONFINED =
      Api.SecurityProfile.newBuilder()
          .setProfileType(Api.SecurityProfile.ProfileType.Unconfined)
          .build();

  private NodeRecordBench() {}

  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[0]);
    try (Node node = Node.start(work, "--record")) {
      run(node, work, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    }
  }

  private static void run(Node node, Path work, int containers, int seconds) throws Exception {
    String other = container(node, "other", Map.of());
    Node.say("a call without recordings", cost(node, other));
    Node.say("processor time of the agent without recordings", node.processorTime(seconds));
    List<String> recorded = new ArrayList<>();
    for (int i = 0; i < containers; i++) {
      recorded.add(container(node, "c" + i, Map.of("portcullis.dev/record", "1h")));
    }
    Thread.sleep(10_000);
    Node.say("a call of a recorded container", cost(node, recorded.getFirst()));
    Node.say("a call of another container", cost(node, other));
    Node.say(
        "processor time of the agent with " + containers + " recorded", node.processorTime(seconds));
    Files.createFile(work.resolve("bench/rate"));
    Thread.sleep(3000);
    Node.say(
        "processor time of the agent with 1,000 calls a second in each",
        node.processorTime(seconds));
    Files.delete(work.resolve("bench/rate"));
    Thread.sleep(7000);
    Node.say("events lost", Long.toString(lost(work, containers)));
  }

  private static String container(Node node, String name, Map<String, String> annotations) {
    return node.container(
        name, annotations, UNCONFINED, List.of("/bench/calls", "wait", "/bench/rate"));
  }

  private static String cost(Node node, String container) {
    return node.executed(container, "/bench/calls", "cost");
  }

  /// Of all that are recorded.
  private static long lost(Path work, int containers) throws IOException {
    long lost = 0;
    int sessions = 0;
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(work.resolve("run/recordings"), "*.session")) {
      for (Path file : files) {
        Matcher number = LOST.matcher(Files.readString(file));
        while (number.find()) {
          lost += Long.parseLong(number.group(1));
          sessions++;
        }
      }
    }
    if (sessions != containers) {
      throw new IOException(sessions + " containers are recorded instead of " + containers);
    }
    return lost;
  }
}
