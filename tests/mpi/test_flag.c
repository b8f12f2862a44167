/* Every kind of flag, lowered in every way, always ends cleanly and is ready for the next job.

   test_flag [SECONDS [KIND...]]: at most so long for one way with one kind [0.3]; these kinds [all
   that need no server]. */
#include "mpi/mpi_test.h"

#include <stdlib.h>
#include <string.h>

#include "flags/flag.h"
#include "mpi/pretended_nodes.h"
#include "mpi/wait.h"

enum { REPETITIONS = 1000, AT_LEAST = 20 };

static const struct flag_kind *kinds[8] = {&auto_flag, &ibcast_flag, &window_flag,
                                           &rma_flag,  &server_flag, &none_flag};

/* Ranks of a pretended node; 0: all ranks are on one. */
static const int nodes_tried[] = {0, 1, 2, 3};

/* How long a test may take with one kind on one set of nodes: many ranks on few cores would need
   minutes for all repetitions. */
static double seconds_each = 0.3;
static double started;

static bool is_tried(const struct flag_kind *kind, int ranks_each) {
  /* Nodes make a difference to auto alone, and a single rank makes none. */
  return ranks_each == 0 || (kind == &auto_flag && ranks_each < test_team.size);
}

/* Whether there is time for repetition i; rank 0's clock decides, now and then. */
static bool goes_on(int i) {
  int over = 0;
  if (i == 0) {
    started = MPI_Wtime();
  } else if (i >= AT_LEAST && i % AT_LEAST == 0) {
    over = MPI_Wtime() - started > seconds_each;
    MPI_Bcast(&over, 1, MPI_INT, 0, MPI_COMM_WORLD);
  }
  return i < REPETITIONS && !over;
}

static void *open_flag(const struct flag_kind *kind) {
  void *flag = NULL;
  const struct flag_settings settings = {0};
  struct fault fault = {.status = STATUS_OK};
  if (kind->open(&job_team, &settings, &flag, &fault) != STATUS_OK) {
    fail_msg("%s", fault.text); /* on all ranks alike */
  }
  return flag;
}

static bool close_flag(const struct flag_kind *kind, void *flag) {
  struct fault fault = {.status = STATUS_OK};
  kind->close(flag, &fault);
  return fault.status == STATUS_OK;
}

/* Poll until the limit is `limit`; false after a minute, or when it falls below. */
static bool hears(const struct flag_kind *kind, void *flag, uint64_t limit) {
  double start = MPI_Wtime();
  struct waiter waiter;
  waiter_start(&waiter, &test_team, WAIT_BRISK);
  uint64_t heard;
  while ((heard = kind->poll(flag)) > limit && MPI_Wtime() - start < 60) {
    waiter_pause(&waiter);
  }
  return heard == limit;
}

/* One repetition: whether it went well on this rank. */
typedef bool repetition(const struct flag_kind *kind, void *flag, int i);

static void repeat(const char *name, repetition *once) {
  for (size_t n = 0; n < sizeof nodes_tried / sizeof nodes_tried[0]; n++) {
    if (nodes_tried[n] == 0) {
      pretend_one_node();
    } else {
      pretend_nodes(nodes_tried[n]);
    }
    for (size_t k = 0; kinds[k] != NULL; k++) {
      const struct flag_kind *kind = kinds[k];
      bool good = true;
      int i = 0;
      for (; is_tried(kind, nodes_tried[n]) && goes_on(i); i++) {
        void *flag = open_flag(kind);
        bool fresh = kind->poll(flag) == UINT64_MAX;
        /* Nobody lowers it before everybody has looked. */
        team_barrier(&job_team, job_team.comm, WAIT_BRISK);
        bool went_well = once(kind, flag, i);
        good = close_flag(kind, flag) && fresh && went_well && good;
      }
      if (i > 0) {
        print_message("%s, %s, nodes of %d: %d times\n", kind->name, name, nodes_tried[n], i);
        assert_on_all_ranks(good);
      }
    }
    if (nodes_tried[n] > 0) {
      end_pretending();
    }
  }
}

static bool reaches_others(const struct flag_kind *kind) {
  return kind != &none_flag;
}

static bool never(const struct flag_kind *kind, void *flag, int i) {
  (void)i;
  uint64_t first = kind->poll(flag);
  return first == UINT64_MAX && kind->poll(flag) == first;
}

static bool by_one_rank(const struct flag_kind *kind, void *flag, int i) {
  bool finder = test_team.rank == i % test_team.size;
  uint64_t limit = (uint64_t)(i % 3 == 0 ? 0 : i);
  if (finder) {
    kind->lower(flag, limit);
  }
  return finder || reaches_others(kind) ? hears(kind, flag, limit) : never(kind, flag, i);
}

