package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Table;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.documents.MappingBuilder;
import org.jspecify.annotations.Nullable;

/// What was proven of a process, in a cell of a table and in JSON.
public final class ProofWords {
  private ProofWords() {}

  public static Table.Cell cell(@Nullable Proof proof) {
    return switch (proof) {
      case null -> Table.Cell.of("-");
      case Proof.Proven(int further, _) ->
          new Table.Cell(further == 0 ? "proven" : "proven, and " + further + " more", Paint.GOOD);
      case Proof.Equal(_, int further, _) ->
          new Table.Cell(further == 0 ? "equal" : "equal, and " + further + " more", Paint.WARNING);
      case Proof.Different _ -> new Table.Cell("different", Paint.BAD);
      case Proof.Unknown _ -> new Table.Cell("unproven", Paint.BAD);
    };
  }

  /// `proven`: true, or false with the reason; null where nothing was to be proven, or nothing
  /// could be. `asSevere` is true where errnos are the reason.
  public static void put(@Nullable Proof proof, MappingBuilder kernel) {
    switch (proof) {
      case null -> kernel.putNull("proven");
      case Proof.Proven _ -> kernel.put("proven", true);
      case Proof.Equal _ ->
          kernel.put("proven", false).put("asSevere", true).put("reason", proof.detail());
      case Proof.Different _, Proof.Unknown _ ->
          kernel.put("proven", false).put("reason", proof.detail());
    }
  }
}
