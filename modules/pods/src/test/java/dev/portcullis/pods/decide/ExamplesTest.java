package dev.portcullis.pods.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.Manifests;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyReader;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.RbacReader;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What examples/README.md says about who may run which example.
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("examples");
  private static final List<String> GROUPS =
      List.of("nobody", "developers", "explorers", "administrators");

  @ParameterizedTest
  @CsvSource({
    "default.yaml,              developers explorers administrators",
    "trustworthy-pod.yaml,      administrators",
    "explorer.yaml,             explorers administrators",
    "override.yaml,             developers explorers administrators",
    "init-container.yaml,       explorers administrators",
    "own-filter.yaml,           developers explorers administrators",
    "browser-sandbox.yaml,      explorers administrators",
    "refused.yaml,              administrators",
    "workloads/deployment.yaml, nobody developers explorers administrators",
    "workloads/cronjob.yaml,    nobody developers explorers administrators",
  })
  void whoMay(String file, String groups) throws IOException {
    Pod pod = pod(file);
    List<String> admitted = new ArrayList<>();
    for (String group : GROUPS) {
      Judgement judgement = judge(pod, group, "default");
      assertThat(judgement.warnings())
          .noneMatch(warning -> warning.text().contains("no container"));
      if (judgement.admitted()) {
        admitted.add(group);
      }
    }
    assertThat(String.join(" ", admitted)).isEqualTo(groups);
  }

  @Test
  void explorersExploreInOneNamespaceOnly() throws IOException {
    Pod pod = pod("explorer.yaml");
    assertThat(judge(pod, "explorers", "default").admitted()).isTrue();
    assertThat(judge(pod, "explorers", "elsewhere").admitted()).isFalse();
  }

  @Test
  void theTableAndThisTestKnowEveryExample() throws IOException {
    String table = Files.readString(EXAMPLES.resolve("README.md"));
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      List<String> names =
          files
              .filter(Files::isRegularFile)
              .map(file -> EXAMPLES.relativize(file).toString())
              .filter(name -> !name.equals("README.md"))
              .toList();
      assertThat(names).hasSize(18);
      assertThat(names).allSatisfy(name -> assertThat(table).contains("[" + name + "]"));
    }
  }

  private static Pod pod(String file) throws IOException {
    return objects(file).stream()
        .<Pod>mapMulti((object, found) -> {
          Pod pod = PodReader.read(object);
          if (pod != null) {
            found.accept(pod);
          }
        })
        .findFirst()
        .orElseThrow();
  }

  private static Judgement judge(Pod pod, String group, String namespace) throws IOException {
    RbacReader reader = new RbacReader("default");
    List<Policy> policies = new ArrayList<>();
    try (Stream<Path> files = Files.walk(EXAMPLES.resolve("policies"))) {
      for (Path file : new TreeSet<>(files.filter(Files::isRegularFile).toList())) {
        for (KubernetesObject object : objects(EXAMPLES.relativize(file).toString())) {
          if (RbacReader.isRbac(object)) {
            assertThat(reader.add(object)).isEmpty();
          } else if (PolicyReader.read(object) instanceof PolicyReader.Usable(Policy policy)) {
            policies.add(policy);
          } else {
            throw new AssertionError(file + ": " + object);
          }
        }
      }
    }
    Rbac rbac = reader.rbac();
    assertThat(rbac.dangling()).isEmpty();
    assertThat(policies)
        .extracting(Policy::name)
        .containsExactlyInAnyOrder("developers", "explorers", "administrators");
    Grants grants =
        Grants.known((user, policy, in) ->
            policy.kind().groups().stream()
                .map(api -> new Rbac.Resource(api, policy.kind().resource(), policy.name()))
                .anyMatch(resource -> rbac.allows(user, "use", resource, in)));
    PolicyScope rules =
        new PolicyScope.PoliciesForUser(
            Policies.of(policies),
            grants,
            Strictness.unknown("no file is read here"),
            User.requesting("ann", List.of(group)));
    return new Judge(rules, ProfileName.RUNTIME_DEFAULT, namespace).judge(pod);
  }

  private static List<KubernetesObject> objects(String file) throws IOException {
    return Manifests.objects(Files.readString(EXAMPLES.resolve(file)));
  }
}
