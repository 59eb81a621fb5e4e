package dev.portcullis.cel;

/// Something that policies contain, or that the webhook does, and that an API server does not do by
/// what was compiled.
///
/// @param verdicts whether pods are admitted or refused for it that the policies would have
///   otherwise; else only what is reported is lost
/// @param text what is lost, what it means, and what to do
public record LostEffect(boolean verdicts, String text) {}
