package dev.portcullis.cluster;

import static java.net.HttpURLConnection.HTTP_BAD_REQUEST;
import static java.net.HttpURLConnection.HTTP_GONE;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/// All objects of a kind, followed for as long as the process lives: listed, and watched from
/// there. A watch that ends goes on from the last version that it reported; where the API server
/// has forgotten that, all are listed again, and what has not changed is not reported again.
/// Meanwhile what was last seen stands.
///
/// Where the API server refuses, because it has no such kind or does not grant the right, it is
/// asked ever more rarely, and once a minute in the end. One that did not answer is followed anew
/// as soon as it answers.
public final class ObjectWatch implements AutoCloseable {
  /// Objects in one answer of a list; of small ones.
  public static final long PAGE = 250;

  private static final Logger LOG = System.getLogger(ObjectWatch.class.getName());

  /// The version of an object of which the listener could not be notified.
  private static final String UNTOLD = "";

  private final ClusterConnection connection;
  private final ApiCollection objects;
  private final Settings settings;
  private final Consumer<StoredObject> changed;
  private final Consumer<String> removed;
  private final WatchLoop loop;

  /// By name, the version that was reported to the listener. What matters in an object has been
  /// read by then, and a thousand objects with their managed fields are ten megabytes.
  private final ConcurrentMap<String, String> versions = new ConcurrentHashMap<>();

  /// From which a watch goes on; empty where a list has to come first.
  private String position = "";

  private boolean stood;
  private volatile boolean synced;

  /// @param page how many may be in one answer of a list
  private record Settings(WatchTarget watched, WatchPace pace, WatchLife life, long page) {}

  private ObjectWatch(
      ClusterConnection connection,
      ApiCollection objects,
      Settings settings,
      Consumer<StoredObject> changed,
      Consumer<String> removed) {
    this.connection = connection;
    this.objects = objects;
    this.settings = settings;
    this.changed = changed;
    this.removed = removed;
    loop = new WatchLoop(settings.watched(), settings.pace(), _ -> live());
  }

  /// Begins to follow objects. A listener that throws is notified of that object again by the next
  /// list.
  ///
  /// @param objects of the whole cluster, or of one namespace: they are known by their names
  /// @param pace how often an API server is asked that does not answer
  /// @param page how many may be in one answer of a list
  /// @param changed called for every object that is new or other, one at a time
  /// @param removed called with the name of one that is no more
  public static ObjectWatch start(
      ClusterConnection connection,
      ApiCollection objects,
      WatchTarget watched,
      WatchPace pace,
      long page,
      Consumer<StoredObject> changed,
      Consumer<String> removed) {
    Settings settings = new Settings(watched, pace, WatchLife.ofResumed(), page);
    return start(connection, objects, settings, changed, removed);
  }

  /// @param life how long each watch lasts
  static ObjectWatch start(
      ClusterConnection connection,
      ApiCollection objects,
      WatchTarget watched,
      WatchPace pace,
      WatchLife life,
      Consumer<StoredObject> changed,
      Consumer<String> removed) {
    return start(connection, objects, new Settings(watched, pace, life, PAGE), changed, removed);
  }

  private static ObjectWatch start(
      ClusterConnection connection,
      ApiCollection objects,
      Settings settings,
      Consumer<StoredObject> changed,
      Consumer<String> removed) {
    ObjectWatch watch = new ObjectWatch(connection, objects, settings, changed, removed);
    watch.loop.start();
    return watch;
  }

