package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import org.jspecify.annotations.Nullable;

/// Which Portcullis this is, on which Java.
///
/// @param runtime the container runtime that was asked; null where none was
public record VersionReport(@Nullable RuntimeReport runtime) implements Report {
  private static final String JAVA = System.getProperty("java.version");
  private static final String VENDOR = System.getProperty("java.vendor");

  @Override
  public void table(Terminal terminal) {
    terminal.out().print("portcullis " + Build.VERSION);
    terminal.out().println(Build.COMMIT.isEmpty() ? "" : " (commit " + Build.COMMIT + ")");
    terminal.out().println("java " + JAVA + " (" + VENDOR + ")");
    if (runtime != null) {
      runtime.table(terminal.out());
    }
  }

  @Override
  public Mapping document() {
    MappingBuilder version = new MappingBuilder().put("version", Build.VERSION);
    if (Build.COMMIT.isEmpty()) {
      version.putNull("commit");
    } else {
      version.put("commit", Build.COMMIT);
    }
    version.put("java", new MappingBuilder().put("version", JAVA).put("vendor", VENDOR).build());
    if (runtime != null) {
      version.put("runtime", runtime.json());
    }
    return version.build();
  }
}
