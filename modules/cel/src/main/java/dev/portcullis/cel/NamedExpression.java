package dev.portcullis.cel;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;

/// An expression that has a name: a variable, or a condition under which a policy is asked.
record NamedExpression(String name, String expression) {
  Mapping yaml() {
    return new MappingBuilder().put("name", name).put("expression", expression).build();
  }
}
