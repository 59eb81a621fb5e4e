package dev.portcullis.cli.input;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.heal.DenialParseResult;
import dev.portcullis.seccomp.heal.DenialReader;
import dev.portcullis.seccomp.heal.DenialRecord;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Denials in files.
///
/// @param denials of all files, in their order
/// @param lost how many events are known to be missing
/// @param complaints why there are none, or not all
public record DenialFiles(List<DenialRecord> denials, long lost, List<Diagnostic> complaints) {
  public DenialFiles {
    denials = List.copyOf(denials);
    complaints = List.copyOf(complaints);
  }

  /// Reads them.
  ///
  /// @param in what `-` stands for
  public static DenialFiles read(List<String> files, InputStream in) {
    List<DenialRecord> denials = new ArrayList<>();
    AtomicLong lost = new AtomicLong();
    List<Diagnostic> complaints =
        InputFiles.each(
            files,
            in,
            DenialReader.LIMITS.bytes(),
            "file of denials is",
            (file, bytes) ->
                switch (DenialReader.read(bytes)) {
                  case DenialParseResult.Read(List<DenialRecord> read, long missing) -> {
                    if (denials.size() + read.size() > DenialReader.MOST) {
                      yield Optional.of(
                          Diagnostic.malformed(
                              file,
                              Position.NONE,
                              "with the files before it more than "
                                  + DenialReader.MOST
                                  + " denials; give fewer files, or a part of it"));
                    }
                    denials.addAll(read);
                    lost.addAndGet(missing);
                    yield Optional.empty();
                  }
                  case DenialParseResult.Rejected(Position at, String message) ->
                      Optional.of(Diagnostic.malformed(file, at, message));
                });
    return new DenialFiles(denials, lost.get(), complaints);
  }
}
