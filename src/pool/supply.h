/* Rank 0's stock of work, and asking for it by message. A customer (a rank, or one rank for its
   node) has at most one question under way; every question gets one answer. */
#pragma once

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>

#include "mpi/team.h"
#include "pool/dispatcher.h"

/* Units [first, first + units); units 0: nothing is left. */
struct portion {
  uint64_t first, units;
};

struct supply {
  const struct team *team;
  const struct hand_out *hand_out;
  uint64_t customers;
  uint64_t least, most; /* units of a portion */
  uint64_t units, next; /* in all, and handed out so far; rank 0 */
  uint64_t question;    /* rank 0: being received; the asker's speed (pool/speed.h) */
  uint64_t *speeds;     /* rank 0: of every rank, 0 while unknown */
  uint64_t speed_sum, speed_count;
  MPI_Request arrival;
  struct portion answer; /* other ranks: being received */
  MPI_Request reply;
  uint64_t asked; /* being sent: this rank's speed */
  MPI_Request sending;
};

/* Collective. customers: how many share the stock, for the schedule. */
enum status supply_open(struct supply *supply, const struct team *team,
                        const struct hand_out *hand_out, uint64_t customers, uint64_t least,
                        uint64_t most, struct fault *fault);

/* Rank 0: the next portion for itself. */
struct portion supply_take(struct supply *supply, uint64_t speed);

/* Rank 0: answer the questions that have arrived. Never waits. */
void supply_serve(struct supply *supply);

/* Other ranks: ask for a portion (whether one is under way: supply_is_asked), and look for the
   answer; false while it is not there. supply_has_answer leaves it to be taken. */
void supply_ask(struct supply *supply, uint64_t speed);
bool supply_is_asked(const struct supply *supply);
bool supply_has_answer(const struct supply *supply);
bool supply_answered(struct supply *supply, struct portion *portion);
void supply_wait(struct supply *supply, struct portion *portion); /* until it is there */

/* Every rank, when no question is under way anywhere. */
void supply_close(struct supply *supply);
