package dev.portcullis.cli.input;

import dev.portcullis.pods.decide.Judgement;

/// A pod, where it came from and what became of it.
public record JudgedPod(String file, Judgement judgement) {}
