package dev.portcullis.admission.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A program that proves things about profiles that were made to be hard, and says what came of
/// each on a line.
final class ProofsInLittleMemory {
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(17);

  private ProofsInLittleMemory() {}

  static void main() {
    ContentProofs proofs = new ContentProofs(Compiler.inThisProcess(), Duration.ofMinutes(1));
    ProofsInLittleMemory here = new ProofsInLittleMemory();
    here.pairs()
        .forEach((name, pair) -> {
          Object answer = proofs.compare(content(pair[0]), content(pair[1]));
          System.out.println(name + ": " + answer.getClass().getSimpleName() + " " + answer);
        });
  }

  private static ProfileContent content(String rules) {
    return new ProfileContent(
        ("{'defaultAction':'SCMP_ACT_ALLOW','architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86',"
                + "'SCMP_ARCH_X32'],'syscalls':["
                + rules
                + "]}")
            .replace('\'', '"')
            .getBytes(UTF_8));
  }

  private Map<String, String[]> pairs() {
    Map<String, String[]> pairs = new LinkedHashMap<>();
    String easy = rule("mkdir", 1, "");
    pairs.put("easy", new String[] {easy, easy});
    for (int arguments : new int[] {2, 3, 6}) {
      for (int terms : new int[] {8, 12, 16, 20, 30, 100, 200}) {
        String name = terms + " terms of " + arguments;
        pairs.put(name, new String[] {terms(terms, arguments), terms(terms, arguments)});
        pairs.put(name + " and less", new String[] {terms(terms, arguments), easy});
      }
    }
    pairs.put("an errno for each value", new String[] {errnos(1), errnos(2)});
    pairs.put("easy again", new String[] {easy, rule("rmdir", 1, "")});
    return pairs;
  }

  /// Masks of single bits that have nothing to do with each other: no order of the bits is good.
  private String terms(int terms, int arguments) {
    return IntStream.range(0, terms)
        .mapToObj(_ ->
            rule(
                "mkdir",
                1,
                IntStream.range(0, arguments)
                    .mapToObj(index -> masked(index, 1L << random.nextInt(64)))
                    .collect(Collectors.joining(","))))
        .collect(Collectors.joining(","));
  }

  private static String errnos(int first) {
    return IntStream.range(0, 500)
        .mapToObj(each ->
            rule("mkdir", first + each, "{'index':0,'value':" + each + ",'op':'SCMP_CMP_EQ'}"))
        .collect(Collectors.joining(","));
  }

  private static String rule(String name, int errno, String arguments) {
    return "{'names':['%s'],'action':'SCMP_ACT_ERRNO','errnoRet':%d,'args':[%s]}"
        .formatted(name, errno, arguments);
  }

  private static String masked(int index, long bit) {
    return "{'index':%d,'value':%s,'valueTwo':%2$s,'op':'SCMP_CMP_MASKED_EQ'}"
        .formatted(index, Long.toUnsignedString(bit));
  }
}
