/* A job set up on this process alone, from its command line to its checked answer. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "app/command_line.h"
#include "pool/pool.h"

struct fixture {
  struct plan plan;
  const struct workload *workload;
  struct job job;
  struct tally tally;
  void *shared;
};

static inline void open_fixture(struct fixture *fixture, char *line) {
  char *argv[16] = {"parbench"};
  int argc = 1;
  struct fault fault = {.status = STATUS_OK};
  for (char *word = strtok(line, " "); word != NULL; word = strtok(NULL, " ")) {
    argv[argc++] = word;
  }
  assert_int_equal(command_line_parse(argc, argv, &fixture->plan, &fault), STATUS_OK);
  const struct planned_case *planned = &fixture->plan.cases[0];
  const struct workload *workload = planned->subject.workload;
  fixture->workload = workload;
  fixture->job = (struct job){.parameters = planned->parameters, .seed = 1, .workers = 1};
  fixture->shared = NULL;
  if (workload->load != NULL) {
    struct blob blob;
    assert_int_equal(workload->load(&fixture->job, &blob, &fault), STATUS_OK);
    fixture->shared = aligned_alloc(64, (blob.size + 63) / 64 * 64);
    memcpy(fixture->shared, blob.bytes, blob.size);
    fixture->job.shared = fixture->shared;
    fixture->job.shared_size = blob.size;
    free(blob.bytes);
  }
  if (workload->prepare != NULL) {
    assert_int_equal(workload->prepare(&fixture->job, &fault), STATUS_OK);
  }
  assert_int_equal(tally_init(&fixture->tally, workload->shape(&fixture->job), &fault), STATUS_OK);
}

static inline void close_fixture(struct fixture *fixture) {
  if (fixture->workload->release != NULL) {
    fixture->workload->release(&fixture->job);
  }
  tally_free(&fixture->tally);
  free(fixture->shared);
  plan_free(&fixture->plan);
}

/* The answer as one line of JSON, and what the check said. */
static inline char *finish(struct fixture *fixture, bool *right) {
  struct outcome outcome = {.answer = json_object(), .facts = json_object()};
  struct fault fault;
  assert_int_equal(fixture->workload->finish(&fixture->job, &fixture->tally, &outcome, &fault),
                   STATUS_OK);
  char *text = json_dumps(outcome.answer, JSON_COMPACT);
  *right = outcome.right;
  print_message("  %s: %s\n", outcome.right ? "ok" : "failed", outcome.check);
  json_decref(outcome.answer);
  json_decref(outcome.facts);
  return text;
}

static inline void run_range(struct fixture *fixture, struct range range) {
  struct fault fault;
  assert_int_equal(fixture->workload->run(&fixture->job, range, &fixture->tally, &fault),
                   STATUS_OK);
}
