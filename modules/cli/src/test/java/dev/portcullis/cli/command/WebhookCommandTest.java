package dev.portcullis.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.admission.WebhookOptions;
import dev.portcullis.admission.WebhookOptions.Certificate;
import dev.portcullis.admission.ruling.Mode;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookCommandTest {
  private static WebhookOptions options(String... args) throws UsageException {
    return WebhookCommand.options(WebhookCommand.VERB.grammar().parse(List.of(args)), "own");
  }

  @Test
  void whatItDoesUnlessToldOtherwise() throws UsageException {
    WebhookOptions options = options();
    assertThat(options.listen().getPort()).isEqualTo(8443);
    assertThat(options.listen().getAddress().isAnyLocalAddress()).isTrue();
    assertThat(options.scope().mode()).isEqualTo(Mode.ENFORCE);
    assertThat(options.scope().namespaces()).containsExactlyInAnyOrder("kube-system", "own");
    assertThat(options.clusterDefault()).isEqualTo(ProfileName.RUNTIME_DEFAULT);
    assertThat(options.certificate())
        .isEqualTo(new Certificate.SelfMade("own", "portcullis-webhook-tls", "portcullis-webhook"));
    assertThat(options.grantCache()).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.inFlight()).isEqualTo(200);
    assertThat(options.connectionsOfAddress()).isEqualTo(256);
    assertThat(options.clients()).isNull();
    assertThat(options.leniency()).isEqualTo(Leniency.NONE);
    assertThat(options.kubeconfig()).isNull();
  }

  @Test
  void whatItIsTold() throws UsageException {
    WebhookOptions options =
        options(
            "--listen=[::1]:9443",
            "--mode=audit",
            "--exempt-namespace=a",
            "--exempt-namespace=b",
            "--exempt-user=u",
            "--exempt-runtime-class=kata",
            "--default-profile=localhost/base.json",
            "--tls-cert-file=/c",
            "--tls-key-file=/k",
            "--grant-cache=1m",
            "--max-in-flight=7",
            "--max-connections-per-address=9",
            "--client-ca-file=/ca.crt",
            "--client-name=one",
            "--client-name=two",
            "--privileged-as=name",
            "--trust-windows-pods",
            "--kubeconfig=/kc");
    assertThat(options.leniency()).isEqualTo(new Leniency(true, true));
    assertThat(options.listen().getPort()).isEqualTo(9443);
    assertThat(options.listen().getAddress().isLoopbackAddress()).isTrue();
    assertThat(options.scope().mode()).isEqualTo(Mode.AUDIT);
    assertThat(options.scope().namespaces()).contains("a", "b", "own");
    assertThat(options.scope().users()).containsExactly("u");
    assertThat(options.scope().runtimeClasses()).containsExactly("kata");
    assertThat(options.clusterDefault().text()).isEqualTo("localhost/base.json");
    assertThat(options.certificate())
        .isEqualTo(new Certificate.Mounted(Path.of("/c"), Path.of("/k")));
    assertThat(options.grantCache()).isEqualTo(Duration.ofMinutes(1));
    assertThat(options.inFlight()).isEqualTo(7);
    assertThat(options.connectionsOfAddress()).isEqualTo(9);
    assertThat(options.clients())
        .isEqualTo(new WebhookOptions.Clients(Path.of("/ca.crt"), Set.of("one", "two")));
    assertThat(options.kubeconfig()).isEqualTo(Path.of("/kc"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--mode=wran",
        "--listen=8443",
        "--listen=:99999",
        "--tls-cert-file=/c",
        "--grant-cache=1h",
        "--grant-cache=1ms",
        "--max-connections-per-address=0",
        "--max-connections-per-address=513",
        "--client-name=alone",
        "--max-in-flight=0",
        "--max-in-flight=many",
        "--default-profile=junk"
      })
  void whatItDoesNotTake(String argument) {
    String option = argument.substring(0, argument.indexOf('='));
    assertThatThrownBy(() -> options(argument))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(option);
  }
}
