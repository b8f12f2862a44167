/* Work that takes a known time of the processor. */
#pragma once

/* Compute until the calling thread has used as much processor time as clock_thread_seconds() says
   in `deadline`. Time in which others have the core does not count. Ends within about 2 us after
   it; at once when it has passed. */
void burn_until(double deadline);