static bool twice(const struct flag_kind *kind, void *flag, int i) {
  uint64_t first = (uint64_t)i + 7;
  int finder = i % test_team.size;
  int second_finder = i / 2 % test_team.size;
  if (test_team.rank == finder) {
    kind->lower(flag, first);
    kind->lower(flag, first + 1); /* upwards: nothing */
  }
  if (test_team.rank == second_finder) {
    if (reaches_others(kind) && !hears(kind, flag, first)) {
      return false;
    }
    kind->lower(flag, first - 1);
    kind->lower(flag, first - 1);
  }
  return !reaches_others(kind) || hears(kind, flag, first - 1);
}

static bool by_all_at_once(const struct flag_kind *kind, void *flag, int i) {
  uint64_t least = (uint64_t)i + 1;
  uint64_t own = least + (uint64_t)((test_team.rank + i) % test_team.size);
  kind->lower(flag, own);
  return hears(kind, flag, reaches_others(kind) ? least : own);
}

static bool at_the_very_end(const struct flag_kind *kind, void *flag, int i) {
  if (i % 2 == 0 || test_team.rank == i % test_team.size) {
    kind->lower(flag, (uint64_t)i + 2);
    kind->lower(flag, (uint64_t)i + 1);
    kind->lower(flag, (uint64_t)i);
  }
  return true;
}

/* Every rank lowers it, several times, some of it upwards. */
static bool only_falling(const struct flag_kind *kind, void *flag, int i) {
  bool falls = true;
  uint64_t last = UINT64_MAX;
  uint64_t rank = (uint64_t)test_team.rank;
  (void)i;
  for (uint64_t step = 10; step > 0; step--) {
    kind->lower(flag, 100 * step + rank);
    kind->lower(flag, 5000);
    uint64_t limit = kind->poll(flag);
    falls = falls && limit <= last && limit <= 100 * step + rank && limit >= 100;
    last = limit;
  }
  return falls && hears(kind, flag, reaches_others(kind) ? 100 : 100 + rank);
}

/* Two ranks are not done yet: what one of them finds reaches the other over ranks that are closing
   already. */
static bool over_closing_ranks(const struct flag_kind *kind, void *flag, int i) {
  int finder = i % test_team.size;
  int listener = (i / 3 + 1) % test_team.size;
  if (test_team.rank == finder) {
    struct waiter waiter = {.looks = 1000, .pause = 1e-4 * (i % 5), .longest = 1e-3};
    waiter_pause(&waiter); /* the others are in close by then, most of the time */
    kind->lower(flag, 9);
  }
  return test_team.rank != listener || !reaches_others(kind) || hears(kind, flag, 9);
}

#define REPEATED_TEST(name)                                                                        \
  static void lowered_##name(void **state) {                                                       \
    (void)state;                                                                                   \
    repeat(#name, name);                                                                           \
  }
REPEATED_TEST(never)
REPEATED_TEST(by_one_rank)
REPEATED_TEST(twice)
REPEATED_TEST(by_all_at_once)
REPEATED_TEST(at_the_very_end)
REPEATED_TEST(only_falling)
REPEATED_TEST(over_closing_ranks)

static void window_refuses_several_nodes(void **state) {
  (void)state;
  if (test_team.size > 1) {
    const struct flag_settings settings = {0};
    struct fault fault = {.status = STATUS_OK};
    void *flag;
    pretend_nodes(1);
    enum status status = window_flag.open(&job_team, &settings, &flag, &fault);
    end_pretending();
    assert_on_all_ranks(status == STATUS_USAGE && strstr(fault.text, "accepted are auto") != NULL);
  }
}

int main(int argc, char **argv) {
  if (argc > 1) {
    seconds_each = strtod(argv[1], NULL);
  }
  if (argc > 2) {
    memset(kinds, 0, sizeof kinds);
  }
  for (int i = 2; i < argc && i < 9; i++) {
    kinds[i - 2] = flag_kind_find(argv[i]);
    if (kinds[i - 2] == NULL) {
      fprintf(stderr, "test_flag: unknown kind '%s'\n", argv[i]);
      return 2;
    }
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lowered_never),
      cmocka_unit_test(lowered_by_one_rank),
      cmocka_unit_test(lowered_twice),
      cmocka_unit_test(lowered_by_all_at_once),
      cmocka_unit_test(lowered_at_the_very_end),
      cmocka_unit_test(lowered_only_falling),
      cmocka_unit_test(lowered_over_closing_ranks),
      cmocka_unit_test(window_refuses_several_nodes),
  };
  RUN_ON_ALL_RANKS(tests);
}
