package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.Reviews.cluster;
import static dev.portcullis.admission.ruling.Reviews.creation;
import static dev.portcullis.admission.ruling.Reviews.policy;
import static dev.portcullis.admission.ruling.Reviews.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pods as large as an API server takes them (3 MiB), in which everything is wrong. Who may create
/// one pod must not hold up everybody else's.
class HugePodTest {
  private static final int CONTAINERS = 10_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Admission admission =
      cluster(Mode.ENFORCE, policy("p", null, "runtime/default", "unconfined"));

  private static String many(String separator, String each) {
    return IntStream.range(0, CONTAINERS)
        .mapToObj(i -> each.replace("#", Integer.toString(i)))
        .collect(Collectors.joining(separator));
  }

  private static Mapping json(String annotations, String spec) {
    String text =
        ("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','annotations':{"
                + annotations
                + "}},'spec':{"
                + spec
                + "}}")
            .replace('\'', '"');
    assertThat(text.length()).isLessThan(3 << 20);
    return switch (Documents.readJson(text.getBytes(UTF_8), new Limits(4 << 20, 100, 1_000_000))) {
      case ParseResult.Documents(var values) -> (Mapping) values.getFirst();
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  private void assertAnswered(AdmissionRequest request) throws IOException {
    Duration spent = Duration.ZERO;
    // The first of all loads classes.
    for (int i = 0; i < 2; i++) {
      long begin = THREADS.getCurrentThreadCpuTime();
      AdmissionVerdict mutated = admission.mutate(request);
      AdmissionVerdict ruling = admission.validate(request);
      spent = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - begin);
      assertThat(ruling.response().refusal()).isNotNull();
      assertThat(ruling.response().refusal().message().length()).isLessThan(64 << 10);
      assertThat(mutated.response().warnings()).hasSizeLessThan(100);
      assertThat(ruling.response().warnings()).hasSizeLessThan(100);
    }
    // It takes a tenth of a second of a processor. What grows with the square takes a minute.
    assertThat(spent).isLessThan(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // unusable, with a reason each
        "'name':'c#','securityContext':{'seccompProfile':{'type':'Localhost','localhostProfile':'/../a#'}}",
        "'name':'c#','securityContext':{'seccompProfile':{'type':'junk','localhostProfile':'a#'}}",
        // not allowed, each another one
        "'name':'c#','securityContext':{'seccompProfile':{'type':'Localhost','localhostProfile':'a#'}}",
        // twice the same name, no name, no text
        "'name':'c'",
        "'name':''",
        "'name':#",
        "'name':'c#','securityContext':{'privileged':true,'allowPrivilegeEscalation':false}"
      })
  void tenThousandContainers(String each) throws IOException {
    assertAnswered(creation(json("", "'containers':[" + many(",", "{" + each + "}") + "]")));
  }

  @Test
  void asManyAnnotations() throws IOException {
    String keys = "'container.seccomp.security.alpha.kubernetes.io/c#':'localhost/../#'";
    assertAnswered(
        creation(json(many(",", keys), "'containers':[" + many(",", "{'name':'c#'}") + "]")));
  }

  /// Each slash ends a directory, which a policy may name.
  @ParameterizedTest
  @ValueSource(strings = {"a/", "/", "a/../", "./", "\\u0000/"})
  void aPathOfAMegabyte(String element) throws IOException {
    String path = element.repeat(1_000_000 / element.length()) + "x";
    assertAnswered(
        creation(
            json(
                "",
                "'containers':[{'name':'c','securityContext':{'seccompProfile':{'type':'Localhost','localhostProfile':'"
                    + path
                    + "'}}}]")));
  }

  /// With a slip in each, and as many containers that might be meant.
  @Test
  void asManyAnnotationsForNobody() throws IOException {
    String keys =
        "'container.seccomp.security.alpha.kubernetes.io/abcdefghijklmnopqrstuvwxyz-#':'x'";
    assertAnswered(
        creation(
            json(
                many(",", keys),
                "'containers':[" + many(",", "{'name':'zyxwvutsrqponmlkjihgfedcba-#'}") + "]")));
  }

  /// A square of annotations that runtimes obey and containers that keep rights by them.
  @Test
  void asManyThatRuntimesObey() throws IOException {
    assertAnswered(
        creation(
            json(
                many(",", "'run.oci.seccomp#':'x'"),
                "'containers':["
                    + many(
                        ",",
                        "{'name':'c#','securityContext':{'allowPrivilegeEscalation':false,'capabilities':{'add':['a']}}}")
                    + ",{'name':'last'}]")));
  }

  @Test
  void ephemeralOnesAndAsManyBefore() throws IOException {
    String bad =
        "{'name':'e#','securityContext':{'seccompProfile':{'type':'Localhost','localhostProfile':'../e#'}}}";
    String half = "'containers':[{'name':'c'}],'ephemeralContainers':[";
    Mapping old = json("", half + many(",", "{'name':'old#'}") + "]");
    Mapping now = json("", half + many(",", "{'name':'old#'}") + "," + many(",", bad) + "]");
    assertAnswered(request("pods", "ephemeralcontainers", "v1", "Pod", Operation.UPDATE, now, old));
  }
}
