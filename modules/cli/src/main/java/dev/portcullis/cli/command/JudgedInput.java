package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.input.JudgedPods;
import dev.portcullis.cli.input.ManifestFiles.SourcedObject;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.running.ImagePod;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.run.pod.ObjectIndex;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pods that a command is to start, judged, and the objects that they may refer to.
///
/// @param judge by what they were judged
record JudgedInput(PreparedJudge judge, JudgedPods pods, ObjectIndex objects) {

  /// Reads the files that the command names, or makes the pod of its image. What is wrong is
  /// reported.
  ///
  /// @param image null where pods come from files
  /// @return null where they could not be judged
  static @Nullable JudgedInput read(
      Arguments arguments, @Nullable ImagePod image, InputStream in, Reporter reporter)
      throws UsageException, IOException {
    PreparedJudge made = PreparedJudge.read(arguments, in);
    reporter.complain(made.complaints());
    Judge judge = made.judge();
    if (judge == null) {
      return null;
    }
    JudgedPods pods =
        image == null ? JudgedPods.read(arguments.operands(), in, judge) : image.judged(judge);
    reporter.complain(pods.complaints());
    ObjectIndex objects = new ObjectIndex(made.namespace());
    for (SourcedObject sourced : pods.others()) {
      for (FieldError error : objects.add(sourced.object())) {
        reporter.complain(List.of(sourced.complaint(error)));
      }
    }
    return new JudgedInput(made, pods, objects);
  }

  /// Reports that there is nothing to start, where nothing else is wrong.
  ///
  /// @param chosen the pods that are to be started
  static void requirePods(List<JudgedPod> chosen, Arguments arguments, Reporter reporter) {
    if (chosen.isEmpty() && reporter.code() == ExitCode.OK) {
      reporter.complain(List.of(JudgedPods.none(arguments.operands())));
    }
  }
}
