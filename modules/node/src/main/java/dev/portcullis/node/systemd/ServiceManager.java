package dev.portcullis.node.systemd;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The service manager that started this process (sd_notify(3)), if any.
///
/// @param socket where it listens; null where there is none
/// @param watchdog how often it wants to hear that this process is alive; null where it does not
public record ServiceManager(@Nullable String socket, @Nullable Duration watchdog) {

  /// By `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
  ///
  /// @param pid of this process: the watchdog may be meant for another
  public static ServiceManager of(Map<String, String> environment, long pid) {
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    String microseconds = environment.getOrDefault("WATCHDOG_USEC", "");
    String meant = environment.getOrDefault("WATCHDOG_PID", Long.toString(pid));
    boolean watched = microseconds.matches("[1-9][0-9]{0,14}") && meant.equals(Long.toString(pid));
    return new ServiceManager(
        socket.isEmpty() ? null : socket,
        watched ? Duration.ofNanos(1000 * Long.parseLong(microseconds)) : null);
  }

  /// The service works.
  public void ready(String status) throws IOException {
    tell("READY=1\nSTATUS=" + status);
  }

  /// The service is alive.
  public void alive() throws IOException {
    tell("WATCHDOG=1");
  }

  /// The service ends.
  public void stopping() throws IOException {
    tell("STOPPING=1");
  }

  private void tell(String words) throws IOException {
    if (socket != null) {
      NotifySocket.send(socket, words);
    }
  }
}
