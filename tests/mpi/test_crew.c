/* Crews of threads: every item once, by every dispatcher and schedule, and units too long for the
   main thread to work on. */
#include "mpi/crew_probe.h"

static const char *const schedules[] = {"static",    "dynamic",   "guided",
                                        "trapezoid", "factoring", "adaptive"};
static const int crews[] = {1, 2, 3, 8};

/* Of one rank after the other, on rank 0. */
static bool shares_add_up(const struct pool_report *report) {
  uint64_t items = 0;
  uint64_t chunks = 0;
  double busy = 0;
  for (int rank = 0; rank < test_team.size; rank++) {
    items += shares[rank].items;
    chunks += shares[rank].chunks;
    busy += shares[rank].busy;
  }
  return test_team.rank != 0 ||
         (items == report->items && chunks == report->chunks && busy >= report->busy_max);
}

static void check_way(const struct way *how, int threads) {
  static const struct { uint64_t items, grain; } sizes[] = {{0, 1}, {3, 1}, {1000, 1}, {50021, 64}};
  for (size_t i = 0; i < LENGTH(sizes); i++) {
    set_items(sizes[i].items);
    probe.grain = sizes[i].grain;
    struct outcome_of_run run = run_crew(how, threads);
    if (!did_everything(&run)) {
      print_message("%s %s %s %d, %d threads, %d items: %s\n", how->dispatch, how->schedule,
                    how->order, (int)how->chunk, threads, (int)probe.items, run.fault.text);
    }
    assert_on_all_ranks(did_everything(&run));
    assert_on_all_ranks(shares_add_up(&run.report));
    assert_on_all_ranks(atomic_load(&most_inside) <= threads);
    tally_free(&run.tally);
  }
}

/* Every dispatcher with every schedule; scattering has but one. */
static void check_all_ways(int threads) {
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    bool scatters = strcmp(dispatchers[d], "scatter") == 0;
    for (size_t s = 0; s < (scatters ? 1 : LENGTH(schedules)); s++) {
      struct way natural = {dispatchers[d], schedules[s], s % 2 == 0 ? 0 : s, "natural"};
      check_way(&natural, threads);
    }
    struct way shuffled = {dispatchers[d], scatters ? "static" : "factoring", 0, "random"};
    check_way(&shuffled, threads);
    struct way descending = {dispatchers[d], scatters ? "static" : "dynamic", scatters ? 0 : 7,
                             "descending"};
    check_way(&descending, threads);
  }
}

static void every_item_once(void **state) {
  (void)state;
  for (size_t c = 0; c < LENGTH(crews); c++) {
    bool crowded = test_team.size > 3; /* 64 threads on a core or two take their time */
    if (!crowded || crews[c] == 1 + test_team.size / 4) {
      check_all_ways(crews[c]);
    }
  }
}

static void every_item_once_across_nodes(void **state) {
  (void)state;
  for (int ranks_each = 1; ranks_each <= 2 && ranks_each < test_team.size; ranks_each++) {
    pretend_nodes(ranks_each);
    check_all_ways(3);
    end_pretending();
  }
}

/* Many chunks of one item: more than the ring has places, with the main thread working too. */
static void tiny_chunks(void **state) {
  (void)state;
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    struct way tiny = {dispatchers[d], "dynamic", 1, "natural"};
    set_items(200003);
    struct outcome_of_run run = run_crew(&tiny, 3);
    assert_on_all_ranks(did_everything(&run));
    assert_on_all_ranks(strcmp(dispatchers[d], "scatter") == 0 || run.report.chunks == probe.items);
    tally_free(&run.tally);
  }
}

/* The static schedule makes one chunk for every worker. */
static void schedules_count_workers(void **state) {
  (void)state;
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    for (int threads = 1; threads <= 3; threads++) {
      struct way even = {dispatchers[d], "static", 0, "natural"};
      uint64_t workers = (uint64_t)test_team.size * (uint64_t)threads;
      set_items(1000 * workers);
      struct outcome_of_run run = run_crew(&even, threads);
      assert_on_all_ranks(did_everything(&run) && run.report.chunks == workers);
      tally_free(&run.tally);
    }
  }
}

static void many_short_jobs(void **state) {
  (void)state;
  for (int i = 0; i < (test_team.size > 3 ? 60 : 300); i++) {
    struct way brief = {dispatchers[i % 4], "dynamic", 1, "natural"};
    set_items((uint64_t)(i % 50));
    probe.find_at = i % 7 == 0 ? (uint64_t)(i % 11) : UINT64_MAX;
    struct outcome_of_run run = run_crew(&brief, 2 + i % 3);
    assert_on_all_ranks(run.status == STATUS_OK &&
                        (probe.find_at < probe.items || did_everything(&run)));
    tally_free(&run.tally);
  }
}

/* Units of 3 ms: the main thread stays out of them as soon as it knows, and no core is lost. */
static void long_units(void **state) {
  (void)state;
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    struct way one_by_one = {dispatchers[d], "dynamic", 1, "natural"};
    set_items(12 * (uint64_t)test_team.size);
    probe.item_seconds = 3e-3;
    struct outcome_of_run run = run_crew(&one_by_one, 3);
    assert_on_all_ranks(did_everything(&run));
    assert_on_all_ranks(atomic_load(&calls_of_main) == 0 && atomic_load(&most_inside) <= 3);
    tally_free(&run.tally);
  }
}

static void long_units_across_nodes(void **state) {
  (void)state;
  if (test_team.size > 1) {
    pretend_nodes(test_team.size > 2 ? 2 : 1);
    long_units(state);
    end_pretending();
  }
}

/* The units grow from short to long and back while a chunk is worked on: the post changes hands,
   with what is left of it. */
static enum status changing_run(const struct job *job, struct range range, struct tally *tally,
                                struct fault *fault) {
  struct probe one = plain;
  struct job part = *job;
  part.parameters = &one;
  enter();
  for (uint64_t i = range.lo; i < range.hi; i++) {
    one.item_seconds = i >= 4000 && i < 4040 ? 3e-3 : 5e-6;
    probe_run(&part, (struct range){i, i + 1}, tally, fault);
  }
  leave();
  return STATUS_OK;
}

static void units_that_change(void **state) {
  (void)state;
  static const struct workload changing = {.name = "changing",
                                           .items = probe_items,
                                           .grain = probe_grain,
                                           .shape = probe_shape,
                                           .run = changing_run};
  static const struct way in_parts = {"node", "factoring", 0, "natural"};
  for (int threads = 2; threads <= 3; threads++) {
    set_items(40000);
    struct outcome_of_run run = run_workload_by_crew(&in_parts, threads, &changing);
    assert_on_all_ranks(did_everything(&run) && atomic_load(&most_inside) <= threads);
    int took_part = atomic_load(&calls_of_main) > 0;
    int ranks;
    MPI_Allreduce(&took_part, &ranks, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    assert_on_all_ranks(ranks > 0);
    tally_free(&run.tally);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_item_once),
      cmocka_unit_test(every_item_once_across_nodes),
      cmocka_unit_test(tiny_chunks),
      cmocka_unit_test(schedules_count_workers),
      cmocka_unit_test(many_short_jobs),
      cmocka_unit_test(long_units),
      cmocka_unit_test(long_units_across_nodes),
      cmocka_unit_test(units_that_change),
  };
  RUN_ON_ALL_RANKS(tests);
}
