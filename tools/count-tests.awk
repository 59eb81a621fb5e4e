# Counts the tests of JUnit's XML reports (the arguments) and lists those that were skipped, failed, or passed only when run again.
# Ends with the ten slowest classes and `N passed, N failed, N skipped`. -v maven=CODE is how Maven ended, -v seconds=N how
# long all took.
# Fails where a test or Maven failed, or where nothing ran.

function attribute(name,    from, rest) {
  from = index($0, " " name "=\"")
  if (from == 0) return ""
  rest = substr($0, from + length(name) + 3)
  rest = substr(rest, 1, index(rest, "\"") - 1)
  gsub(/&#10;|\n/, " ", rest)
  gsub(/&lt;/, "<", rest)
  gsub(/&gt;/, ">", rest)
  gsub(/&quot;/, "\"", rest)
  gsub(/&apos;|&#39;/, "'", rest)
  gsub(/&amp;/, "\\&", rest)
  return rest
}

BEGIN {
  # A record is a tag and the text behind it.
  RS = "<"
  # Where no report was written the shell hands over the pattern itself.
  for (i = 1; i < ARGC; i++) {
    if ((getline line < ARGV[i]) < 0) ARGV[i] = ""
    else { close(ARGV[i]); files++ }
  }
  if (files == 0) exit
}

/^testcase[ \n]/ {
  total++
  test = attribute("classname") "." attribute("name")
  time = attribute("time")
  gsub(/,/, "", time)
  took[attribute("classname")] += time
  done = 0
}

/^(failure|error)[ \n>\/]/ && !done {
  done = 1
  failed++
  failures = failures "  " test ": " substr(attribute("message"), 1, 200) "\n"
}

# Surefire ran it again, and it passed.
/^flaky(Failure|Error)[ \n>\/]/ && !done {
  done = 1
  flaky = flaky "  " test ": " substr(attribute("message"), 1, 200) "\n"
}

/^skipped[ \n>\/]/ && !done {
  done = 1
  skipped++
  reason = attribute("message")
  skips = skips "  " test ": "
  if (reason == "") waiting = 1
  else skips = skips reason "\n"
}

# An assumption that does not hold gives its reason in the text, as the first line of a stack trace.
/^!\[CDATA\[/ && waiting {
  reason = substr($0, length("![CDATA[") + 1)
  sub(/\n.*/, "", reason)
  sub(/^[A-Za-z0-9.]*Exception: (Assumption failed: )?/, "", reason)
  skips = skips reason "\n"
  waiting = 0
}

/^\/testcase/ && waiting {
  skips = skips "no reason given\n"
  waiting = 0
}

# The slowest class that was not printed yet, and its seconds.
function slowest(    class, most) {
  for (class in took) if (most == "" || took[class] > took[most]) most = class
  if (most == "") return
  printf "  %6.1f s  %s\n", took[most], most
  delete took[most]
}

END {
  print ""
  if (total) {
    print "Slowest:"
    for (i = 0; i < 10; i++) slowest()
  }
  if (skipped) printf "Skipped:\n%s", skips
  if (flaky) printf "Failed once and passed when run again, which is a fault of the test or of what it tests:\n%s", flaky
  if (failed) printf "Failed (details: modules/*/target/surefire-reports/*.txt):\n%s", failures
  if (maven && !failed) print "Maven failed; see its output above."
  if (!total) print "No test ran."
  if (seconds) printf "%d min %d s\n", seconds / 60, seconds % 60
  printf "%d passed, %d failed, %d skipped\n", total - failed - skipped, failed, skipped
  exit (maven || failed || total - failed - skipped <= 0) ? 1 : 0
}
