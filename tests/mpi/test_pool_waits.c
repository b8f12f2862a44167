/* Ranks that are late or stopped at the worst moment: the others wait without taking processor
   time, and no work is lost or done twice. */
#include "mpi/pool_probe.h"

#include "mpi/shared_window.h"

#include "pool/board.h"

static const double LATE = 0.15; /* seconds */

/* What waiting may take of a core: a look a millisecond is about a hundredth; a rank that spun
   would take all that it can get. */
static const double POLITE = 0.2;

/* A rank that spins does so each time; a machine that is short of memory, or a virtual one whose
   host takes its cores away, now and then charges somebody with what nobody did. */
enum { TRIES = 10 };

/* Collective. Whether every rank used little enough of the processor in `seconds` of waiting. */
static bool all_were_polite(double used, double seconds) {
  int polite = used < POLITE * seconds;
  if (!polite) {
    print_message("rank %d used %.0f ms of a core while it waited %.0f ms\n", test_team.rank,
                  1e3 * used, 1e3 * seconds);
  }
  MPI_Allreduce(MPI_IN_PLACE, &polite, 1, MPI_INT, MPI_LAND, MPI_COMM_WORLD);
  return polite;
}

/* Collective. `attempt` tells whether all waited as they should, the same on every rank. */
static void check_politeness(bool (*attempt)(const void *data), const void *data) {
  bool polite = false;
  for (int i = 0; !polite && i < TRIES; i++) {
    polite = attempt(data);
  }
  assert_on_all_ranks(polite);
}

/* Only rank *data comes late to the pool. */
static bool come_late(const void *data) {
  const int *late = data;
  probe = plain;
  probe.items = 1009;
  MPI_Barrier(MPI_COMM_WORLD);
  if (test_team.rank == *late) {
    pause_for(LATE);
  }
  struct outcome_of_run run = run_probe();
  assert_on_all_ranks(run.status == STATUS_OK && has_each_item_once(&run.tally, 1009));
  tally_free(&run.tally);
  return all_were_polite(run.processor, LATE + run.seconds);
}

static void late_to_the_pool(void **state) {
  (void)state;
  for (int late = 0; late<test_team.size; late += test_team.size - 1> 0 ? test_team.size - 1 : 1) {
    FOR_TYPICAL_WAYS() {
      check_politeness(come_late, &late);
    }
  }
}

/* Stopped in the middle of an item, after the others have begun. */
static _Atomic int *somebody_stopped;

static void stop_once(struct range range) {
  (void)range;
  int nobody = 0;
  if (atomic_compare_exchange_strong(somebody_stopped, &nobody, 1)) {
    pause_for(LATE);
  }
}

static void stop_rank0_once(struct range range) {
  if (test_team.rank == 0) {
    stop_once(range);
  }
}

struct stop {
  void (*before)(struct range range);
};

static bool stop_at_work(const void *data) {
  const struct stop *stop = data;
  MPI_Barrier(MPI_COMM_WORLD);
  *somebody_stopped = 0;
  MPI_Barrier(MPI_COMM_WORLD);
  probe = plain;
  probe.items = 1009;
  probe.before = stop->before;
  struct outcome_of_run run = run_probe();
  assert_on_all_ranks(run.status == STATUS_OK && has_each_item_once(&run.tally, 1009) &&
                      run.report.items == 1009);
  tally_free(&run.tally);
  /* Only the one that stopped was at work meanwhile. (Where ranks outnumber cores the others lose
     theirs to each other in the midst of work.) */
  double busy = run.report.busy_mean * test_team.size;
  bool idle = test_team.oversubscribed || busy < 1.5 * LATE;
  if (!idle && test_team.rank == 0) {
    print_message("%s, %s: at work for %.0f ms, all together\n", way->dispatch, way->schedule,
                  1e3 * busy);
  }
  return all_were_polite(run.processor, LATE + run.seconds) && idle;
}

static void stopped_at_work(void **state) {
  (void)state;
  MPI_Win window;
  somebody_stopped = shared_window_allocate(test_team.node, sizeof *somebody_stopped, &window);
  FOR_EACH_PAIR() {
    check_politeness(stop_at_work, &(struct stop){stop_once});
  }
  /* Rank 0 away from its mail: the other nodes' fetches take as long. */
  for (int ranks_each = 1; ranks_each <= 2 && ranks_each < test_team.size; ranks_each++) {
    pretend_nodes(ranks_each);
    FOR_TYPICAL_WAYS() {
      check_politeness(stop_at_work, &(struct stop){stop_rank0_once});
    }
    end_pretending();
  }
  shared_window_free(&window);
}

/* A rank that is to fetch the node's chunk, and is stopped with it in its hands. */
static bool stop_while_fetching(const void *data) {
  (void)data;
  enum { UNITS = 3001, FIRST = 2000 };
  const struct hand_out hand_out = {
      .items = UNITS, .grain = 1, .threads = 1, .schedule = schedule_find("dynamic"), .chunk = 1};
  struct fault fault = {.status = STATUS_OK};
  void *source = NULL;
  assert_on_all_ranks(node_dispatcher.open(&test_team, &hand_out, &source, &fault) == STATUS_OK);
  struct board *board = test_team.node_memory;
  MPI_Barrier(MPI_COMM_WORLD);
  bool fetches = test_team.rank == test_team.size - 1 && board_may_fetch(board);
  assert_on_all_ranks(fetches == (test_team.rank == test_team.size - 1));
  if (fetches) {
    pause_for(LATE);
    board->supplied = FIRST; /* the rest is fetched as usual */
    board_publish(board, 0, FIRST, false);
  }
  uint64_t mine[2] = {0, 0}; /* units, and the sum of their numbers */
  double waited = 0;
  double start = clock_thread_seconds();
  double waited_used = 0;
  struct range range;
  while (node_dispatcher.next(source, 0, &range, &waited)) {
    waited_used = mine[0] == 0 ? clock_thread_seconds() - start : waited_used;
    for (uint64_t i = range.lo; i < range.hi; i++) {
      mine[0]++;
      mine[1] += i;
    }
  }
  uint64_t all[2];
  MPI_Allreduce(mine, all, 2, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
  assert_on_all_ranks(all[0] == UNITS && all[1] == (uint64_t)UNITS * (UNITS - 1) / 2);
  node_dispatcher.close(source);
  /* Who drew anything before all was gone has waited for it, and says so; unless it came late
     itself. */
  int told = fetches || mine[0] == 0 || waited > LATE / 2;
  MPI_Allreduce(MPI_IN_PLACE, &told, 1, MPI_INT, MPI_LAND, MPI_COMM_WORLD);
  return all_were_polite(waited_used, LATE) && told;
}

static void stopped_while_fetching(void **state) {
  (void)state;
  check_politeness(stop_while_fetching, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(late_to_the_pool),
      cmocka_unit_test(stopped_at_work),
      cmocka_unit_test(stopped_while_fetching),
  };
  RUN_ON_ALL_RANKS(tests);
}
