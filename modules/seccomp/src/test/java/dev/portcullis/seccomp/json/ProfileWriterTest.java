package dev.portcullis.seccomp.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.seccomp.Profiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileWriterTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'defaultAction':'SCMP_ACT_KILL'}",
        "{'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':38,"
            + "'architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86'],"
            + "'flags':['SECCOMP_FILTER_FLAG_LOG'],'listenerPath':'/l','listenerMetadata':'m',"
            + "'syscalls':[{'names':['a','b'],'action':'SCMP_ACT_TRACE','errnoRet':65535,"
            + "'args':[{'index':1,'value':18446744073709551615,'valueTwo':3,"
            + "'op':'SCMP_CMP_MASKED_EQ'}]}]}",
      })
  void whatWasOciComesOutAsItWas(String json) {
    assertThat(
            JsonWriter.compact(ProfileWriter.tree(Profiles.resolved(Profiles.profile(json))))
                .replace('"', '\''))
        .isEqualTo(json);
  }

  @Test
  void commentsAreLeftOut() {
    assertThat(
            ProfileWriter.write(
                Profiles.resolved(
                    Profiles.with(
                        "ALLOW", "{'names':['a'],'action':'SCMP_ACT_LOG','comment':'secret'}"))))
        .doesNotContain("comment")
        .endsWith("}\n");
  }
}
