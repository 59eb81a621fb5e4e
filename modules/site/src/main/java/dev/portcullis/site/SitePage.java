package dev.portcullis.site;

import java.util.List;

/// A page before its frame is around it.
///
/// @param source the document, file or directory that it shows
/// @param address its place on the site
/// @param sections what the page lists as its contents
/// @param body as HTML
record SitePage(
    String source, String address, String title, List<DocumentSection> sections, String body) {}
