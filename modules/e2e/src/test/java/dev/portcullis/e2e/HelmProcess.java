package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/// A process of its own for Helm's library: the runtime of Go that is in it takes signals and
/// threads, which the other tests of a JVM should not meet.
///
/// It reads requests as [HelmClient] writes them, and answers each with whether it worked, and what
/// Helm says.
final class HelmProcess {
  private HelmProcess() {}

  public static void main(String[] arguments) throws IOException {
    try (DataInputStream in = new DataInputStream(System.in)) {
      DataOutputStream out = new DataOutputStream(System.out);
      while (in.readBoolean()) {
        boolean worked = true;
        String said;
        try {
          said =
              answer(in.readUTF(), Path.of(in.readUTF()), in.readUTF(), in.readUTF(), in.readUTF());
        } catch (RuntimeException refused) {
          worked = false;
          said = String.valueOf(refused.getMessage());
        }
        byte[] bytes = said.getBytes(UTF_8);
        out.writeBoolean(worked);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
      }
    }
  }

  private static String answer(
      String verb, Path chart, String namespace, String server, String file) {
    return switch (verb) {
      case "template" ->
          new Helm(chart)
              .template()
              .withName("portcullis")
              .withNamespace(namespace)
              .withKubeVersion(server)
              .withValuesFile(Path.of(file))
              .call();
      case "lint" -> {
        LintResult found = new Helm(chart).lint().strict().call();
        String messages = String.join("\n", found.getMessages());
        if (found.isFailed()) {
          throw new IllegalStateException(messages);
        }
        yield messages;
      }
      case "package" -> {
        new Helm(chart).packageIt().withDestination(Path.of(file)).call();
        yield "";
      }
      default -> throw new IllegalArgumentException(verb);
    };
  }
}
