package dev.portcullis.site;

/// A heading of a document, and the words from there to the next one.
///
/// @param level from 1, the title, to 6
/// @param anchor unique in its document
/// @param text the words, without the heading
record DocumentSection(int level, String heading, String anchor, String text) {}
