package dev.portcullis.compilation;

import java.time.Duration;

/// A program that asks for a filter that is never made, and says which process has to make it.
final class AsksForEver {
  private AsksForEver() {}

  static void main() {
    Duration hour = Duration.ofHours(1);
    Launch launch =
        () -> {
          Process process = Launch.ofThisRuntime(3600, 0).start();
          Thread.ofPlatform()
              .start(() -> {
                while (process
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .compareTo(Duration.ofSeconds(2))
                    < 0) {
                  try {
                    Thread.sleep(100);
                  } catch (InterruptedException stopping) {
                    return;
                  }
                }
                System.out.println(process.pid());
              });
          return process;
        };
    BoundedCompiler.ofServer(new CompilationLimits(hour, hour, hour, hour, 1), launch, launch)
        .compile(Rulesets.hanging(1));
  }
}
