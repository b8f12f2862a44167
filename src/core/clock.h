/* The one clock that everything is timed by, and what a thread has had of the processor. */
#pragma once

/* Seconds on a clock that never steps; the same clock for all processes of a host, of no meaning
   between hosts. */
double clock_seconds(void);

/* Seconds of processor time that the calling thread has used. Stands still while the thread waits
   or others have its core. A system call, some 0.2 us. */
double clock_thread_seconds(void);
