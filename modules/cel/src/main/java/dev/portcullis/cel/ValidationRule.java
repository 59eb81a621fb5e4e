package dev.portcullis.cel;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import org.jspecify.annotations.Nullable;

/// A validation of an admission policy.
///
/// @param expression must be true
/// @param message what is reported where it is not, and where `messageExpression` fails or has a
///   line break
/// @param messageExpression a better message, or null. An API server gives it no `authorizer`, also
///   not by way of a variable
record ValidationRule(String expression, String message, @Nullable String messageExpression) {
  ValidationRule(String expression, String message) {
    this(expression, message, null);
  }

  Mapping yaml() {
    MappingBuilder rule = new MappingBuilder().put("expression", expression);
    if (messageExpression != null) {
      rule.put("messageExpression", messageExpression);
    }
    return rule.put("message", message).put("reason", "Forbidden").build();
  }
}
