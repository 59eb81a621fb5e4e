package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.run.containerd.ImageArchive;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `portcullis image save`
final class ImageSaveCommand {

  private static final Option FILE = OutputOptions.FILE.meaning("write to this file (required)");

  static final Verb VERB =
      new Verb(
          "image save",
          new Help(
              "write the image of the examples as an archive, for other runtimes",
              List.of("--output-file FILE [--overwrite]"),
              "The archive is what containerd, CRI-O, Docker and skopeo load.",
              List.of(
                  new Help.Example("image save --output-file busybox.tar", "write it"),
                  new Help.Example("image save --output-file busybox.tar --overwrite", "again")),
              Map.of(ExitCode.OK, "written"),
              "run.md"),
          Grammar.of(FILE, OutputOptions.OVERWRITE),
          ImageSaveCommand::run);

  private ImageSaveCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireNoOperands();
    NewFile file = NewFile.of(arguments);
    if (file.path() == null) {
      throw new UsageException("image save needs a file to write: image save --output-file FILE");
    }
    file.write(ImageArchive.ofBusybox());
    new Reporter(terminal).note(ImageArchive.BUSYBOX + " is in " + file.path());
    return ExitCode.OK;
  }
}
