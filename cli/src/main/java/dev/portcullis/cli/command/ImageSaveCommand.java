package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.run.containerd.ImageArchive;
import java.io.IOException;

/// `portcullis image save`
final class ImageSaveCommand implements Command {

  @Override
  public String name() {
    return "image save";
  }

  @Override
  public String summary() {
    return "write the image of the examples as an archive, for other runtimes";
  }

  @Override
  public String usage() {
    return "--file FILE [--overwrite]";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of(OutputOptions.FILE, OutputOptions.OVERWRITE);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException, IOException {
    if (!arguments.operands().isEmpty()) {
      throw new UsageException("image save takes no operand: image save --file FILE");
    }
    NewFile file = NewFile.of(arguments);
    if (file.path() == null) {
      throw new UsageException("image save needs a file to write: image save --file FILE");
    }
    file.write(ImageArchive.ofBusybox());
    new Reporter(terminal).note(ImageArchive.BUSYBOX + " is in " + file.path());
    return ExitCode.OK;
  }
}
