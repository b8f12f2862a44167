/* The limit of a node under many hands: what was lowered stays lowered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "flags/node_limit.h"

enum { THREADS = 3, STEPS = 100000, ROUNDS = 20 };

static _Alignas(64) uint64_t memory[TEAM_FLAG_MEMORY / sizeof(uint64_t)];
static const struct team team = {.flag_memory = memory};

static pthread_barrier_t start;

struct hand {
  pthread_t thread;
  uint64_t number, risen;
};

static void *lower_step_by_step(void *data) {
  struct hand *hand = data;
  pthread_barrier_wait(&start);
  for (uint64_t step = STEPS; step > 0; step--) {
    uint64_t limit = step * THREADS + hand->number;
    node_limit_lower(&team, limit);
    hand->risen += node_limit_poll(&team) > limit;
  }
  return NULL;
}

static void check_round(void) {
  struct hand hands[THREADS] = {0};
  memory[0] = UINT64_MAX;
  pthread_barrier_init(&start, NULL, THREADS);
  for (uint64_t i = 0; i < THREADS; i++) {
    hands[i].number = i;
    assert_int_equal(pthread_create(&hands[i].thread, NULL, lower_step_by_step, &hands[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(hands[i].thread, NULL);
    assert_int_equal(hands[i].risen, 0);
  }
  pthread_barrier_destroy(&start);
  assert_int_equal(node_limit_poll(&team), THREADS);
}

static void it_never_rises(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    check_round();
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(it_never_rises)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
