package dev.portcullis.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The whole site: a page for each document, for each file and directory that a document leads to,
/// and the search. The same checkout makes the same bytes.
///
/// @param pages by their places, as HTML; empty where there are problems
/// @param problems in the order of files and lines
public record Site(Map<String, String> pages, List<SiteProblem> problems) {
  public Site {
    pages = Collections.unmodifiableMap(new TreeMap<>(pages));
    problems = problems.stream().sorted().distinct().toList();
  }

  /// Makes it, but writes nothing.
  ///
  /// @param root the top of a checkout
  /// @throws IOException if a file cannot be read, or is no text
  public static Site of(Path root) throws IOException {
    Checkout checkout = new Checkout(root);
    List<SiteProblem> problems = new ArrayList<>();
    Navigation navigation = Navigation.read(checkout.text(Navigation.FILE), problems);
    Map<String, MarkdownDocument> documents = documents(checkout, navigation, problems);
    SiteLinks links = new SiteLinks(checkout, documents, problems);
    for (MarkdownDocument document : documents.values()) {
      links.lead(document);
    }
    for (Navigation.Entry entry : navigation.entries()) {
      if (checkout.isDirectory(entry.path())) {
        links.addDirectory(entry.path());
      }
    }
    return problems.isEmpty()
        ? new Site(pages(checkout, navigation, documents, links.others()), List.of())
        : new Site(Map.of(), problems);
  }

  /// The documents in the order of the navigation.
  private static Map<String, MarkdownDocument> documents(
      Checkout checkout, Navigation navigation, List<SiteProblem> problems) throws IOException {
    Map<String, MarkdownDocument> documents = new LinkedHashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Navigation.Entry entry : navigation.entries()) {
      List<String> named = List.of();
      if (checkout.isDirectory(entry.path())) {
        named =
            checkout.children(entry.path()).stream().filter(each -> each.endsWith(".md")).toList();
      } else if (checkout.isFile(entry.path()) && entry.path().endsWith(".md")) {
        named = List.of(entry.path());
      } else {
        problems.add(
            new SiteProblem(
                Navigation.FILE,
                entry.line(),
                entry.path() + " is neither a document nor a directory"));
      }
      for (String path : named) {
        if (seen.add(path)) {
          documents.put(path, MarkdownDocument.read(path, checkout.text(path), problems));
        } else {
          problems.add(new SiteProblem(Navigation.FILE, entry.line(), path + " is named twice"));
        }
      }
    }
    for (String path : checkout.documents()) {
      if (!seen.contains(path)) {
        problems.add(
            new SiteProblem(
                path, 1, "has no place on the site; give it one in " + Navigation.FILE));
      }
    }
    return documents;
  }

  private static Map<String, String> pages(
      Checkout checkout,
      Navigation navigation,
      Map<String, MarkdownDocument> documents,
      List<String> others)
      throws IOException {
    List<SitePage> read = new ArrayList<>();
    for (MarkdownDocument document : documents.values()) {
      read.add(
          new SitePage(
              document.path(),
              SiteAddress.ofDocument(document.path()),
              document.title(),
              document.sections(),
              document.html()));
    }
    List<SitePage> all = new ArrayList<>(read);
    for (String path : others) {
      all.add(
          checkout.isDirectory(path)
              ? FilePage.ofDirectory(
                  path, navigation.titleOf(path), checkout.children(path), documents, checkout)
              : FilePage.ofFile(path, checkout.text(path)));
    }
    PageFrame frame = new PageFrame(navigation, all, read.size(), checkout.version());
    Map<String, String> pages = new TreeMap<>();
    for (SitePage page : all) {
      if (pages.put(page.address(), frame.around(page)) != null) {
        throw new IllegalStateException("two pages at " + page.address());
      }
    }
    pages.put(PageFrame.SEARCH, frame.aroundSearch(SearchPage.of(read, navigation)));
    return pages;
  }

  /// Writes it into a directory, which is made where there is none.
  ///
  /// @throws IOException if the directory has something in it, or cannot be written
  public void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (var entries = Files.newDirectoryStream(directory)) {
      if (entries.iterator().hasNext()) {
        throw new IOException(directory + " is not empty: name another directory, or empty it");
      }
    }
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Path file = directory.resolve(page.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, page.getValue().getBytes(UTF_8));
    }
  }
}
