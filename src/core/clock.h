/* The one clock that everything is timed by. */
#pragma once

/* Seconds on a clock that never steps; the same clock for all processes of a host, of no meaning
   between hosts. */
double clock_seconds(void);
