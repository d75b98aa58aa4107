/*
 * A virtual clock beneath a real Node: preloaded, it answers for the C library's clocks on the main thread, and where libuv would wait for a
 * timer it moves the clock exactly to that timer instead. Everything above libuv is Node's own.
 *
 *     cc -shared -fPIC -O2 -o virtual-clock.so virtual-clock.c && LD_PRELOAD=./virtual-clock.so UV_USE_IO_URING=0 node program.mjs
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS_PER_MILLISECOND 1000000LL
#define NANOSECONDS_PER_SECOND 1000000000LL
/* How often the kernel is asked for events before the clock moves: what is sent on the loopback arrives at once, unless the machine is busy. */
#define POLLS_BEFORE_WAITING 20

/* Nanoseconds by which the main thread is ahead of the start of the process. */
static long long elapsed = 0;
static long long monotonic_start = 0;
static long long realtime_start = 0;

static int is_main_thread(void) { return getpid() == (pid_t)syscall(SYS_gettid); }

static long long real_clock(clockid_t id) {
  struct timespec now;
  syscall(SYS_clock_gettime, id, &now);
  return now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

/* Both begin at a whole millisecond, as that is what libuv's timers count in. */
static long long start_of(long long *start, clockid_t id) {
  if (*start == 0) *start = real_clock(id) / NANOSECONDS_PER_MILLISECOND * NANOSECONDS_PER_MILLISECOND;
  return *start;
}

int clock_gettime(clockid_t id, struct timespec *time) {
  long long nanoseconds;
  if (!is_main_thread()) return syscall(SYS_clock_gettime, id, time);
  switch (id) {
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
      nanoseconds = start_of(&monotonic_start, CLOCK_MONOTONIC) + elapsed;
      break;
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
      nanoseconds = start_of(&realtime_start, CLOCK_REALTIME) + elapsed;
      break;
    default:
      return syscall(SYS_clock_gettime, id, time);
  }
  time->tv_sec = nanoseconds / NANOSECONDS_PER_SECOND;
  time->tv_nsec = nanoseconds % NANOSECONDS_PER_SECOND;
  return 0;
}

int gettimeofday(struct timeval *time, void *zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

static int real_wait(int epoll, struct epoll_event *events, int size, int timeout, const sigset_t *mask) {
  return syscall(SYS_epoll_pwait, epoll, events, size, timeout, mask, _NSIG / 8);
}

int epoll_pwait(int epoll, struct epoll_event *events, int size, int timeout, const sigset_t *mask) {
  if (timeout <= 0 || !is_main_thread()) return real_wait(epoll, events, size, timeout, mask);
  for (int i = 0; i < POLLS_BEFORE_WAITING; i++) {
    int count = real_wait(epoll, events, size, 0, mask);
    if (count != 0) return count;
  }
  elapsed += timeout * NANOSECONDS_PER_MILLISECOND;
  return 0;
}

int epoll_wait(int epoll, struct epoll_event *events, int size, int timeout) {
  return epoll_pwait(epoll, events, size, timeout, NULL);
}
