/* How long a study will still take, and how that is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "app/study_eta.h"
#include "app/study_show.h"

enum { ALLOWED = 20 };

/* Begun at 100 s. */
static struct study_eta eta_of(size_t groups) {
  return (struct study_eta){.rules = {.relative = 0.05, .seconds = ALLOWED}, .groups = groups};
}

static void assert_left(double left, double expected) {
  if (!(fabs(left - expected) < 1e-9)) {
    fail_msg("%g s left instead of %g", left, expected);
  }
}

static void opening_is_extrapolated(void **state) {
  (void)state;
  struct study_eta eta = eta_of(1);
  struct study_pace pace = {.count = 4, .opened = 100};
  assert_left(study_eta_left(&eta, &pace, 101), ALLOWED); /* nothing is known yet */
  pace.at = 1;
  assert_left(study_eta_left(&eta, &pace, 102), 6 + ALLOWED);
  pace.part = 0.5;
  assert_left(study_eta_left(&eta, &pace, 103), 5 + ALLOWED);
}

static void a_first_round_may_last_longer_than_allowed(void **state) {
  (void)state;
  struct study_eta eta = eta_of(1);
  struct study_pace pace = {.count = 4, .opened = 99, .began = 100, .round_began = 100};
  assert_left(study_eta_left(&eta, &pace, 100), ALLOWED);
  pace.at = 1;
  assert_left(study_eta_left(&eta, &pace, 104), ALLOWED - 4); /* 16 s in all: less than allowed */
  assert_left(study_eta_left(&eta, &pace, 110), 30);          /* 40 s in all */
}

/* 3 s a round: six are made in 20 s, since a seventh would end at 21 s. */
static void rounds_that_do_not_fit_are_not_counted(void **state) {
  (void)state;
  struct study_eta eta = eta_of(1);
  struct study_pace pace = {
      .count = 1, .opened = 99, .began = 100, .round_began = 103, .next_round = 3, .rounds = 1};
  assert_left(study_eta_left(&eta, &pace, 103), 15);
  assert_left(study_eta_left(&eta, &pace, 104), 14);
  pace.round_began = 115;
  pace.rounds = 5;
  assert_left(study_eta_left(&eta, &pace, 116), 2);
  assert_left(study_eta_left(&eta, &pace, 119), 0); /* later than any promise, but never less */
}

static void rounds_are_limited(void **state) {
  (void)state;
  struct study_eta eta = eta_of(1);
  struct study_pace pace = {.count = 1,
                            .opened = 99,
                            .began = 100,
                            .round_began = 101.98,
                            .next_round = 0.01,
                            .rounds = STUDY_MOST_ROUNDS - 2};
  assert_left(study_eta_left(&eta, &pace, 101.98), 0.02);
}

/* Never beyond what is allowed, and the end moves back only when a round that fits what is allowed
   goes beyond it. */
static void the_end_never_moves_back(void **state) {
  (void)state;
  struct study_eta eta = eta_of(1);
  struct study_pace pace = {
      .count = 1, .opened = 99, .began = 100, .round_began = 101, .next_round = 1, .rounds = 1};
  double promised = INFINITY;
  int moved_back = 0;
  for (size_t i = 0; pace.round_began + pace.next_round <= 100 + ALLOWED; i++) {
    double end = pace.round_began + study_eta_left(&eta, &pace, pace.round_began);
    assert_true(end <= 100 + ALLOWED + 1e-9);
    assert_true(end <= fmax(promised, pace.round_began + pace.next_round) + 1e-9);
    assert_true(end >= pace.round_began + pace.next_round - 1e-9);
    moved_back += end > promised + 1e-9;
    promised = end;
    pace.round_began += pace.next_round;
    pace.next_round = 1 + 0.1 * (double)(i % 4);
    pace.rounds++;
  }
  assert_true(pace.rounds > 10);
  assert_true(moved_back <= 1); /* the last round */
}

static void later_groups_count_with_their_opening(void **state) {
  (void)state;
  struct study_eta eta = eta_of(4);
  struct study_pace pace = {.count = 1, .opened = 100};
  assert_left(study_eta_left(&eta, &pace, 102), ALLOWED + 3 * (2 + ALLOWED));
  pace.began = pace.round_began = 104;
  assert_left(study_eta_left(&eta, &pace, 104), ALLOWED + 3 * (4 + ALLOWED));
  study_eta_next(&eta, &pace);
  pace = (struct study_pace){.count = 1, .opened = 110};
  assert_left(study_eta_left(&eta, &pace, 111), 3 + ALLOWED + 2 * (4 + ALLOWED));
  pace.began = pace.round_began = 112; /* 2 s: 3 s in the mean */
  assert_left(study_eta_left(&eta, &pace, 112), ALLOWED + 2 * (3 + ALLOWED));
  study_eta_next(&eta, &pace);
  study_eta_next(&eta, &pace);
  assert_left(study_eta_left(&eta, &pace, 113), ALLOWED - 1);
}

static void the_next_group_has_an_end_of_its_own(void **state) {
  (void)state;
  struct study_eta eta = eta_of(2);
  struct study_pace pace = {
      .count = 1, .opened = 100, .began = 100, .round_began = 102, .next_round = 2, .rounds = 1};
  assert_left(study_eta_left(&eta, &pace, 102), 18 + ALLOWED);
  study_eta_next(&eta, &pace);
  pace = (struct study_pace){
      .count = 1, .opened = 120, .began = 120, .round_began = 122, .next_round = 2, .rounds = 1};
  assert_left(study_eta_left(&eta, &pace, 122), 18);
}

static void check_text(double relative, double began, size_t rounds, double left,
                       const char *expected) {
  struct study_rules rules = {.relative = relative, .seconds = ALLOWED};
  struct study_pace pace = {.count = 1, .began = began, .rounds = rounds};
  char text[64];
  study_show_text(&rules, &pace, left, text, sizeof text);
  assert_string_equal(text, expected);
}

static void texts(void **state) {
  (void)state;
  check_text(0.05, 0, 0, 20, "warm-up, up to 20 s left");
  check_text(0.05, 100, 0, 12.34, "round 1, up to 12.3 s left");
  check_text(0, 100, 6, 0.5, "round 7, 500 ms left"); /* nothing ends it earlier */
  check_text(0.05, 100, 6, 0.01, "round 7, nearly done");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(opening_is_extrapolated),
      cmocka_unit_test(a_first_round_may_last_longer_than_allowed),
      cmocka_unit_test(rounds_that_do_not_fit_are_not_counted),
      cmocka_unit_test(rounds_are_limited),
      cmocka_unit_test(the_end_never_moves_back),
      cmocka_unit_test(later_groups_count_with_their_opening),
      cmocka_unit_test(the_next_group_has_an_end_of_its_own),
      cmocka_unit_test(texts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
