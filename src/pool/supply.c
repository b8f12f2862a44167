#include "pool/supply.h"

#include <stdlib.h>

#include "mpi/call.h"
#include "mpi/wait.h"
#include "pool/speed.h"

enum { TAG_QUESTION = 5, TAG_ANSWER = 6 };

static void await_question(struct supply *supply) {
  MPI_CALL(MPI_Irecv(&supply->question, 1, MPI_UINT64_T, MPI_ANY_SOURCE, TAG_QUESTION,
                     supply->team->comm, &supply->arrival));
}

enum status supply_open(struct supply *supply, const struct team *team,
                        const struct hand_out *hand_out, uint64_t customers, uint64_t least,
                        uint64_t most, struct fault *fault) {
  *supply = (struct supply){.team = team,
                            .hand_out = hand_out,
                            .customers = customers,
                            .least = least > 0 ? least : 1,
                            .most = most,
                            .units = hand_out_units(hand_out),
                            .arrival = MPI_REQUEST_NULL,
                            .reply = MPI_REQUEST_NULL,
                            .sending = MPI_REQUEST_NULL};
  struct fault own = {.status = STATUS_OK};
  if (team->rank == 0) {
    supply->speeds = calloc((size_t)team->size, sizeof *supply->speeds);
    if (supply->speeds == NULL) {
      fault_set(&own, STATUS_FAILED, "out of memory");
    }
  }
  if (team_agree(team, &own) != STATUS_OK) {
    free(supply->speeds);
    *fault = own;
    return own.status;
  }
  if (team->rank == 0 && team->size > 1) {
    await_question(supply);
  }
  return STATUS_OK;
}

/* Remember a rank's speed; its weight among all whose speed is known. */
static double weigh(struct supply *supply, int rank, uint64_t speed) {
  uint64_t old = supply->speeds[rank];
  supply->speeds[rank] = speed;
  supply->speed_sum += speed - old;
  supply->speed_count += old == 0 && speed > 0;
  return speed_weight(speed, supply->speed_sum, supply->speed_count);
}

static struct portion portion_for(struct supply *supply, int rank, uint64_t speed) {
  uint64_t remaining = supply->units - supply->next;
  if (remaining == 0) {
    return (struct portion){0};
  }
  uint64_t units = hand_out_chunk(supply->hand_out, supply->units, remaining, supply->customers,
                                  weigh(supply, rank, speed));
  units = units < supply->least ? supply->least : units;
  units = units > supply->most ? supply->most : units;
  units = units > remaining ? remaining : units;
  struct portion portion = {supply->next, units};
  supply->next += units;
  return portion;
}

struct portion supply_take(struct supply *supply, uint64_t speed) {
  return portion_for(supply, 0, speed);
}

/* One question a rank at most: where ranks outnumber cores a look at the mail may let others go
   first, who ask again meanwhile, and this would not end. */
void supply_serve(struct supply *supply) {
  for (int i = 1; i < supply->team->size; i++) {
    int arrived;
    MPI_Status status;
    MPI_CALL(MPI_Test(&supply->arrival, &arrived, &status));
    if (!arrived || status.MPI_SOURCE < 0) {
      return; /* none, or (a team of one) none is awaited */
    }
    struct portion portion = portion_for(supply, status.MPI_SOURCE, supply->question);
    /* Sixteen bytes to a rank that has posted the receive: this does not wait for it. */
    MPI_CALL(
        MPI_Send(&portion, 2, MPI_UINT64_T, status.MPI_SOURCE, TAG_ANSWER, supply->team->comm));
    await_question(supply);
  }
}

void supply_ask(struct supply *supply, uint64_t speed) {
  supply->asked = speed;
  MPI_CALL(MPI_Irecv(&supply->answer, 2, MPI_UINT64_T, 0, TAG_ANSWER, supply->team->comm,
                     &supply->reply));
  MPI_CALL(MPI_Isend(&supply->asked, 1, MPI_UINT64_T, 0, TAG_QUESTION, supply->team->comm,
                     &supply->sending));
}

bool supply_is_asked(const struct supply *supply) {
  return supply->reply != MPI_REQUEST_NULL;
}

bool supply_has_answer(const struct supply *supply) {
  int done;
  MPI_CALL(MPI_Request_get_status(supply->reply, &done, MPI_STATUS_IGNORE));
  return done != 0;
}

bool supply_answered(struct supply *supply, struct portion *portion) {
  int done;
  MPI_CALL(MPI_Test(&supply->reply, &done, MPI_STATUS_IGNORE));
  if (done) {
    /* The answer came, so the question has arrived. */
    wait_for_all(supply->team, 1, &supply->sending, WAIT_BRISK, NULL, NULL);
    *portion = supply->answer;
  }
  return done != 0;
}

void supply_wait(struct supply *supply, struct portion *portion) {
  struct waiter waiter;
  waiter_start(&waiter, supply->team, WAIT_BRISK);
  while (!supply_answered(supply, portion)) {
    waiter_pause(&waiter);
  }
}

void supply_close(struct supply *supply) {
  if (supply->arrival != MPI_REQUEST_NULL) {
    MPI_CALL(MPI_Cancel(&supply->arrival));
    wait_for_all(supply->team, 1, &supply->arrival, WAIT_BRISK, NULL, NULL);
  }
  free(supply->speeds);
}
