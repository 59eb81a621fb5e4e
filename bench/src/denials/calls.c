/* Calls under a filter that refuses symlink(2), with "log" first under one that logs it, as profiles
 * that complain do, or with "free" first without one.
 *   calls cost N     N times the least time of an allowed and of a refused call
 *   calls rate R S   R refused calls a second for S seconds, from a line on standard input on */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

/* Of many short rounds the shortest was not interrupted. */
static double least(long number, int calls, int rounds) {
  double best = 1e9;
  for (int round = 0; round < rounds; round++) {
    double begin = now();
    for (int i = 0; i < calls; i++) syscall(number, 0, 0, 0);
    double each = (now() - begin) / calls * 1e9;
    if (each < best) best = each;
  }
  return best;
}

static void answer(unsigned int with) {
  struct sock_filter code[] = {
      {0x20, 0, 0, 0},
      {0x15, 0, 1, SYS_symlink},
      {0x06, 0, 0, with},
      {0x06, 0, 0, SECCOMP_RET_ALLOW}};
  struct sock_fprog program = {4, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &program)) exit(1);
}

int main(int count, char **words) {
  if (count > 1 && !strcmp(words[1], "free")) words++, count--;
  else if (count > 1 && !strcmp(words[1], "log")) words++, count--, answer(SECCOMP_RET_LOG);
  else answer(SECCOMP_RET_ERRNO | 1);
  if (count == 3 && !strcmp(words[1], "cost")) {
    for (int i = atoi(words[2]); i > 0; i--) {
      printf("allowed %.0f ns, refused %.0f ns\n", least(SYS_getppid, 5000, 100),
             least(SYS_symlink, 1000, 20));
      fflush(stdout);
      sleep(1);
    }
  } else if (count == 4 && !strcmp(words[1], "rate")) {
    double rate = atof(words[2]), end = atof(words[3]);
    long made = 0;
    getchar();
    for (double begin = now(); now() - begin < end; usleep(2000))
      for (long due = (now() - begin) * rate; made < due; made++) syscall(SYS_symlink, 0, 0);
    printf("made %ld\n", made);
  }
  return 0;
}
