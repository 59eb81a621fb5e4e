package dev.portcullis.kernel.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.portcullis.kernel.libc.NonBlockingFile;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A trace of some threads and of what they start, beside all others of the machine: a directory
/// below `instances` of tracefs, with buffers of its own.
///
/// The kernel keeps it when its owner is killed: the next that is made removes it. Its buffers are
/// given back by the kernel at once. For one thread.
public final class TraceInstance implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("portcullis-([0-9]+)-([0-9]+)-[0-9]+");
  private static final Pattern DATA =
      Pattern.compile(" data;\\s*offset:([0-9]+);\\s*size:([0-9]+);");
  private static final int HEADER_PAGE = 4096;
  private static final AtomicInteger MADE = new AtomicInteger();

  /// Of all processors, and of one at the most and at the least, in KiB.
  private static final int ALL_BUFFERS = 16 * 1024;

  private static final int LARGEST_BUFFER = 1024;
  private static final int SMALLEST_BUFFER = 64;

  /// At the threads of a source, while new ones come.
  private static final int LOOKS = 20;

  private static final String ENTRY = "raw_syscalls/sys_enter";
  private static final String EXIT = "raw_syscalls/sys_exit";
  private static final List<String> EVENTS =
      List.of(ENTRY, EXIT, "sched/sched_process_fork", "sched/sched_process_exec");

  private final TraceFiles files;
  private final Path directory;
  private final ThreadList followed;
  private final FileOutputStream lease;
  private final List<NonBlockingFile> pipes;
  private final TracePages pages;
  private final boolean tellsNative;
  private final int mostPages;
  private List<TraceEvent> held = new ArrayList<>();
  private long before = Long.MIN_VALUE;
  private boolean busy;

  private TraceInstance(
      TraceFiles files,
      Path directory,
      TracePages pages,
      boolean tellsNative,
      int pageBytes,
      int allBuffers)
      throws IOException {
    this.tellsNative = tellsNative;
    this.files = files;
    this.directory = directory;
    this.pages = pages;
    followed = new ThreadList(directory.resolve("set_event_pid"));
    pipes = new ArrayList<>();
    List<Path> processors = list(directory.resolve("per_cpu"), "cpu*");
    int size =
        Math.clamp(
            allBuffers / Math.max(1, processors.size()),
            SMALLEST_BUFFER,
            tellsNative ? Math.max(SMALLEST_BUFFER, allBuffers) : LARGEST_BUFFER);
    mostPages = 2 * size * 1024 / pageBytes;
    write("trace_clock", "mono");
    write("buffer_size_kb", Integer.toString(size));
    write("options/event-fork", "1");
    write("options/disable_on_free", "1");
    // When the last who has it open ends, the kernel stops and frees (tracing_free_buffer_release).
    lease = new FileOutputStream(directory.resolve("free_buffer").toFile());
    try {
      for (Path processor : processors) {
        pipes.add(NonBlockingFile.open(processor.resolve("trace_pipe_raw").toString(), pageBytes));
      }
    } catch (IOException | RuntimeException failed) {
      try (lease) {
        pipes.forEach(NonBlockingFile::close);
        throw failed;
      }
    }
  }

  /// Makes one that follows no thread yet, and removes those whose owners are gone.
  public static TraceInstance create() throws IOException {
    return create(ALL_BUFFERS, false);
  }

  /// The same with other buffers, and with {@link TraceEvent.NativeCall}s, until they are not
  /// wanted any more.
  ///
  /// @param allBuffers of all processors together, in KiB; each has at least 64
  public static TraceInstance createNative(int allBuffers) throws IOException {
    return create(allBuffers, true);
  }

  private static TraceInstance create(int allBuffers, boolean tellsNative) throws IOException {
    requireFirstPidNamespace();
    TraceFiles files = TraceFiles.open();
    try {
      return create(files, allBuffers, tellsNative);
    } catch (IOException | RuntimeException failed) {
      try (files) {
        throw failed;
      }
    }
  }

  /// Traces have the numbers of that.
  private static void requireFirstPidNamespace() throws IOException {
    if (!Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
        .toString()
        // PROC_PID_INIT_INO of linux/proc_ns.h
        .equals("pid:[4026531836]")) {
      throw new IOException(
          "this is another pid namespace than the machine's first, and tracefs has the numbers of"
              + " that: run it on the node itself, or in a pod with hostPID: true");
    }
  }

  private static TraceInstance create(TraceFiles files, int allBuffers, boolean tellsNative)
      throws IOException {
    removeAbandoned(files);
    TracePages pages =
        new TracePages(
            files.events(),
            tellsNative ? CallEvents.ofThisKernel(files.events()) : CallEvents.NONE);
    int pageBytes = pageBytes(files.events().resolve("header_page"));
    long self = ProcessHandle.current().pid();
    Path directory =
        files
            .instances()
            .resolve("portcullis-" + self + "-" + start(self) + "-" + MADE.incrementAndGet());
    Files.createDirectory(directory);
    try {
      return new TraceInstance(files, directory, pages, tellsNative, pageBytes, allBuffers);
    } catch (IOException | RuntimeException failed) {
      try (Closeable _ = () -> Files.deleteIfExists(directory)) {
        throw failed;
      }
    }
  }

  private static int pageBytes(Path headerPage) throws IOException {
    // A reader of a part gets no other part: it is read at once.
    String text;
    try (InputStream in = Files.newInputStream(headerPage)) {
      text = new String(in.readNBytes(HEADER_PAGE), US_ASCII);
    }
    Matcher data = DATA.matcher(text);
    if (!data.find()) {
      throw new IOException(headerPage + " has no field data; this kernel's tracefs is not known");
    }
    return Integer.parseInt(data.group(1)) + Integer.parseInt(data.group(2));
  }

  /// Removes those whose owners are gone. Nothing is mounted for it.
  public static void removeAbandoned() throws IOException {
    Optional<TraceFiles> mounted = TraceFiles.ifMounted();
    if (mounted.isPresent()) {
      try (TraceFiles files = mounted.get()) {
        removeAbandoned(files);
      }
    }
  }

  /// Those of processes that have ended without removing them. One whose files are open stays: its
  /// owner may be in another pid namespace.
  static void removeAbandoned(TraceFiles files) throws IOException {
    for (Path instance : list(files.instances(), "portcullis-*")) {
      Matcher name = NAME.matcher(instance.getFileName().toString());
      if (name.matches() && start(Long.parseLong(name.group(1))) != Long.parseLong(name.group(2))) {
        try {
          Files.deleteIfExists(instance);
        } catch (IOException inUse) {
          // EBUSY, for which the JDK has no type: it stays.
        }
      }
    }
  }

  /// When a process was started (proc(5), `starttime`); -1 where it is gone.
  private static long start(long pid) throws IOException {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
    } catch (NoSuchFileException gone) {
      return -1;
    } catch (IOException gone) {
      if (Files.exists(Path.of("/proc/" + pid))) {
        throw gone;
      }
      return -1;
    }
  }

  private static List<Path> list(Path directory, String pattern) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
      List<Path> found = new ArrayList<>();
      entries.forEach(found::add);
      found.sort(Comparator.naturalOrder());
      return found;
    } catch (DirectoryIteratorException e) {
      throw new IOException(directory + " cannot be listed", e);
    }
  }

  /// Makes events of these calls alone, of both their beginnings and ends.
  public void limit(NumberRanges numbers) throws IOException {
    limit(numbers, numbers);
  }

  /// Makes events of the beginnings of some calls, and of the ends of others.
  private void limit(NumberRanges entries, NumberRanges exits) throws IOException {
    write("events/" + ENTRY + "/filter", entries.text());
    write("events/" + EXIT + "/filter", exits.text());
  }

  /// Makes events of the beginnings of some calls, and of the ends of others where they give this
  /// errno.
  public void limit(NumberRanges entries, NumberRanges exits, int errno) throws IOException {
    write("events/" + ENTRY + "/filter", entries.text());
    write("events/" + EXIT + "/filter", "(" + exits.text() + ")&&ret==-" + errno);
  }

  /// Makes {@link TraceEvent.NativeCall}s of ends of those calls alone that fail. What has no
  /// result, as a beginning, is not filtered (process_system_preds of trace_events_filter.c).
  public void limitToFailures() throws IOException {
    write("events/" + CallEvents.ALL + "/filter", "ret<0");
  }

  /// Follows these threads, too, with all that they will start.
  public void follow(Collection<Long> threads) throws IOException {
    followed.add(threads);
  }

  /// Those of whom no events come, although they are followed, with all that they will start; empty
  /// where the kernel cannot leave out anybody, before Linux 5.7.
  public Optional<ThreadList> leftOut() {
    Path file = directory.resolve("set_event_notrace_pid");
    return Files.exists(file) ? Optional.of(new ThreadList(file)) : Optional.empty();
  }

  /// Where there are threads to follow, asked more than once.
  public interface ThreadSource {
    Collection<Long> threads() throws IOException;
  }

  /// Follows all threads of a source. Those that one of them makes before the kernel follows it are
  /// not followed, so the source is asked until it names no new one, and some twenty times at most.
  ///
  /// @param most how many are enough
  /// @param followed takes each when it is followed
  /// @return how many that are
  public int followAll(ThreadSource source, int most, LongConsumer followed) throws IOException {
    Set<Long> known = new HashSet<>();
    for (int look = 0; look < LOOKS && known.size() < most; look++) {
      List<Long> fresh = source.threads().stream().filter(known::add).toList();
      if (fresh.isEmpty()) {
        break;
      }
      follow(fresh);
      fresh.forEach(followed::accept);
    }
    return known.size();
  }

  /// The threads that it follows; those that have ended some time ago are not among them.
  public List<Long> followed() throws IOException {
    return followed.threads();
  }

  /// Begins. The caller has said before which threads to follow: else it is all of them.
  public void begin() throws IOException {
    for (String event : EVENTS) {
      write("events/" + event + "/enable", "1");
    }
    if (tellsNative) {
      // Of all: one write, after which the kernel runs one more function for each call.
      write("events/" + CallEvents.ALL + "/enable", "1");
    }
  }

  /// No more {@link TraceEvent.NativeCall}s of the beginning of a call.
  ///
  /// @param call as the kernel calls it
  public void endEntries(String call) throws IOException {
    write("events/" + CallEvents.entry(call) + "/enable", "0");
  }

  /// No more of its end.
  public void endExits(String call) throws IOException {
    write("events/" + CallEvents.exit(call) + "/enable", "0");
  }

  /// What has happened, in order, until some time between the last call and this one: what is
  /// younger may still be behind what another processor is about to write.
  public List<TraceEvent> read() throws IOException {
    List<TraceEvent> found = held;
    long now = System.nanoTime();
    long complete = before;
    busy = false;
    for (NonBlockingFile pipe : pipes) {
      int count = 0;
      ByteBuffer page = pipe.read();
      while (page.hasRemaining()) {
        pages.read(page, complete, found);
        count++;
        if (count == mostPages) {
          // The rest waits, and so does what the others have of that time.
          now = Math.min(now, found.isEmpty() ? now : found.getLast().nanos());
          break;
        }
        page = pipe.read();
      }
      busy |= count > mostPages / 16;
    }
    before = now;
    found.sort(Comparator.comparingLong(TraceEvent::nanos));
    int end = 0;
    while (end < found.size() && found.get(end).nanos() <= complete) {
      end++;
    }
    held = new ArrayList<>(found.subList(end, found.size()));
    return List.copyOf(found.subList(0, end));
  }

  /// Whether the buffers were so full when they were last read that they should be read sooner.
  public boolean isBusy() {
    return busy;
  }

  /// In one call of the kernel, for which each is a value of its own. By java.io, which goes on
  /// where the thread is interrupted: it may be the end, and then it must be removed.
  private void write(String file, String text) throws IOException {
    try (FileOutputStream out = new FileOutputStream(directory.resolve(file).toFile())) {
      out.write(text.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new IOException("tracefs does not take \"" + text + "\" for " + file + ": " + e, e);
    }
  }

  /// Removes it. The kernel ends its events, and takes it away only when its files are closed.
  @Override
  public void close() throws IOException {
    try (files;
        Closeable _ = () -> Files.deleteIfExists(directory);
        lease) {
      pipes.forEach(NonBlockingFile::close);
    }
  }
}
