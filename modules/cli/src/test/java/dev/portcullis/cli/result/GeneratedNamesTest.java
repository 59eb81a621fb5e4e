package dev.portcullis.cli.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratedNamesTest {
  @ParameterizedTest
  @CsvSource({
    "web-6d4cf56db6-xk2zp, Deployment, web, true",
    "web-5d4f-bbbbb, Deployment, web, true",
    "web-xk2zp, Deployment, web, false",
    "web-0, Deployment, web, false",
    "web-0, StatefulSet, web, true",
    "web-12, StatefulSet, web, true",
    "web-xk2zp, StatefulSet, web, false",
    "web-xk2zp, DaemonSet, web, true",
    "web-xk2za, DaemonSet, web, false",
    "web, DaemonSet, web, false",
    "web-api-xk2zp, DaemonSet, web, false",
    "job-xk2zp, Job, job, true",
    "job-3-xk2zp, Job, job, true",
    "job-28394820-xk2zp, CronJob, job, true",
    "job-xk2zp, CronJob, job, false",
    "roll-6d4cf56db6-xk2zp, Rollout, roll, true",
    "roll-0, Rollout, roll, true",
    "rollout-0, Rollout, roll, false",
    "-xk2zp, DaemonSet, '', false"
  })
  void aPodOfAWorkload(String pod, String kind, String workload, boolean may) {
    assertThat(GeneratedNames.mayBe(pod, kind, workload)).isEqualTo(may);
  }
}
