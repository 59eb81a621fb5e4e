package dev.portcullis.admission.certificate;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What is made of files that somebody else keeps, and made again when they change. New content of
/// which nothing can be made changes nothing, and is logged once.
///
/// @param <T> what is made of them
final class FileWatch<T> implements AutoCloseable {
  private final Owner<T> owner;
  private final SettledFiles files;
  private final Thread loop;
  private volatile T current;
  private String problem = "";
  private String complaint = "";

  /// Who has a use for it.
  interface Owner<T> {
    System.Logger log();

    /// What they mean together.
    ///
    /// @param content of each file
    T read(List<String> content) throws UnusableException;

    /// What is logged where files are of no use, before the reason.
    String otherwise();

    /// What is logged of something that was taken.
    String taken(T value);

    /// What is wrong, at this moment, with what is in use; empty where nothing is.
    default String complaint(T value) {
      return "";
    }
  }

  /// Reads the files and watches them until closed.
  ///
  /// @param name of the thread
  /// @param pause between two looks
  /// @throws IOException when they are of no use now
  static <T> FileWatch<T> start(String name, Duration pause, Owner<T> owner, Path... files)
      throws IOException {
    FileWatch<T> watch = new FileWatch<>(name, pause, owner, files);
    watch.loop.start();
    return watch;
  }

  private FileWatch(String name, Duration pause, Owner<T> owner, Path... files) throws IOException {
    this.owner = owner;
    this.files = new SettledFiles(files);
    try {
      current = owner.read(this.files.used());
    } catch (UnusableException e) {
      throw new IOException(e.getMessage(), e);
    }
    loop = Thread.ofVirtual().name(name).unstarted(() -> loop(pause));
  }

  /// What was made last.
  T current() {
    return current;
  }

  private void loop(Duration pause) {
    try {
      while (true) {
        look();
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      List<String> content = files.changed();
      if (content != null) {
        current = owner.read(content);
        files.take(content);
        problem = "";
        owner.log().log(Level.INFO, owner.taken(current));
      }
    } catch (IOException | UnusableException e) {
      problem = said(owner.otherwise() + e.getMessage(), problem);
    }
    complaint = said(owner.complaint(current), complaint);
  }

  /// Logs a message, unless it is the same as the one before.
  private String said(String message, String before) {
    if (!message.isEmpty() && !message.equals(before)) {
      owner.log().log(Level.ERROR, message);
    }
    return message;
  }

  @Override
  public void close() {
    loop.interrupt();
  }
}
