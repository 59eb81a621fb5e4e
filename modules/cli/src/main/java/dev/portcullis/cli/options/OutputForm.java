package dev.portcullis.cli.options;

/// The form of what a verb prints.
public sealed interface OutputForm permits OutputFormat, FindingFormat {}
