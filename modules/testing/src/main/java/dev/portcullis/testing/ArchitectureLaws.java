package dev.portcullis.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/// The laws that several modules keep, each to be checked with a module's [MainClasses].
public final class ArchitectureLaws {
  /// A pure module: no file, network, thread, process, environment or time of day.
  public static final ArchRule VALUES_ONLY =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio.file..", "java.util.concurrent..")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(
              System.class, Thread.class, Runtime.class, ProcessBuilder.class, Clock.class)
          .orShould()
          .callMethod(Instant.class, "now");

  /// A module that does not even compute with times.
  public static final ArchRule NO_TIME =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("java.time..");

  /// No functions of native libraries.
  public static final ArchRule NO_NATIVE_CODE =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("java.lang.foreign..");

  /// No classes of gRPC and protobuf: those generated for CRI, and the libraries.
  public static final ArchRule NO_GENERATED_TYPES =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("runtime.v1..", "io.grpc..", "io.netty..", "com.google.protobuf..");

  /// Nothing is printed to the streams of the process.
  public static final ArchRule NO_STANDARD_STREAMS =
      noClasses()
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  private ArchitectureLaws() {}

  /// The packages of a module have no cycle.
  ///
  /// @param module the package that they are in
  public static ArchRule noCyclesIn(String module) {
    return slices().matching(module + ".(*)..").should().beFreeOfCycles();
  }

  /// Only one package uses these libraries.
  ///
  /// @param name the package; those below it may use them, too
  public static ArchRule onlyIn(String name, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries);
  }
}
