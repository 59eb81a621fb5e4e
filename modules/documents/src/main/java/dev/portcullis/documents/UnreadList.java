package dev.portcullis.documents;

/// The lists under a key, in all objects under another one. What is not a list stays.
///
/// @param holder the key of the object
/// @param key in that object
public record UnreadList(String holder, String key) {}
