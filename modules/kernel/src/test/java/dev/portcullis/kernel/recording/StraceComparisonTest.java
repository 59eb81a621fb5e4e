package dev.portcullis.kernel.recording;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.kernel.process.ContainerProcessGroups;
import dev.portcullis.kernel.trace.NeedsTracefs;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.RecordedCall;
import dev.portcullis.seccomp.syscall.SyscallTable;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One run of a program, seen by `strace -f` and by the kernel's trace at the same time: both have
/// the same names.
@NeedsTracefs
class StraceComparisonTest {
  /// A line of strace's: the thread, and the call that it makes.
  private static final Pattern CALL = Pattern.compile("([0-9]+) +([a-z_0-9]+)\\(.*");

  private static final int TRIES = 3;

  @TempDir private Path directory;
  private final List<Process> started = new ArrayList<>();
  private ContainerProcessGroups groups;

  @BeforeEach
  void prepare() throws InterruptedException {
    groups = new ContainerProcessGroups(directory);
    assumeTrue(isThere("strace", "-V"), "NOT COMPARED: strace is missing; apt-get install strace");
  }

  @AfterEach
  void end() throws Exception {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    groups.close();
  }

  private static boolean isThere(String... command) throws InterruptedException {
    try {
      Process tried = new ProcessBuilder(command).redirectErrorStream(true).start();
      tried.getInputStream().transferTo(OutputStream.nullOutputStream());
      return tried.waitFor() == 0;
    } catch (IOException none) {
      return false;
    }
  }

  /// The names by strace, of all but the maker, from the execution of the program on.
  private static Set<String> traced(Path log, Process maker) throws IOException {
    Set<String> names = new TreeSet<>();
    boolean hasBegun = false;
    for (String line : Files.readAllLines(log, ISO_8859_1)) {
      Matcher call = CALL.matcher(line);
      if (call.matches() && !call.group(1).equals(Long.toString(maker.pid()))) {
        hasBegun |= call.group(2).equals("execve");
        if (hasBegun) {
          names.add(call.group(2));
        }
      }
    }
    return names;
  }

  /// strace makes more calls than its program, and is not followed: it attaches to who is.
  private Process attach(Path log, Process maker) throws Exception {
    Process strace =
        new ProcessBuilder(
                "strace", "-f", "-qq", "-o", log.toString(), "-p", Long.toString(maker.pid()))
            .inheritIO()
            .start();
    started.add(strace);
    Path status = Path.of("/proc/" + maker.pid() + "/status");
    Wait.until(
        "it is attached",
        () -> Files.readString(status).contains("TracerPid:\t" + strace.pid() + "\n"));
    return strace;
  }

  /// A process that ends before anybody asks whose it is, as one may on a busy machine, is counted
  /// and in no recording: then there is nothing to compare, and the program runs again.
  private void compare(String what, String script) throws Exception {
    for (int i = 1; i <= TRIES; i++) {
      if (compareOnce(what, script, Files.createDirectory(directory.resolve("try-" + i)))) {
        return;
      }
    }
    fail(what + ": processes are missing in each of " + TRIES + " runs");
  }

  /// @return false where something is missing, and nothing was compared
  private boolean compareOnce(String what, String script, Path at) throws Exception {
    Path program = Files.writeString(at.resolve("program"), script);
    Path log = at.resolve("strace.log");
    Path group = groups.group("compared");
    Process maker =
        new ProcessBuilder(
                "sh",
                "-c",
                "read line; (echo 0 >%s/cgroup.procs; exec sh %s) & wait".formatted(group, program))
            .directory(at.toFile())
            .redirectErrorStream(true)
            .redirectOutput(at.resolve("out").toFile())
            .start();
    started.add(maker);
    try (ContainerCalls calls =
        ContainerCalls.ofNext(
            Architecture.X86_64, SyscallTable.ofThisMachine(), List.of(maker.pid()))) {
      calls.become("" + group.getFileName());
      Process strace = attach(log, maker);
      maker.outputWriter().write("\n");
      maker.outputWriter().flush();
      for (int i = 0; i < 60_000 && maker.isAlive(); i++) {
        calls.poll();
        Thread.sleep(calls.pause());
      }
      assertThat(maker.waitFor(1, SECONDS)).isTrue();
      assertThat(strace.waitFor(60, SECONDS)).isTrue();
      calls.finish();
      assertThat(Files.readString(at.resolve("out"))).contains("all is done");
      if (calls.lost() + calls.omitted() > 0) {
        System.out.println(
            "strace: %s: %d lost, %d omitted".formatted(what, calls.lost(), calls.omitted()));
        return false;
      }
      assertThat(calls.hasOtherClass()).isFalse();
      Set<String> recorded =
          calls.calls().stream()
              .map(RecordedCall::name)
              .collect(Collectors.toCollection(TreeSet::new));
      // What the kernel does not have is asked for, too, and refused by nobody else.
      calls.refused().forEach(each -> recorded.add(each.call().name()));
      System.out.println("strace: " + what + ": " + recorded.size() + " names " + recorded);
      assertThat(recorded).isEqualTo(traced(log, maker));
      return true;
    }
  }

