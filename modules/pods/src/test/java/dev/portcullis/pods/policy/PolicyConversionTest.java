package dev.portcullis.pods.policy;

import static dev.portcullis.pods.Manifests.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.pods.object.ConvertedObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyConversionTest {
  private static final String KEY = "seccomp.security.alpha.kubernetes.io/";

  private static String psp(String name, @Nullable String allowed, @Nullable String defaultName) {
    return "---\napiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata:\n  name: "
        + name
        + "\n  annotations:\n    other: x\n"
        + (allowed == null ? "" : "    " + KEY + "allowedProfileNames: '" + allowed + "'\n")
        + (defaultName == null ? "" : "    " + KEY + "defaultProfileName: '" + defaultName + "'\n");
  }

  private static ConvertedObject only(String... yaml) {
    PolicyConversion conversion = PolicyConversion.of(objects(String.join("", yaml)));
    assertThat(conversion.policies()).hasSize(1);
    return conversion.policies().getFirst();
  }

  /// What a reader takes the converted policy for.
  private static Policy read(ConvertedObject converted) {
    return switch (PolicyReader.read(converted.object())) {
      case PolicyReader.Usable(Policy policy) -> policy;
      case PolicyReader.Found found -> throw new AssertionError(found);
    };
  }

  @Test
  void keepsTheNameTheEntriesAndTheDefault() {
    ConvertedObject converted =
        only(psp("a", "docker/default,runtime/default,localhost/x", "localhost/x"));
    assertThat(converted.from()).isEqualTo("PodSecurityPolicy \"a\"");
    assertThat(converted.label()).isEqualTo("SeccompPolicy \"a\"");
    assertThat(JsonWriter.compact(converted.object().manifest()))
        .isEqualTo(
            "{\"apiVersion\":\"portcullis.dev/v1alpha1\",\"kind\":\"SeccompPolicy\","
                + "\"metadata\":{\"name\":\"a\"},"
                + "\"spec\":{\"allowedProfiles\":[\"runtime/default\",\"localhost/x\"],"
                + "\"defaultProfile\":\"localhost/x\"}}");
    assertThat(read(converted).name()).isEqualTo("a");
  }

  /// A literal with an asterisk must not become a pattern.
  @ParameterizedTest
  @CsvSource({
    "localhost/batch/*, nothing",
    "localhost/*, nothing",
    "localhost/a*b, nothing",
    "localhost/, nothing",
    "*, *",
    "'localhost/*,*', *",
    "'localhost/a,localhost/*,unconfined', 'localhost/a, unconfined'",
  })
  void neverAllowsMore(String allowed, String expected) {
    assertThat(read(only(psp("a", allowed, null))).allowedText()).isEqualTo(expected);
  }

  /// Each sentence comes with its cause, and not without.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-|localhost/x|is absent: Kubernetes admitted no pod",
        "''|localhost/x|is empty: Kubernetes admitted no pod",
        "''|-|is empty: Kubernetes admitted only pods without a profile name",
        "*|-|In Kubernetes, a pod without a profile name ran unconfined",
        "runtime/default|-|runtime/default is allowed by this policy",
        "localhost/x|-|runtime/default is not allowed by this policy",
        "localhost/x|runtime/default|The default runtime/default is not among the allowed",
        "localhost/x|localhost/x|checked the profile at pod level",
        "*|localhost/x|Kubernetes wrote the default to the pod",
        "docker/default|-|docker/default is replaced",
        "*|docker/default|docker/default is replaced",
        "localhost/|-|CVE-2023-2431",
        "localhost/b/*|-|The entry \"localhost/b/*\" is left out",
      })
  void whatIsDifferent(@Nullable String allowed, @Nullable String defaultName, String sentence) {
    assertThat(only(psp("a", allowed, defaultName)).differences())
        .filteredOn(difference -> difference.contains(sentence))
        .hasSize(1);
  }

  @Test
  void whatDoesNotApplyIsNotSaid() {
    assertThat(only(psp("a", "*", "runtime/default")).differences())
        .singleElement()
        .asString()
        .startsWith("Kubernetes wrote the default to the pod");
    assertThat(only(psp("a", "*", null)).differences())
        .singleElement()
        .asString()
        .startsWith("In Kubernetes, a pod without a profile name ran unconfined");
    assertThat(only(psp("a", "runtime/default", null)).differences()).hasSize(2);
  }

  /// Trap 36: a lax policy without a default took the default away from pods.
  @Test
  void aDefaultThatAnotherPolicyTookAway() {
    String strict = psp("strict", "localhost/x", "localhost/x");
    List<ConvertedObject> both =
        PolicyConversion.of(objects(psp("lax", "*", null) + strict)).policies();
    assertThat(both)
        .extracting(ConvertedObject::label)
        .last()
        .isEqualTo("SeccompPolicy \"strict\"");
    assertThat(both.getLast().differences())
        .anyMatch(difference -> difference.contains("may also use \"lax\", ran unconfined"));
    assertThat(only(psp("silent", null, null) + strict).differences())
        .anyMatch(difference -> difference.contains("may also use \"silent\""));
    assertThat(PolicyConversion.of(objects(psp("lax", "*", "unconfined") + strict)).policies())
        .allSatisfy(policy ->
            assertThat(policy.differences()).noneMatch(text -> text.contains("preferred")));
  }

  @Test
  void whatSaysNothingAboutSeccompIsNotConverted() {
    PolicyConversion conversion =
        PolicyConversion.of(objects(psp("silent", null, null) + psp("a", "*", null)));
    assertThat(conversion.policies()).hasSize(1);
    assertThat(conversion.notes())
        .hasSize(4)
        .last()
        .asString()
        .startsWith("PodSecurityPolicy \"silent\" has no seccomp annotation and is not converted");
    assertThat(PolicyConversion.of(objects(psp("silent", null, null))).notes()).hasSize(1);
  }

  @Test
  void otherObjectsArePassedOver() {
    PolicyConversion conversion =
        PolicyConversion.of(
            objects(
                psp("bad", "nonsense", null)
                    + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\n---\n"
                    + "apiVersion: portcullis.dev/v1alpha1\nkind: SeccompPolicy\n"
                    + "metadata: {name: p}\nspec: {}\n"));
    assertThat(conversion.policies()).isEmpty();
  }

  @Test
  void theOrderOfTheInputDoesNotMatter() {
    String a = psp("a", "*", null);
    String b = psp("b", "runtime/default", "runtime/default");
    String c = psp("c", null, null);
    assertThat(PolicyConversion.of(objects(a + b + c)).toString())
        .isEqualTo(PolicyConversion.of(objects(c + b + a)).toString());
  }
}
