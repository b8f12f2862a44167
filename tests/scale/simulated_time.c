/* The clock and sleep of a simulated rank. The simulator has its own, which measure the time that
   the simulation itself takes, by a system call each: with millions of them that was most of it. */
#include <simgrid/actor.h>
#include <simgrid/engine.h>

/* What a look at the clock and a sched_yield take on a real machine, in seconds. */
static const double CLOCK_READ = 20e-9;
static const double YIELD = 0.5e-6;

void simulated_time_passes(double seconds) {
  sg_actor_sleep_for(seconds);
}

/* Reading the clock must let time pass, or a rank that waits for a moment would stop it for all. As
   every change of it costs much to simulate, one read in a hundred, whosever it is, pays for all.
 */
int simulated_clock_gettime(clockid_t clock, struct timespec *now) {
  enum { READS_AT_ONCE = 100 };
  static int reads;
  (void)clock;
  if (++reads == READS_AT_ONCE) {
    reads = 0;
    simulated_time_passes(READS_AT_ONCE * CLOCK_READ);
  }
  double seconds = simgrid_get_clock();
  now->tv_sec = (time_t)seconds;
  now->tv_nsec = (long)(1e9 * (seconds - (double)now->tv_sec));
  return 0;
}

int simulated_nanosleep(const struct timespec *pause, struct timespec *left) {
  (void)left;
  simulated_time_passes((double)pause->tv_sec + 1e-9 * (double)pause->tv_nsec);
  return 0;
}

int simulated_yield(void) {
  simulated_time_passes(YIELD);
  return 0;
}
