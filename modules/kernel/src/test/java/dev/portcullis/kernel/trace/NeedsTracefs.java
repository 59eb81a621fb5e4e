package dev.portcullis.kernel.trace;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/// Tests that trace real system calls.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.portcullis.kernel.trace.Tracefs#isUsable",
    disabledReason = "needs root and tracefs on Linux, x86_64")
public @interface NeedsTracefs {}
