package dev.portcullis.profiles.configmap;

/// What is not as it should be, for people.
///
/// @param subject the object or the file: `ConfigMap portcullis-profiles/web, key a.json`
/// @param message what is wrong, and what to do
public record ConfigMapProblem(String subject, String message) {
  @Override
  public String toString() {
    return subject + ": " + message;
  }
}
