/* What is shown of a long job, at which moments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "app/progress.h"

static char *text;
static size_t length;
static struct progress progress;

static void open_progress(enum progress_manner manner) {
  FILE *out = open_memstream(&text, &length);
  assert_non_null(out);
  progress_open(&progress, manner, out, "primes 0 2e10");
}

/* Half-way after `seconds`. */
static void show_half(double seconds) {
  progress_show(&progress, 50, 100, progress.start + seconds);
}

static void close_progress(void) {
  progress_close(&progress);
  fclose(progress.out);
}

static void short_jobs_show_nothing(void **state) {
  (void)state;
  open_progress(PROGRESS_LINE);
  show_half(0.9);
  close_progress();
  assert_string_equal(text, "");
  free(text);
}

static void a_line_is_written_over_and_wiped(void **state) {
  (void)state;
  open_progress(PROGRESS_LINE);
  show_half(10);
  show_half(10.1); /* too soon */
  progress_show(&progress, 75, 100, progress.start + 15);
  close_progress();
  assert_string_equal(text, "\r\033[Kprimes 0 2e10 [##########..........]  50 %, 10 s left"
                            "\r\033[Kprimes 0 2e10 [###############.....]  75 %, 5 s left"
                            "\r\033[K");
  free(text);
}

static void plain_lines_are_few(void **state) {
  (void)state;
  open_progress(PROGRESS_PLAIN);
  for (int tenths = 0; tenths < 10000; tenths++) {
    show_half(tenths / 10.0);
  }
  close_progress();
  int lines = 0;
  for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
    lines++;
  }
  assert_int_equal(lines, 9); /* at 2, 4, 8 ... 512 s */
  assert_null(strchr(text, '\r'));
  assert_memory_equal(text, "primes 0 2e10: 50 %, 2 s left\n", 30);
  free(text);
}

static void silence_is_silent(void **state) {
  (void)state;
  open_progress(PROGRESS_SILENT);
  show_half(1000);
  close_progress();
  assert_string_equal(text, "");
  free(text);
  assert_int_equal(progress_manner("never"), PROGRESS_SILENT);
}

static void nothing_done_yet_promises_nothing(void **state) {
  (void)state;
  open_progress(PROGRESS_PLAIN);
  progress_show(&progress, 0, 100, progress.start + 3);
  close_progress();
  assert_string_equal(text, "primes 0 2e10: 0 %, ? left\n");
  free(text);
}

/* A line that is wrapped could not be wiped. */
static void a_line_fits_a_terminal(void **state) {
  (void)state;
  FILE *out = open_memstream(&text, &length);
  assert_non_null(out);
  progress_open(&progress, PROGRESS_LINE, out,
                "12 of 64, 32 ranks: primes 18446744073709551557 18446744073709551615");
  progress_say(&progress, 0.5, "round 123, up to 12.3 s left", progress.start + 2);
  assert_string_equal(text, "\r\033[K12 of 64, 32 ranks: primes 184 [#####.....]  50 %, "
                            "round 123, up to 12.3 s left");
  assert_int_equal(length, strlen("\r\033[K") + 79);
  progress_wipe(&progress);
  progress_wipe(&progress); /* once is enough */
  close_progress();
  assert_string_equal(strrchr(text, ' '), " left\r\033[K");
  free(text);
}

/* Signals that somebody else handles stay theirs; the others are given back. */
static void signals_are_given_back(void **state) {
  (void)state;
  struct sigaction now;
  signal(SIGHUP, SIG_IGN);
  open_progress(PROGRESS_LINE);
  sigaction(SIGTERM, NULL, &now);
  assert_true(now.sa_handler != SIG_DFL);
  sigaction(SIGHUP, NULL, &now);
  assert_true(now.sa_handler == SIG_IGN);
  close_progress();
  sigaction(SIGTERM, NULL, &now);
  assert_true(now.sa_handler == SIG_DFL);
  signal(SIGHUP, SIG_DFL);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(short_jobs_show_nothing),
      cmocka_unit_test(a_line_is_written_over_and_wiped),
      cmocka_unit_test(plain_lines_are_few),
      cmocka_unit_test(silence_is_silent),
      cmocka_unit_test(nothing_done_yet_promises_nothing),
      cmocka_unit_test(a_line_fits_a_terminal),
      cmocka_unit_test(signals_are_given_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
