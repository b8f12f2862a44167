/* Threads that want the same things, and whether each got exactly one of them. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

/* Start `count` threads that do the same. */
static inline void start_threads(pthread_t *threads, int count, void *(*work)(void *), void *data) {
  for (int t = 0; t < count; t++) {
    assert_int_equal(pthread_create(&threads[t], NULL, work, data), 0);
  }
}

static inline void join_threads(const pthread_t *threads, int count) {
  for (int t = 0; t < count; t++) {
    assert_int_equal(pthread_join(threads[t], NULL), 0);
  }
}

/* times[i]: how often thing i was had. */
static inline void expect_each_once(atomic_uchar *times, size_t count) {
  uint64_t not_once = 0;
  for (size_t i = 0; i < count; i++) {
    not_once += times[i] != 1;
  }
  assert_int_equal(not_once, 0);
}
