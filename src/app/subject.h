/* What can be run: a workload, a probe or a tool, as far as the command line, help and results
   treat them alike. */
#pragma once

#include "app/tool.h"
#include "probes/probe.h"
#include "workloads/workload.h"

struct subject {
  const struct workload *workload; /* one of these, the others are NULL; none: no subject */
  const struct probe *probe;
  const struct tool *tool;

  /* As workloads/workload.h, probes/probe.h and app/tool.h describe them. */
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
struct subject subject_of_tool(const struct tool *tool);

/* The index-th workload, after those the probes, then the tools; false past the last one. */
bool subject_at(size_t index, struct subject *subject);

bool subject_find(const char *name, struct subject *subject);

/* Whether an option of every job ("--seed") means something to it. */
bool subject_heeds(const struct subject *subject, const char *option);
