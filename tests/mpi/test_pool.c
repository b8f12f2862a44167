/* The pool: every item once, whoever hands it out and however, exact sums, and lost work noticed.
 */
#include "mpi/pool_probe.h"

static void check_every_item(const uint64_t *items, const uint64_t *grains) {
  for (; *items != UINT64_MAX; items++) {
    for (const uint64_t *grain = grains; *grain != 0; grain++) {
      probe = plain;
      probe.items = *items;
      probe.grain = *grain;
      struct outcome_of_run run = run_probe();
      assert_on_all_ranks(run.status == STATUS_OK && has_each_item_once(&run.tally, probe.items));
      assert_on_all_ranks(run.report.items == probe.items && !run.report.stopped_early &&
                          run.report.stop_seconds == 0 && run.report.wasted == 0 &&
                          run.report.seconds > 0 && run.report.busy_max >= run.report.busy_mean);
      tally_free(&run.tally);
    }
  }
}

static const uint64_t awkward_items[] = {0, 1, 2, 3, 7, 31, 1000, 100003, UINT64_MAX};
static const uint64_t awkward_grains[] = {1, 2, 64, 5000, 0};

/* The full matrix: dispatcher x schedule x order, at the number of ranks this runs with. */
static void every_item_once_and_exact(void **state) {
  (void)state;
  static const uint64_t items[] = {1, 31, 9001, UINT64_MAX};
  static const uint64_t grains[] = {1, 64, 0};
  FOR_EACH_WAY() {
    print_message("%s %s %d %s\n", way->dispatch, way->schedule, (int)way->chunk, way->order);
    check_every_item(items, grains);
  }
  FOR_TYPICAL_WAYS() {
    check_every_item(awkward_items, awkward_grains);
  }
}

static void every_item_once_across_nodes(void **state) {
  (void)state;
  static const uint64_t items[] = {0, 1, 3, 1000, 20011, UINT64_MAX};
  static const uint64_t grains[] = {1, 64, 0};
  for (int ranks_each = 1; ranks_each <= 3 && ranks_each < test_team.size; ranks_each++) {
    pretend_nodes(ranks_each);
    FOR_EACH_PAIR() {
      check_every_item(items, grains);
    }
    end_pretending();
  }
}

static uint64_t calls_here;

static void count_calls(struct range range) {
  (void)range;
  calls_here++;
}

/* Units of 1 ms and more: rank 0 only serves as soon as it knows, and nothing is left behind. */
static void long_items_across_nodes(void **state) {
  (void)state;
  for (int ranks_each = 1; ranks_each <= 2 && ranks_each < test_team.size; ranks_each++) {
    pretend_nodes(ranks_each);
    FOR_EACH_PAIR() {
      probe = plain;
      probe.items = 41;
      probe.slow = true;
      probe.before = count_calls;
      calls_here = 0;
      struct outcome_of_run run = run_probe();
      assert_on_all_ranks(run.status == STATUS_OK && has_each_item_once(&run.tally, 41) &&
                          run.report.items == 41);
      /* Where its node has others, and its first chunks were single items: two, since one measure
         may have been disturbed. */
      bool single = strcmp(way->schedule, "dynamic") == 0 && way->chunk == 0 &&
                    strcmp(way->dispatch, "rma") != 0;
      assert_on_all_ranks(!single || ranks_each == 1 || test_team.rank != 0 || calls_here <= 2);
      tally_free(&run.tally);
    }
    end_pretending();
  }
}

static void many_jobs_across_nodes(void **state) {
  (void)state;
  static const struct way one_item_a_draw = {"node", "dynamic", 1, "natural"};
  if (test_team.size > 1) {
    pretend_nodes((test_team.size + 1) / 2);
    way = &one_item_a_draw;
    for (int i = 0; i < 200; i++) {
      probe = plain;
      probe.items = 997;
      probe.find_at = i % 3 == 0 ? (uint64_t)i : UINT64_MAX;
      struct outcome_of_run run = run_probe();
      assert_on_all_ranks(run.status == STATUS_OK &&
                          (i % 3 == 0 || has_each_item_once(&run.tally, 997)));
      tally_free(&run.tally);
    }
    end_pretending();
  }
}

/* A dispatcher that loses the last item, or does it twice: the pool must notice. */
static struct range handed_out;
static enum { LOSES, DOUBLES, CONFUSES } blunder;

static enum status careless_open(const struct team *team, const struct hand_out *hand_out,
                                 void **source, struct fault *fault) {
  (void)fault;
  uint64_t items = blunder == DOUBLES ? hand_out->items : hand_out->items - 1;
  handed_out = range_share(items, hand_out->grain, (uint64_t)team->rank, (uint64_t)team->size);
  *source = &handed_out;
  return STATUS_OK;
}

static bool careless_next(void *source, double unit_seconds, struct range *range, double *waited) {
  struct range *left = source;
  (void)unit_seconds, (void)waited;
  *range = *left;
  uint64_t end = blunder == DOUBLES ? probe.items : probe.items - 1;
  bool again = blunder != LOSES && left->hi == end && left->lo + 1 < left->hi;
  *left = again ? (struct range){left->hi - 1, left->hi} : (struct range){0};
  return range->lo < range->hi;
}

static void careless_close(void *source) {
  (void)source;
}

static void lost_and_doubled_work_is_noticed(void **state) {
  (void)state;
  static const struct dispatcher careless = {
      .name = "careless", .open = careless_open, .next = careless_next, .close = careless_close};
  static const char *const said[] = {[LOSES] = "999 items done of 1000",
                                     [DOUBLES] = "1001 items done of 1000",
                                     [CONFUSES] = "1000 items done, but not those"};
  way = &by_scatter; /* for its schedule only */
  for (blunder = LOSES; blunder <= CONFUSES; blunder++) {
    probe = plain;
    probe.items = 1000;
    struct pool pool = make_pool(&careless);
    struct outcome_of_run run = run_by(&pool);
    assert_on_all_ranks(run.status == STATUS_FAILED &&
                        strstr(run.fault.text, said[blunder]) != NULL);
    tally_free(&run.tally);
  }
}

static void alone_gives_the_same_tally(void **state) {
  (void)state;
  way = &by_scatter;
  struct tally alone;
  struct fault fault;
  struct pool_alone report = {0};
  probe = plain;
  probe.items = 54321;
  struct job job = {.parameters = &probe, .workers = 1};
  struct outcome_of_run run = run_probe();
  assert_on_all_ranks(run.status == STATUS_OK);
  assert_on_all_ranks(tally_init(&alone, probe_shape(&job), &fault) == STATUS_OK);
  enum status status = pool_run_alone(&probe_workload, &job, &alone, &report, &fault);
  assert_on_all_ranks(status == STATUS_OK && tally_equal(&alone, &run.tally));
  assert_on_all_ranks(report.seconds > 0 && report.items == 54321);
  assert_on_all_ranks(report.core_seconds > 0 && report.core_seconds <= 1.001 * report.seconds);
  probe.find_at = 0;
  status = pool_run_alone(&probe_workload, &job, &alone, &report, &fault);
  assert_on_all_ranks(status == STATUS_OK && report.items > 0 && report.items < 54321);
  tally_free(&run.tally);
  tally_free(&alone);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_item_once_and_exact),
      cmocka_unit_test(every_item_once_across_nodes),
      cmocka_unit_test(long_items_across_nodes),
      cmocka_unit_test(many_jobs_across_nodes),
      cmocka_unit_test(lost_and_doubled_work_is_noticed),
      cmocka_unit_test(alone_gives_the_same_tally),
  };
  RUN_ON_ALL_RANKS(tests);
}
