package dev.portcullis.run.containerd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// The two images that need no registry: a small system made of busybox, and the pause process of
/// the sandboxes. Both have the same single layer.
///
/// An archive is of the form that `docker save` writes, which every runtime's tools read. The same
/// busybox gives the same bytes.
public final class ImageArchive {
  /// What the examples run in.
  public static final String BUSYBOX = "localhost/portcullis/busybox:1";

  /// What holds a sandbox's namespaces.
  static final String PAUSE = "localhost/portcullis/pause:1";

  static final Path PROGRAM = Path.of("/bin/busybox");

  private static final Duration LIST = Duration.ofSeconds(10);
  private static final int DIRECTORY = 0755;
  private static final List<String> DIRECTORIES =
      List.of(
          "bin/",
          "dev/",
          "etc/",
          "home/",
          "mnt/",
          "proc/",
          "root/",
          "run/",
          "sbin/",
          "srv/",
          "sys/",
          "usr/",
          "usr/bin/",
          "usr/sbin/",
          "var/",
          "var/log/",
          "var/www/");
  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      www:x:33:33:www:/var/www:/bin/sh
      nobody:x:65534:65534:nobody:/:/bin/sh
      """;
  private static final String GROUP = "root:x:0:\nwww:x:33:\nnogroup:x:65534:\n";

  private ImageArchive() {}

  /// An archive with {@link #BUSYBOX} alone, made of this machine's `/bin/busybox`.
  ///
  /// @throws IOException where that is missing, or linked dynamically
  public static byte[] ofBusybox() throws IOException {
    if (!Files.exists(PROGRAM)) {
      throw new IOException(
          PROGRAM + " is missing; the image is built from it: apt-get install busybox-static");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(PROGRAM, Commands.ofSystem(), out, false);
    return out.toByteArray();
  }

  /// Writes an archive with both.
  ///
  /// @param busybox the statically linked program
  public static void write(Path busybox, Commands commands, OutputStream out) throws IOException {
    write(busybox, commands, out, true);
  }

  private static void write(Path busybox, Commands commands, OutputStream out, boolean withPause)
      throws IOException {
    byte[] program = Files.readAllBytes(busybox);
    requireStatic(busybox, program);
    Commands.Outcome applets = commands.run(List.of(busybox.toString(), "--list"), LIST);
    if (!applets.ok()) {
      throw new IOException(busybox + " --list failed: " + applets.output().strip());
    }
    byte[] layer = layer(program, applets.output().lines().map(String::strip).toList());
    String layerDigest = sha256(layer);
    byte[] system = config(layerDigest, "[\"/bin/sh\"]");
    // sleep ends by SIGTERM only if it is not process 1 without a handler (signal(7),
    // pid_namespaces(7)),
    // so a shell that traps it waits for it.
    byte[] pause =
        config(
            layerDigest,
            "[\"/bin/sh\",\"-c\",\"trap 'exit 0' TERM INT; while :; do sleep 86400 & wait $!;"
                + " done\"]");
    String manifest =
        "[%s]"
            .formatted(manifest(system, BUSYBOX) + (withPause ? "," + manifest(pause, PAUSE) : ""));
    try (var tar = new TarArchiveOutputStream(out)) {
      put(tar, "layer.tar", layer);
      put(tar, sha256(system) + ".json", system);
      if (withPause) {
        put(tar, sha256(pause) + ".json", pause);
      }
      put(tar, "manifest.json", manifest.getBytes(UTF_8));
    }
  }

  private static String manifest(byte[] config, String tag) {
    return """
    {"Config":"%s.json","RepoTags":["%s"],"Layers":["layer.tar"]}\
    """
        .formatted(sha256(config), tag);
  }

  private static byte[] config(String layerDigest, String entrypoint) {
    String architecture =
        switch (System.getProperty("os.arch")) {
          case "aarch64" -> "arm64";
          default -> System.getProperty("os.arch");
        };
    return """
    {"architecture":"%s","os":"linux","config":{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],\
    "Cmd":%s,"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\
    """
        .formatted(architecture, entrypoint, layerDigest)
        .getBytes(UTF_8);
  }

  private static byte[] layer(byte[] program, List<String> applets) throws IOException {
    var bytes = new ByteArrayOutputStream(program.length + 512 * 1024);
    try (var tar = new TarArchiveOutputStream(bytes)) {
      for (String directory : DIRECTORIES) {
        entry(tar, new TarArchiveEntry(directory), DIRECTORY);
      }
      entry(tar, new TarArchiveEntry("tmp/"), 01777);
      put(tar, "etc/passwd", PASSWD.getBytes(UTF_8));
      put(tar, "etc/group", GROUP.getBytes(UTF_8));
      var busybox = new TarArchiveEntry("bin/busybox");
      busybox.setSize(program.length);
      busybox.setMode(0755);
      busybox.setModTime(0L);
      tar.putArchiveEntry(busybox);
      tar.write(program);
      tar.closeArchiveEntry();
      Set<String> names = new TreeSet<>(applets);
      names.remove("busybox");
      for (String name : names) {
        if (!name.matches("[A-Za-z0-9_.\\[\\]-]{1,64}")) {
          throw new IOException("busybox --list names an applet that is not a file name: " + name);
        }
        var link = new TarArchiveEntry("bin/" + name, TarConstants.LF_SYMLINK);
        link.setLinkName("busybox");
        entry(tar, link, 0777);
      }
    }
    return bytes.toByteArray();
  }

  private static void entry(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode)
      throws IOException {
    entry.setMode(mode);
    entry.setModTime(0L);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setMode(0644);
    entry.setModTime(0L);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /// Debian has a busybox that needs libraries, too; an image of it would start nothing.
  private static void requireStatic(Path busybox, byte[] program) throws IOException {
    // elf(5), for 64-bit little-endian: e_phoff at 32, e_phentsize at 54, e_phnum at 56; a program
    // header begins with its type, and PT_INTERP (3) names the dynamic linker.
    var elf = java.nio.ByteBuffer.wrap(program).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    if (program.length < 64 || elf.getInt(0) != 0x464c457f || program[4] != 2) {
      throw new IOException(busybox + " is not a 64-bit ELF program");
    }
    long offset = elf.getLong(32);
    int size = Short.toUnsignedInt(elf.getShort(54));
    int count = Short.toUnsignedInt(elf.getShort(56));
    for (int i = 0; i < count; i++) {
      long at = offset + (long) i * size;
      if (at < 0 || at > program.length - 4) {
        throw new IOException(busybox + " is a damaged ELF program");
      }
      if (elf.getInt(Math.toIntExact(at)) == 3) {
        throw new IOException(
            busybox + " is dynamically linked; install busybox-static instead of busybox");
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
