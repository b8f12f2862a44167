/* What can be run: a workload or a probe, as far as the command line, help and results treat both
   alike. */
#pragma once

#include "probes/probe.h"
#include "workloads/workload.h"

struct subject {
  const struct workload *workload; /* one of these two, the other is NULL; none: no subject */
  const struct probe *probe;

  /* As workloads/workload.h and probes/probe.h describe them. */
  const char *name, *summary, *item, *example;
  const struct option_row *options;
  size_t parameters_size;
  enum status (*validate)(void *parameters, struct fault *fault);
  void (*tabulate)(const json_t *answer, struct table *table);
  bool (*list_wanted)(const void *parameters, const char **path);
  void (*brief)(const json_t *answer, char *text, size_t size);
};

struct subject subject_of_workload(const struct workload *workload);
struct subject subject_of_probe(const struct probe *probe);

/* The index-th workload, after those the probes; false past the last one. */
bool subject_at(size_t index, struct subject *subject);

bool subject_find(const char *name, struct subject *subject);

/* Whether an option of every job ("--seed") means something to it. */
bool subject_heeds(const struct subject *subject, const char *option);
