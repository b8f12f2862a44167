#include "kernels/spend.h"

#include <errno.h>
#include <time.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "core/clock.h"
#include "kernels/burn.h"

/* Linux lets a sleeper wake up to 50 us late, to wake several at once. Set how late, in ns, for the
   calling thread; 0 is its standard. Found on a virtual machine with Linux 6.18: sleeps of 0.1 ms
   last 57 us longer with the standard slack, and 4 us longer with the least. */
static void set_slack(unsigned long nanoseconds) {
#ifdef __linux__
  prctl(PR_SET_TIMERSLACK, nanoseconds, 0UL, 0UL, 0UL);
#else
  (void)nanoseconds;
#endif
}

/* This is work, of a kind: waiting for others is done in mpi/wait.c alone. One relative sleep
   rather than looks at the clock until it is late enough, since a simulation's clock only moves
   while someone sleeps. */
static void sleep_until(double deadline) {
  double left = deadline - clock_seconds();
  if (left > 0) {
    struct timespec pause = {.tv_sec = (time_t)left};
    pause.tv_nsec = (long)(1e9 * (left - (double)pause.tv_sec));
    while (nanosleep(&pause, &pause) != 0 && errno == EINTR) {
    }
  }
}

void spend_start(struct spender *spender, bool burn) {
  *spender =
      (struct spender){.burn = burn, .deadline = burn ? clock_thread_seconds() : clock_seconds()};
  set_slack(1);
}

void spend(struct spender *spender, double seconds) {
  spender->deadline += seconds;
  if (spender->burn) {
    burn_until(spender->deadline);
  } else {
    sleep_until(spender->deadline);
  }
}

void spend_stop(void) {
  set_slack(0);
}
