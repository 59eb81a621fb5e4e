package dev.portcullis.profiles.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.key.ProfileKey;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofRecordTest {
  @Test
  void isReadAsItWasWritten() {
    ProofRecord record =
        new ProofRecord(
            Map.of(
                new ProfileKey("b,c=\".json"),
                new StrictnessEvidence(new ProfileName.Localhost("base.json"), "aa", "cc"),
                new ProfileKey("a.json"),
                new StrictnessEvidence(ProfileName.UNCONFINED, "bb", null)));
    assertThat(record.text())
        .isEqualTo(
            "[{\"profile\":\"localhost/a.json\",\"sha256\":\"bb\",\"noWeakerThan\":\"unconfined\"},"
                + "{\"profile\":\"localhost/b,c=\\\".json\",\"sha256\":\"aa\","
                + "\"noWeakerThan\":\"localhost/base.json\",\"baseSha256\":\"cc\"}]");
    assertThat(ProofRecord.read(record.text())).isEqualTo(record);
  }

  @Test
  void oneOfAnOlderPortcullisDoesNotSayWhatTheBaseWas() {
    ProofRecord record =
        ProofRecord.read(
            "[{\"profile\":\"localhost/a\",\"sha256\":\"aa\",\"noWeakerThan\":\"localhost/b\"}]");
    assertThat(record)
        .isEqualTo(
            new ProofRecord(
                Map.of(
                    new ProfileKey("a"),
                    new StrictnessEvidence(new ProfileName.Localhost("b"), "aa", null))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[1]",
        "[{}]",
        "[{\"profile\": \"localhost/a\", \"sha256\": \"aa\"}]",
        "[{\"profile\": \"localhost/a\", \"sha256\": 1, \"noWeakerThan\": \"unconfined\"}]",
        "[{\"profile\": \"localhost/a\", \"sha256\": \"aa\", \"noWeakerThan\": \"base\"}]",
        "[{\"profile\": \"localhost/a\", \"sha256\": \"aa\", \"noWeakerThan\": \"localhost/b\","
            + " \"baseSha256\": 1}]",
        "[{\"profile\": \"unconfined\", \"sha256\": \"aa\", \"noWeakerThan\": \"localhost/b\"}]",
        "[{\"profile\": \"localhost/a//b\", \"sha256\": \"aa\", \"noWeakerThan\":"
            + " \"localhost/b\"}]",
        "[] []"
      })
  void whatPortcullisDoesNotWriteIsNone(String text) {
    assertThat(ProofRecord.read(text)).isNull();
  }
}
