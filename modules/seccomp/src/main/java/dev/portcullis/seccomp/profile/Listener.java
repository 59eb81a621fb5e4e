package dev.portcullis.seccomp.profile;

/// Who is asked by {@link Action#NOTIFY}.
///
/// @param path of a unix socket; empty where there is none
/// @param metadata what the runtime passes to it; empty where there is none
public record Listener(String path, String metadata) {

  /// No listener.
  public static final Listener NONE = new Listener("", "");
}
