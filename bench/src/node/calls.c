/* Calls of a container that is recorded, or not.
 *   calls cost       the least time of a call that a recording has seen before, and of one whose
 *                    arguments it keeps, which it sees each time
 *   calls refused FILE  waits; while FILE is there, it makes as many calls of symlinkat a second
 *                    as the file says
 *   calls wait FILE  waits; while FILE is there, it makes 1,000 calls a second of the second kind */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

/* Of many short rounds the shortest was not interrupted. */
static double least(long number, int calls) {
  double best = 1e9;
  for (int round = 0; round < 200; round++) {
    double begin = now();
    for (int i = 0; i < calls; i++) syscall(number, -1, TIOCGWINSZ, 0);
    double each = (now() - begin) / calls * 1e9;
    if (each < best) best = each;
    usleep(2000);
  }
  return best;
}

int main(int count, char **words) {
  if (count == 2 && !strcmp(words[1], "cost")) {
    syscall(SYS_getppid);
    sleep(2);
    printf("%.0f ns, with arguments %.0f ns", least(SYS_getppid, 1000), least(SYS_ioctl, 100));
  } else if (count == 3 && !strcmp(words[1], "wait")) {
    while (1) {
      if (access(words[2], F_OK)) {
        sleep(1);
        continue;
      }
      for (int i = 0; i < 20; i++) syscall(SYS_ioctl, -1, TIOCGWINSZ, 0);
      usleep(20000);
    }
  }
  if (count == 3 && !strcmp(words[1], "refused")) {
    while (1) {
      FILE *file = fopen(words[2], "r");
      int rate = 0;
      if (!file || fscanf(file, "%d", &rate) != 1) rate = 0;
      if (file) fclose(file);
      if (!rate) sleep(1);
      double begin = now();
      for (int made = 0; made < rate;) {
        int due = (now() - begin) * rate;
        for (; made < due && made < rate; made++) syscall(SYS_symlinkat, "a", -100, "/none/b");
        usleep(1000);
      }
    }
  }
  return 0;
}
