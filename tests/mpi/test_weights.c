/* Adaptive chunks: every draw is weighted by what its rank last said of its speed against what all
   last said of theirs, on the node's board and by rank 0 alike. The ranks draw in turn, so that
   each chunk can be foreseen. */
#include "mpi/pool_probe.h"

#include <stdlib.h>

#include "pool/speed.h"
#include "pool/supply.h"

enum { UNITS = 1 << 20, ROUNDS = 5 };

/* Seconds a unit: the same for all at first, then every rank changes, and changes again. */
static double unit_seconds(int rank, int round) {
  static const double factors[] = {1, 2, 0.5, 3, 0.25};
  return round == 0 ? 0 : 1e-6 * factors[(rank + 2 * round) % 5];
}

/* What all ranks know of all ranks. */
struct knowledge {
  uint64_t *speeds;
  uint64_t drawn;
};

static uint64_t expected_units(const struct knowledge *known, int rank) {
  uint64_t sum = 0;
  uint64_t count = 0;
  for (int other = 0; other < test_team.size; other++) {
    sum += known->speeds[other];
    count += known->speeds[other] > 0;
  }
  double weight = sum > 0 ? (double)known->speeds[rank] / ((double)sum / (double)count) : 1;
  struct schedule_view view = {.items = UNITS,
                               .remaining = UNITS - known->drawn,
                               .workers = (uint64_t)test_team.size,
                               .weight = weight};
  return schedule_find("adaptive")->chunk(&view);
}

/* The two ways to draw. `serve` is called by the ranks whose turn it is not. */
struct source {
  uint64_t (*draw)(void *data, double seconds);
  void (*serve)(void *data);
  void *data;
};

static uint64_t draw_from_board(void *data, double seconds) {
  struct range range = {0};
  double waited = 0;
  node_dispatcher.next(data, seconds, &range, &waited);
  return range_length(range);
}

static uint64_t draw_from_supply(void *data, double seconds) {
  struct supply *supply = data;
  if (test_team.rank == 0) {
    return supply_take(supply, speed_of(seconds)).units;
  }
  struct portion portion;
  supply_ask(supply, speed_of(seconds));
  supply_wait(supply, &portion);
  return portion.units;
}

static void serve_supply(void *data) {
  if (test_team.rank == 0) {
    supply_serve(data);
  }
}

static uint64_t take_turn(const struct source *source, int rank, double seconds) {
  uint64_t units = test_team.rank == rank ? source->draw(source->data, seconds) : 0;
  MPI_Request request;
  MPI_Iallreduce(MPI_IN_PLACE, &units, 1, MPI_UINT64_T, MPI_SUM, test_team.comm, &request);
  wait_for_all(&test_team, 1, &request, WAIT_BRISK, source->serve, source->data);
  return units;
}

static bool draws_as_foreseen(const struct source *source) {
  struct knowledge known = {.speeds = calloc((size_t)test_team.size, sizeof *known.speeds)};
  bool right = known.speeds != NULL;
  for (int round = 0; right && round < ROUNDS; round++) {
    for (int rank = 0; rank < test_team.size && known.drawn < UNITS; rank++) {
      double seconds = unit_seconds(rank, round);
      uint64_t units = take_turn(source, rank, seconds);
      known.speeds[rank] = speed_of(seconds);
      uint64_t expected = expected_units(&known, rank);
      /* Weights may differ in their last bits; a chunk may be one off. */
      right = right && units + 1 >= expected && units <= expected + 1;
      known.drawn += units;
    }
  }
  free(known.speeds);
  return right;
}

static const struct hand_out *adaptive(void) {
  static struct hand_out hand_out = {.threads = 1, .items = UNITS, .grain = 1};
  hand_out.schedule = schedule_find("adaptive");
  return &hand_out;
}

static void on_the_board(void **state) {
  (void)state;
  struct fault fault = {.status = STATUS_OK};
  void *node = NULL;
  assert_on_all_ranks(node_dispatcher.open(&test_team, adaptive(), &node, &fault) == STATUS_OK);
  MPI_Barrier(MPI_COMM_WORLD);
  struct source source = {.draw = draw_from_board, .data = node};
  bool right = draws_as_foreseen(&source);
  node_dispatcher.close(node);
  assert_on_all_ranks(right);
}

static void by_rank0(void **state) {
  (void)state;
  struct fault fault = {.status = STATUS_OK};
  struct supply supply;
  assert_on_all_ranks(supply_open(&supply, &test_team, adaptive(), (uint64_t)test_team.size, 1,
                                  UINT64_MAX, &fault) == STATUS_OK);
  struct source source = {.draw = draw_from_supply, .serve = serve_supply, .data = &supply};
  bool right = draws_as_foreseen(&source);
  supply_close(&supply);
  assert_on_all_ranks(right);
}

/* What a portion may not be below or above, whatever the schedule says. */
static void portions_in_bounds(void **state) {
  (void)state;
  struct fault fault = {.status = STATUS_OK};
  struct hand_out hand_out = {
      .threads = 1, .items = 1000, .grain = 1, .schedule = schedule_find("factoring")};
  struct supply supply;
  assert_on_all_ranks(supply_open(&supply, &test_team, &hand_out, 2, 10, 100, &fault) == STATUS_OK);
  bool right = true;
  uint64_t next = 0;
  struct source source = {.draw = draw_from_supply, .serve = serve_supply, .data = &supply};
  for (int turn = 0; next < 1000; turn++) {
    uint64_t units = take_turn(&source, turn % test_team.size, 0);
    right = right && units >= (1000 - next < 10 ? 1000 - next : 10) && units <= 100;
    right = right && (next > 0 || units == 100); /* factoring's first would be 250 */
    next += units > 0 ? units : 1000;
  }
  bool nothing_left = take_turn(&source, test_team.size - 1, 0) == 0;
  supply_close(&supply);
  assert_on_all_ranks(right && next == 1000 && nothing_left);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(on_the_board),
      cmocka_unit_test(by_rank0),
      cmocka_unit_test(portions_in_bounds),
  };
  RUN_ON_ALL_RANKS(tests);
}