  /// Until the API server refuses.
  ///
  /// @return whether the watch stood meanwhile
  private boolean live() throws InterruptedException {
    Backoff look = settings.pace().look();
    Duration pause = look.first();
    boolean stoodEver = false;
    while (!loop.isClosed()) {
      stood = false;
      boolean over = false;
      try {
        if (position.isEmpty()) {
          position = list();
        }
        over = watch();
      } catch (ApiFailure failed) {
        if (isNewBeginning(failed) || (stood && failed.code() != 429)) {
          // In the middle of a watch, a server reports what it cannot send: an object that it
          // cannot read, say. It would report that again and again.
          position = "";
        }
        if (failed.code() != HTTP_GONE) {
          loop.say(failed);
        }
        if (WatchFailureLog.isRefusal(failed)) {
          return stoodEver || stood;
        }
      } catch (UnreadableAnswerException wrong) {
        // It would come again from there.
        position = "";
        loop.say(wrong);
      } catch (IOException broken) {
        // Whether anything is in the way, the next one finds out.
      }
      if (stood) {
        stoodEver = true;
        pause = look.first();
      }
      if (!over) {
        // Thousands lose their watches in the same moment, when an API server ends.
        Thread.sleep(Backoff.spread(pause.dividedBy(2)));
        pause = look.after(pause);
      }
    }
    return stoodEver;
  }

  /// Whether a watch cannot go on from where it was: the server has forgotten that, or never had it
  /// (its storage was restored from a copy), or objects may have gone meanwhile unseen.
  private static boolean isNewBeginning(ApiFailure failed) {
    return failed.isFor("ResourceVersionTooLarge")
        || (failed.code() >= HTTP_BAD_REQUEST
            && failed.code() < 500
            && failed.code() != 429
            && failed.code() != HTTP_UNAUTHORIZED);
  }

  /// @return the version that the list is of
  private String list() throws ApiFailure {
    PagedList list = new PagedList(connection, objects, settings.page(), what("list"));
    Set<String> there = new HashSet<>();
    for (List<StoredObject> page = list.next(); page != null; page = list.next()) {
      for (StoredObject object : page) {
        there.add(object.name());
        tell(object);
      }
    }
    for (String name : List.copyOf(versions.keySet())) {
      if (!there.contains(name)) {
        tellGone(name);
      }
    }
    synced = true;
    return list.version();
  }

  /// @return whether it lasted as long as it was to
  private boolean watch() throws IOException {
    try (WatchEvents events =
        WatchEvents.open(connection, objects, position, settings.life(), what("watch"))) {
      stood = true;
      loop.stands();
      for (var event = events.next(); event != null; event = events.next()) {
        switch (event.type()) {
          case ADDED, MODIFIED -> tell(event.object());
          case DELETED -> tellGone(event.object().name());
          case BOOKMARK -> {}
        }
        if (!event.object().version().isEmpty()) {
          position = event.object().version();
        }
      }
      if (events.isOver() && !events.isHeard()) {
        // A server that was restored from a backup reports nothing until it has reached our version
        // again.
        position = "";
      }
      return events.isOver();
    }
  }

  private String what(String verb) {
    return verb + " " + settings.watched().text();
  }

  private void tell(StoredObject object) {
    String name = object.name();
    String version = object.version();
    if (loop.isClosed() || (!version.isEmpty() && version.equals(versions.get(name)))) {
      return;
    }
    versions.put(name, UNTOLD);
    try {
      changed.accept(object);
      versions.put(name, version);
    } catch (RuntimeException unforeseen) {
      say(name, unforeseen);
    }
  }

  private void tellGone(String name) {
    if (loop.isClosed() || versions.remove(name) == null) {
      return;
    }
    try {
      removed.accept(name);
    } catch (RuntimeException unforeseen) {
      versions.put(name, UNTOLD);
      say(name, unforeseen);
    }
  }

  private void say(String name, RuntimeException unforeseen) {
    LOG.log(
        Level.ERROR,
        "of "
            + settings.watched().text()
            + ", \""
            + name
            + "\" could not be taken in; it is tried"
            + " again with the next list: "
            + unforeseen,
        unforeseen);
  }

  /// Whether the first list is in, and the listener was notified of all that is in it. What was
  /// synced once stays so.
  public boolean synced() {
    return synced;
  }

  /// Whether the API server had no such kind when it was asked last.
  public boolean isMissing() {
    return loop.isMissing();
  }

  /// The names of all objects that are there, with the one of which the listener is just notified.
  public Set<String> names() {
    return Set.copyOf(versions.keySet());
  }

  @Override
  public void close() {
    loop.close();
  }
}