  @Test
  void aShellScript() throws Exception {
    compare(
        "a shell script",
        """
        id; mkdir x; ls -d x; ln -s a b; sort /etc/passwd | head -1 | cat
        for i in 1 2 3 4 5; do sh -c 'echo $$'; done
        mv x y; touch y/f; chmod 600 y/f; rm -r y b; sleep 0.1; (exit 3); kill -0 $$
        echo all is done
        """);
  }

  @Test
  void aServer() throws Exception {
    assumeTrue(isThere("busybox", "true"), "NOT COMPARED: busybox is missing");
    compare(
        "busybox httpd",
        """
        mkdir www; echo page >www/page; port=$((20000 + $$ % 10000))
        busybox httpd -f -p 127.0.0.1:$port -h www & server=$!
        for i in 1 2 3 4 5 6 7 8 9 10; do
          busybox wget -q -O - http://127.0.0.1:$port/page && break; sleep 0.5
        done
        for i in 1 2 3 4 5; do busybox wget -q -O - http://127.0.0.1:$port/page; done
        busybox wget -q -O - http://127.0.0.1:$port/none
        kill $server; wait $server
        echo all is done
        """);
  }

  @Test
  void nginx() throws Exception {
    assumeTrue(
        isThere("nginx", "-v") && isThere("busybox", "true"),
        "NOT COMPARED: nginx or busybox is missing; apt-get install nginx busybox");
    Files.writeString(
        directory.resolve("nginx.conf"),
        """
        pid nginx.pid; error_log error.log; worker_processes 2; events {}
        http {
          access_log access.log;
          client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t;
          scgi_temp_path t;
          server { listen 127.0.0.1:PORT; root www; }
        }
        """);
    compare(
        "nginx",
        """
        chmod 755 .; mkdir www; echo page >www/page; port=$((20000 + $$ % 10000))
        sed s/PORT/$port/ ../nginx.conf >nginx.conf
        nginx -p $PWD -c $PWD/nginx.conf
        for i in 1 2 3 4 5 6; do busybox wget -q -O - http://127.0.0.1:$port/page; done
        busybox wget -q -O - http://127.0.0.1:$port/none
        nginx -p $PWD -c $PWD/nginx.conf -s reload; sleep 1
        busybox wget -q -O - http://127.0.0.1:$port/page
        nginx -p $PWD -c $PWD/nginx.conf -s quit
        while [ -e nginx.pid ]; do sleep 0.1; done
        echo all is done
        """);
  }

  @Test
  void aJavaMachine() throws Exception {
    Files.writeString(
        directory.resolve("Server.java"),
        """
        import com.sun.net.httpserver.HttpServer;
        import java.net.*;
        import java.util.concurrent.Executors;
        class Server {
          public static void main(String[] arguments) throws Exception {
            HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
              exchange.sendResponseHeaders(204, -1);
              exchange.close();
            });
            server.start();
            for (int i = 0; i < 5; i++) {
              var url = new URI("http://127.0.0.1:" + server.getAddress().getPort() + "/").toURL();
              System.out.println(((HttpURLConnection) url.openConnection()).getResponseCode());
            }
            new ProcessBuilder("true").start().waitFor();
            System.out.println("all is done");
            System.exit(0);
          }
        }
        """);
    compare(
        "Java " + Runtime.version().feature(),
        System.getProperty("java.home") + "/bin/java -XX:+UseSerialGC ../Server.java\n");
  }
}
