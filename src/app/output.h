/* Where the report goes: stdout, or files that are replaced after each case. Rank 0. */
#pragma once

#include <stdbool.h>

#include "app/command_line.h"
#include "core/output_file.h"
#include "formats/format.h"
#include "workloads/workload.h"

struct output {
  struct report report;
  const struct format *format;
  FILE *stream;            /* stdout, or stderr where a list takes stdout; NULL with --output */
  struct output_file file; /* --output */
  struct output_file json_file; /* --json */
};

/* Before anything is computed: find out whether the files can be written. At most `rows`
   cases will be added. Takes over the reference to environment. */
enum status output_open(struct output *output, const struct plan *plan, size_t rows,
                        json_t *environment, struct fault *fault);

/* Before anything is computed: whether `file` is none of these, which would replace it. `option` is
   named in the fault. */
enum status output_refuse_same(const struct output *output, const struct output_file *file,
                               const char *option, struct fault *fault);

/* Add a finished case (takes over the reference to record) and write it out. */
enum status output_add(struct output *output, const struct planned_case *planned, json_t *record,
                       const struct outcome *outcome, struct fault *fault);

/* A finished case that is only added, not written out, and taken back. */
void output_push(struct output *output, const struct planned_case *planned, json_t *record,
                 const struct outcome *outcome);
void output_pop(struct output *output);

/* After the last case. */
enum status output_end(struct output *output, struct fault *fault);

void output_close(struct output *output);
