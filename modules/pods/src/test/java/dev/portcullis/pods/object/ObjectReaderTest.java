package dev.portcullis.pods.object;

import static dev.portcullis.pods.Manifests.found;
import static dev.portcullis.pods.Manifests.kinds;
import static dev.portcullis.pods.Manifests.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectReaderTest {
  @Test
  void listsAreOpened() {
    assertThat(
            objects(
                """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Pod}
                - apiVersion: v1
                  kind: List
                  items: [{apiVersion: apps/v1, kind: Deployment}]
                """))
        .extracting(KubernetesObject::kind)
        .containsExactly("Pod", "Deployment");
  }

  @Test
  void theItemsOfATypedListNeedNotSayWhatTheyAre() {
    assertThat(objects("{apiVersion: apps/v1, kind: DeploymentList, items: [{metadata: {}}]}"))
        .extracting(KubernetesObject::apiVersion, KubernetesObject::kind)
        .containsExactly(tuple("apps/v1", "Deployment"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{defaultAction: SCMP_ACT_ALLOW}", "[1, 2]", "text", "{metadata: {}}"})
  void whatIsNoObjectIsForeign(String yaml) {
    assertThat(found(yaml)).singleElement().isInstanceOf(ObjectReader.Foreign.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{apiVersion: v1}|REQUIRED kind",
        "{kind: Pod}|REQUIRED apiVersion",
        "{metadata: {}, spec: {}}|REQUIRED kind",
        "{apiVersion: v1, kind: 5}|TYPE_INVALID kind",
        "{apiVersion: v1, kind: List, items: {}}|TYPE_INVALID items",
        "{apiVersion: v1, kind: List, items: [5]}|TYPE_INVALID items[0]",
        "{apiVersion: v1, kind: List, items: [{kind: Pod}]}|REQUIRED items[0].apiVersion",
      })
  void whatIsMeantAsAnObjectAndIsNone(String yaml, String expected) {
    assertThat(found(yaml)).singleElement().isInstanceOf(ObjectReader.Broken.class);
    FieldError error = ((ObjectReader.Broken) found(yaml).getFirst()).error();
    assertThat(kinds(List.of(error))).containsExactly(expected);
  }

  @Test
  void listsInListsEnd() {
    String list = "{apiVersion: v1, kind: Pod}";
    for (int i = 0; i < 6; i++) {
      list = "{apiVersion: v1, kind: List, items: [" + list + "]}";
    }
    assertThat(found(list)).singleElement().isInstanceOf(ObjectReader.Broken.class);
  }

  @Test
  void valuesAreQuotedAsGoQuotesThem() {
    assertThat(GoQuote.quote("a\"\\\n\u0000\u001b[31mü\u202e\u00ad\ud83d\ude00"))
        .isEqualTo("\"a\\\"\\\\\\n\\x00\\x1b[31mü\\u202e\\u00ad\ud83d\ude00\"");
  }
}
