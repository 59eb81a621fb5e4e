package dev.portcullis.container.profiles;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.profile.ProfileContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
  @TempDir Path temporary;

  private Snapshots snapshots() {
    return new Snapshots(temporary.resolve("a/../profiles"));
  }

  private static ProfileContent content(String text) {
    return new ProfileContent(text.getBytes(UTF_8));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aFileIsNamedByItsContentAndIsOnlyItsOwners() throws IOException {
    try (Snapshots.Held held = snapshots().hold(content("{}"))) {
      assertThat(held.file())
          .isEqualTo(
              temporary.resolve(
                  "profiles/44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.json"))
          .hasContent("{}");
      assertThat(permissions(held.file())).isEqualTo("r--------");
      assertThat(permissions(temporary.resolve("profiles"))).isEqualTo("rwx------");
    }
  }

  @Test
  void whatIsNotTheContentIsReplaced() throws IOException {
    Snapshots snapshots = snapshots();
    Path file = snapshots.hold(content("{}")).file();
    Files.delete(file);
    Files.writeString(file, "[]");
    assertThat(snapshots.hold(content("{}")).file()).isEqualTo(file).hasContent("{}");
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "{}");
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);
    assertThat(snapshots.hold(content("{}")).file()).isRegularFile();
    assertThat(Files.isSymbolicLink(file)).isFalse();
  }

  @Test
  void whatNobodyNeedsIsRemoved() throws IOException {
    Snapshots snapshots = snapshots();
    assertThat(snapshots.sweep().keep(Set.of())).isZero();
    Snapshots.Held one = snapshots.hold(content("1"));
    Snapshots.Held again = snapshots.hold(content("1"));
    Snapshots.Held two = snapshots.hold(content("2"));
    two.close();
    one.close();
    one.close();
    assertThat(snapshots.sweep().keep(Set.of(content("2").sha256()))).isZero();
    assertThat(snapshots.sweep().keep(Set.of())).isEqualTo(1);
    assertThat(one.file()).exists();
    assertThat(two.file()).doesNotExist();
    again.close();
    assertThat(snapshots.sweep().keep(Set.of())).isEqualTo(1);
    assertThat(one.file()).doesNotExist();
  }

  @Test
  void whatIsMadeAndLetGoWhileTheRuntimeIsAskedStays() throws IOException {
    Snapshots snapshots = snapshots();
    Snapshots.Held old = snapshots.hold(content("1"));
    old.close();
    Snapshots.Sweep sweep = snapshots.sweep();
    snapshots.hold(content("1")).close();
    snapshots.hold(content("2")).close();
    int removed = sweep.keep(Set.of());
    assertThat(removed).isZero();
    assertThat(old.file()).exists();
  }

  @Test
  void manyAtOnce() throws Exception {
    Snapshots snapshots = snapshots();
    try (var pool = Executors.newFixedThreadPool(8)) {
      var all =
          java.util.stream.IntStream.range(0, 200)
              .mapToObj(i ->
                  pool.submit(() -> {
                    try (Snapshots.Held held = snapshots.hold(content("" + i % 5))) {
                      snapshots.sweep().keep(Set.of());
                      return Files.readString(held.file());
                    }
                  }))
              .toList();
      for (int i = 0; i < all.size(); i++) {
        Future<String> read = all.get(i);
        assertThat(read.get()).isEqualTo("" + i % 5);
      }
    }
  }
}
