package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyRuleTest {
  private static final String SERVER = "https://api.example.com:6443/";

  private static String proxy(String server, @Nullable String named, Map<String, String> env)
      throws IOException {
    ProxySelector selector = ProxyRule.of(server, named, env);
    if (selector == null) {
      return "";
    }
    Proxy first = selector.select(URI.create(server)).getFirst();
    return first.type() == Proxy.Type.DIRECT ? "direct" : first.address().toString();
  }

  @Test
  void theKubeconfigCountsBeforeTheEnvironment() throws Exception {
    Map<String, String> environment =
        Map.of("HTTPS_PROXY", "http://env:1", "NO_PROXY", "api.example.com");
    assertThat(proxy(SERVER, "http://named:2", environment)).contains("named").endsWith(":2");
    assertThat(proxy(SERVER, null, environment)).isEqualTo("direct");
  }

  @Test
  void theEnvironmentInEitherCase() throws Exception {
    assertThat(proxy(SERVER, null, Map.of("https_proxy", "env:1"))).contains("env").endsWith(":1");
    assertThat(proxy(SERVER, null, Map.of("ALL_PROXY", "http://env:1"))).contains("env");
    assertThat(proxy(SERVER, null, Map.of("HTTP_PROXY", "http://env:1"))).isEmpty();
    assertThat(proxy("http://a:1/", null, Map.of("HTTP_PROXY", "http://env:1"))).contains("env");
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com/, example.com, direct",
    "https://api.example.com/, 'other, .example.com', direct",
    "https://api.example.com/, ample.com, env",
    "https://api.example.com/, *, direct",
    "https://10.1.2.3/, 10.1.0.0/16, direct",
    "https://10.1.2.3/, 10.1.0.0/23, env",
    "https://10.1.2.3/, 10.1.2.3, direct",
    "https://[fd00::1]:443/, fd00::/8, direct",
    "https://[fd00::1]:443/, 10.0.0.0/8, env",
    "https://localhost:6443/, '', direct",
    "https://127.0.0.1:6443/, '', direct",
    "https://[::1]:6443/, '', direct"
  })
  void whatIsReachedWithoutOne(String server, String except, String answer) throws Exception {
    assertThat(proxy(server, null, Map.of("HTTPS_PROXY", "http://env:1", "NO_PROXY", except)))
        .contains(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"socks5://a:1", "https://a:1", "http://a", "http://u:p@a:1", "http://a b:1"})
  void whatTheJdkCannotSpeakToIsRefused(String proxy) {
    assertThatThrownBy(() -> ProxyRule.of(SERVER, proxy, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("proxy-url ");
  }
}
