package dev.portcullis.admission.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class MountedAuthoritiesTest {
  private static final Duration PAUSE = Duration.ofMillis(20);

  @TempDir private Path directory;

  private static X509Certificate authority() {
    return Issuer.authority(List.of("a"), Instant.parse("2027-01-01T00:00:00Z")).certificate();
  }

  private static void await(MountedAuthorities mounted, List<X509Certificate> wanted)
      throws Exception {
    Wait.until("other authorities", () -> mounted.authorities().equals(wanted));
  }

  @Test
  void anotherFileIsTakenAndABadOneIsNot() throws Exception {
    X509Certificate first = authority();
    X509Certificate second = authority();
    Path file = Files.writeString(directory.resolve("ca.crt"), Pem.write(first));
    try (MountedAuthorities mounted = MountedAuthorities.start(file, Set.of("api"), PAUSE)) {
      assertThat(mounted.authorities()).containsExactly(first);
      assertThat(mounted.names()).containsExactly("api");
      Files.writeString(file, Pem.write(second) + Pem.write(first));
      await(mounted, List.of(second, first));
      for (String bad : List.of("", "rubbish")) {
        Files.writeString(file, bad);
        Thread.sleep(10 * PAUSE.toMillis());
        assertThat(mounted.authorities()).containsExactly(second, first);
      }
      Files.delete(file);
      Thread.sleep(10 * PAUSE.toMillis());
      assertThat(mounted.authorities()).containsExactly(second, first);
      Files.writeString(file, Pem.write(second));
      await(mounted, List.of(second));
    }
  }

  /// Nothing would be demanded by a list of none.
  @Test
  void itDoesNotStartWithoutAnAuthority() throws Exception {
    Path file = directory.resolve("ca.crt");
    assertThatThrownBy(() -> MountedAuthorities.start(file, Set.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not exist");
    for (String bad : List.of("", "rubbish")) {
      Files.writeString(file, bad);
      assertThatThrownBy(() -> MountedAuthorities.start(file, Set.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
    }
  }
}
