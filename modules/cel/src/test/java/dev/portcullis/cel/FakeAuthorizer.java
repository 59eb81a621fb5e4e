package dev.portcullis.cel;

import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.User;
import java.util.concurrent.atomic.AtomicInteger;

/// The authorizer of an API server for one user, by the grants of some objects: what `authorizer`
/// and the functions on it are in CEL (`k8s.io/apiserver/pkg/cel/library/authz.go`). Counts what is
/// asked.
record FakeAuthorizer(
    Rbac rbac,
    User user,
    AtomicInteger asked,
    String group,
    String resource,
    String namespace,
    String name,
    String verb) {

  static FakeAuthorizer of(Rbac rbac, User user) {
    return new FakeAuthorizer(rbac, user, new AtomicInteger(), "", "", "", "", "");
  }

  FakeAuthorizer serviceAccount(String in, String account) {
    return new FakeAuthorizer(
        rbac, User.serviceAccount(in, account), asked, group, resource, namespace, name, verb);
  }

  FakeAuthorizer group(String other) {
    return new FakeAuthorizer(rbac, user, asked, other, resource, namespace, name, verb);
  }

  FakeAuthorizer resource(String other) {
    return new FakeAuthorizer(rbac, user, asked, group, other, namespace, name, verb);
  }

  FakeAuthorizer namespace(String other) {
    return new FakeAuthorizer(rbac, user, asked, group, resource, other, name, verb);
  }

  FakeAuthorizer name(String other) {
    return new FakeAuthorizer(rbac, user, asked, group, resource, namespace, other, verb);
  }

  /// The server asks its authorizer here, and it costs 350,000.
  FakeAuthorizer check(String other) {
    asked.incrementAndGet();
    return new FakeAuthorizer(rbac, user, asked, group, resource, namespace, name, other);
  }

  boolean allowed() {
    return rbac.allows(user, verb, new Rbac.Resource(group, resource, name), namespace);
  }
}
