/* Long lists: in order, whole, and ended on all ranks when a piece cannot be made or put. */
#include "mpi/mpi_test.h"

#include <stdlib.h>
#include <string.h>

#include "pool/stream.h"

struct listing {
  uint64_t items, length;
  uint64_t fail_at; /* making the piece with this item fails; UINT64_MAX: never */
  uint64_t full_at; /* the sink takes this many lines; UINT64_MAX: all */
  uint64_t lines;   /* put so far, on rank 0 */
  bool in_order;
};

static uint64_t listing_items(const struct job *job) {
  return ((const struct listing *)job->parameters)->items;
}

static uint64_t listing_length(const struct job *job) {
  return ((const struct listing *)job->parameters)->length;
}

static enum status listing_list(const struct job *job, struct range range, struct text *text,
                                struct fault *fault) {
  const struct listing *listing = job->parameters;
  for (uint64_t i = range.lo; i < range.hi; i++) {
    if (i == listing->fail_at) {
      return fault_set(fault, STATUS_FAILED, "item %d has no line", (int)i);
    }
    if (!text_add_line(text, 7 * i)) {
      return fault_set(fault, STATUS_FAILED, "out of memory");
    }
  }
  return STATUS_OK;
}

static const struct workload listing_workload = {
    .name = "listing", .items = listing_items, .list_length = listing_length, .list = listing_list};

static enum status put(void *data, const char *bytes, size_t length, struct fault *fault) {
  struct listing *listing = data;
  for (const char *line = bytes; line < bytes + length; line = strchr(line, '\n') + 1) {
    if (listing->lines == listing->full_at) {
      return fault_set(fault, STATUS_FAILED, "the sink is full");
    }
    listing->in_order = listing->in_order && strtoull(line, NULL, 10) == 7 * listing->lines;
    listing->lines++;
  }
  return STATUS_OK;
}

static enum status stream(struct listing *listing, struct fault *fault) {
  struct job job = {.parameters = listing};
  struct text_sink sink = {.put = put, .data = listing};
  listing->in_order = true;
  return pool_stream(&test_team, &listing_workload, &job, &sink, fault);
}

static void everything_in_order(void **state) {
  (void)state;
  static const uint64_t items[] = {0, 1, 2, 7, 8, 9, 1000, 54321};
  static const uint64_t lengths[] = {1, 3, 100, 100000};
  for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
      if (items[i] / lengths[l] > 2000) {
        continue;
      }
      struct fault fault;
      struct listing listing = {items[i], lengths[l], UINT64_MAX, UINT64_MAX, 0, true};
      enum status status = stream(&listing, &fault);
      assert_on_all_ranks(status == STATUS_OK && listing.in_order &&
                          (test_team.rank != 0 || listing.lines == items[i]));
    }
  }
}

static void a_piece_that_fails_ends_it(void **state) {
  (void)state;
  for (uint64_t failing = 0; failing < 40; failing++) {
    struct fault fault = {.text = ""};
    struct listing listing = {39, 2, failing < 39 ? failing : 38, UINT64_MAX, 0, true};
    enum status status = stream(&listing, &fault);
    assert_on_all_ranks(status == STATUS_FAILED && strstr(fault.text, "has no line") != NULL &&
                        listing.in_order &&
                        (test_team.rank != 0 || listing.lines == listing.fail_at / 2 * 2));
  }
}

static void a_full_sink_ends_it(void **state) {
  (void)state;
  for (uint64_t full = 0; full < 39; full++) {
    struct fault fault = {.text = ""};
    struct listing listing = {39, 2, UINT64_MAX, full, 0, true};
    enum status status = stream(&listing, &fault);
    assert_on_all_ranks(status == STATUS_FAILED && strcmp(fault.text, "the sink is full") == 0);
  }
}

static void many_failures_at_once_end_it(void **state) {
  (void)state;
  /* A sink that is full at once, while every rank's next piece fails too. */
  struct fault fault = {.text = ""};
  struct listing listing = {1000, 1, (uint64_t)test_team.rank, 0, 0, true};
  assert_on_all_ranks(stream(&listing, &fault) == STATUS_FAILED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_in_order),
      cmocka_unit_test(a_piece_that_fails_ends_it),
      cmocka_unit_test(a_full_sink_ends_it),
      cmocka_unit_test(many_failures_at_once_end_it),
  };
  RUN_ON_ALL_RANKS(tests);
}
