package dev.portcullis.compilation;

import dev.portcullis.seccomp.compile.LibseccompCalls;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.SynchronousQueue;

/// The process that calls libseccomp: reads rulesets from standard input, writes answers to
/// standard output. Its own limits are for the time when its parent is not there to kill it.
public final class CompilingProcess {
  /// The first byte that it writes: it is ready.
  static final int READY = 'P';

  private CompilingProcess() {}

  /// Serves until its standard input ends.
  ///
  /// @param args seconds of processor time for a request; and how nice it is to others
  public static void main(String[] args) throws InterruptedException, IOException {
    OwnLimits limits = new OwnLimits(Integer.parseInt(args[0]));
    limits.begin(Integer.parseInt(args[1]));
    SynchronousQueue<byte[]> requests = new SynchronousQueue<>();
    Thread reader = new Thread(() -> read(requests), "requests");
    reader.setDaemon(true);
    reader.start();
    RulesetCompiler compiler =
        LibseccompCalls.ofThisMachine()
            .<RulesetCompiler>map(calls -> calls)
            .orElse(_ -> new RulesetCompiler.Undecided("libseccomp cannot be loaded any more"));
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    out.write(READY);
    out.flush();
    while (true) {
      byte[] request = requests.take();
      limits.renew();
      byte[] answer = Frames.ofAnswer(compiler.compile(Frames.ruleset(request)));
      out.writeInt(answer.length);
      out.write(answer);
      out.flush();
    }
  }

  /// Ends this process with the other one, also while libseccomp holds the thread that calls it.
  private static void read(SynchronousQueue<byte[]> requests) {
    try (DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in))) {
      while (true) {
        int length = in.readInt();
        if (length < 0 || length > Frames.LONGEST_REQUEST) {
          throw new IOException("a request of " + length + " bytes");
        }
        byte[] request = in.readNBytes(length);
        if (request.length < length) {
          throw new EOFException();
        }
        requests.put(request);
      }
    } catch (IOException | InterruptedException end) {
      Runtime.getRuntime().halt(0);
    }
  }
}
