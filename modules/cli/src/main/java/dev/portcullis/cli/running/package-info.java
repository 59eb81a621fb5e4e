/// Running pods from the command line: a runtime, one thread a pod, and what a person sees.
@NullMarked
package dev.portcullis.cli.running;

import org.jspecify.annotations.NullMarked;
