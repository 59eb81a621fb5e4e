package dev.portcullis.cli.input;

import dev.portcullis.admission.cluster.ClusterObjects;
import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.ManifestFiles.SourcedObject;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyKeys;
import dev.portcullis.pods.policy.PolicyReader;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.RbacReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The policies and RBAC objects by which profiles are granted, wherever they come from.
///
/// @param notes what the user should know about them
/// @param complaints no user may be judged by half a policy: where there are any, the rest is not
///   to be used
public record PolicySet(
    List<Policy> policies, Rbac rbac, List<String> notes, List<Diagnostic> complaints) {

  public PolicySet {
    policies = List.copyOf(policies);
    notes = List.copyOf(notes);
    complaints = List.copyOf(complaints);
  }

  /// Reads those of files and directories.
  ///
  /// @param namespace of objects that name none
  public static PolicySet ofFiles(List<String> paths, String namespace, InputStream in) {
    ManifestFiles.Read read = ManifestFiles.read(paths, in);
    PolicySet set = of(read.objects(), namespace);
    List<Diagnostic> complaints = new ArrayList<>(read.complaints());
    complaints.addAll(set.complaints());
    return new PolicySet(set.policies(), set.rbac(), set.notes(), complaints);
  }

  /// Asks the cluster for those that it has. Of a policy with wrong entries the others count, as
  /// they do for the webhook.
  public static PolicySet ofCluster(ClusterConnection connection) throws IOException {
    List<Policy> policies = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    RbacReader rbac = new RbacReader("default");
    for (KubernetesObject object : ClusterObjects.policiesAndRbac(connection)) {
      PolicyKeys.odd(object)
          .forEach(odd ->
              notes.add(
                  "in the cluster, "
                      + object.label()
                      + ": "
                      + odd.path().text()
                      + " "
                      + odd.text()));
      switch (PolicyReader.read(object)) {
        case PolicyReader.Usable(Policy policy) -> policies.add(policy);
        case PolicyReader.Broken(List<FieldError> errors, Policy sound) -> {
          note(object, errors, notes);
          if (sound != null) {
            policies.add(sound);
          }
        }
        case PolicyReader.Silent _ -> {}
        case PolicyReader.NoPolicy _ -> {
          if (RbacReader.isRbac(object)) {
            note(object, rbac.add(object), notes);
          }
        }
      }
    }
    return new PolicySet(policies, rbac.rbac(), notes, List.of());
  }

  private static void note(KubernetesObject object, List<FieldError> errors, List<String> notes) {
    for (FieldError error : errors) {
      notes.add(
          "in the cluster, "
              + object.label()
              + ": "
              + error.field()
              + ": "
              + error.message()
              + "; this entry allows nothing");
    }
  }

  /// Takes those among some objects.
  public static PolicySet of(List<SourcedObject> objects, String namespace) {
    Map<String, String> seen = new HashMap<>();
    List<Policy> policies = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<Diagnostic> complaints = new ArrayList<>();
    RbacReader rbac = new RbacReader(namespace);
    for (SourcedObject sourced : objects) {
      KubernetesObject object = sourced.object();
      notes.addAll(oddKeys(sourced));
      switch (PolicyReader.read(object)) {
        case PolicyReader.Usable(Policy policy) -> {
          String key = policy.label();
          String place = sourced.place(object.at());
          String first = seen.put(key, place);
          if (first != null) {
            complaints.add(
                new Diagnostic(
                    place
                        + ": "
                        + key
                        + " occurs twice; first at "
                        + first
                        + ". Remove one of them",
                    ExitCode.REFUSED));
          }
          policies.add(policy);
        }
        case PolicyReader.Broken(List<FieldError> errors, _) ->
            complain(sourced, errors, complaints);
        case PolicyReader.Silent _ ->
            notes.add(
                sourced.place(object.at())
                    + ": "
                    + object.label()
                    + " says nothing about seccomp and is passed over");
        case PolicyReader.NoPolicy _ -> {
          if (RbacReader.isRbac(object)) {
            complain(sourced, rbac.add(object), complaints);
          }
        }
      }
    }
    Rbac all = rbac.rbac();
    notes.addAll(all.dangling());
    return new PolicySet(policies, all, notes, complaints);
  }

  /// What annotations of a PodSecurityPolicy look as if they had a meaning, and do not.
  public static List<String> oddKeys(SourcedObject sourced) {
    return PolicyKeys.odd(sourced.object()).stream()
        .map(odd ->
            sourced.place(odd.path().at())
                + ": "
                + sourced.object().label()
                + ": "
                + odd.path().text()
                + " "
                + odd.text())
        .toList();
  }

  private static void complain(
      SourcedObject sourced, List<FieldError> errors, List<Diagnostic> complaints) {
    errors.forEach(error -> complaints.add(sourced.complaint(error)));
  }
}
