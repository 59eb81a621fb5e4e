package dev.portcullis.site;

import java.io.IOException;
import java.nio.file.Path;

/// Writes the site of a checkout into a directory: `tools/site` starts it.
public final class SiteMain {
  private SiteMain() {}

  /// Ends with 1 where a document is at fault, and with 3 where the site cannot be made.
  ///
  /// @param args the top of the checkout, and the directory
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("usage: SiteMain CHECKOUT DIRECTORY");
      System.exit(2);
    }
    try {
      Site site = Site.of(Path.of(args[0]));
      if (!site.problems().isEmpty()) {
        site.problems().forEach(System.err::println);
        System.exit(1);
      }
      site.write(Path.of(args[1]));
      System.out.println(site.pages().size() + " pages in " + args[1]);
    } catch (IOException failed) {
      System.err.println("portcullis: " + failed.getMessage());
      System.exit(3);
    }
  }
}
