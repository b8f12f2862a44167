#include "app/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/environment.h"
#include "app/listing.h"

static bool list_takes_stdout(const struct plan *plan) {
  bool takes = false;
  for (size_t i = 0; i < plan->count; i++) {
    takes = takes || listing_takes_stdout(&plan->cases[i]);
  }
  return takes;
}

static enum status open_files(struct output *output, const struct common *common,
                              struct fault *fault) {
  if (common->output != NULL &&
      output_file_open(&output->file, "--output", common->output, fault) != STATUS_OK) {
    return fault->status;
  }
  if (common->json != NULL &&
      output_file_open(&output->json_file, "--json", common->json, fault) != STATUS_OK) {
    return fault->status;
  }
  if (output_file_is_same(&output->file, &output->json_file)) {
    return fault_set(fault, STATUS_USAGE, "--output and --json name the same file, '%s'",
                     common->json);
  }
  return STATUS_OK;
}

enum status output_refuse_same(const struct output *output, const struct output_file *file,
                               const char *option, struct fault *fault) {
  const char *twin = output_file_is_same(file, &output->file)        ? "--output"
                     : output_file_is_same(file, &output->json_file) ? "--json"
                                                                     : NULL;
  return twin == NULL ? STATUS_OK
                      : fault_set(fault, STATUS_USAGE, "%s and %s name the same file, '%s'", option,
                                  twin, file->path);
}

/* Room for what tells a measured workload's cases apart; jobs and scaled cases show their titles.
 */
static int argument_width(const struct plan *plan) {
  int width = 0;
  for (size_t i = 0; plan->command == COMMAND_MEASURE && plan->count > 1 && i < plan->count; i++) {
    const char *argument = plan->cases[i].argument;
    int length = argument == NULL ? 0 : (int)strlen(argument);
    width = length > width ? length : width;
  }
  return width;
}

static enum report_kind kind_of(enum command command) {
  switch (command) {
  case COMMAND_RUN:
    return REPORT_JOBS;
  case COMMAND_SCALE:
    return REPORT_SCALE;
  case COMMAND_SWEEP:
    return REPORT_SWEEP;
  default:
    return REPORT_MEASURED;
  }
}

enum status output_open(struct output *output, const struct plan *plan, size_t rows,
                        json_t *environment, struct fault *fault) {
  const struct common *common = &plan->common;
  *output = (struct output){
      .report = {.version = environment_version(),
                 .environment = environment,
                 .kind = kind_of(plan->command),
                 .argument_width = argument_width(plan),
                 .weak = plan->study.weak,
                 .analysis = json_array(),
                 .rows = calloc(rows + 1, sizeof *output->report.rows)},
      .format = format_find(common->format),
      .stream = common->output != NULL    ? NULL
                : list_takes_stdout(plan) ? stderr
                                          : stdout,
  };
  if (output->report.rows == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  if (open_files(output, common, fault) != STATUS_OK) {
    return fault->status;
  }
  if (output->stream != NULL) {
    output->format->begin(&output->report, output->stream);
    fflush(output->stream);
  }
  return STATUS_OK;
}

static void print_in_format(void *data, FILE *stream) {
  const struct output *output = data;
  format_print(output->format, &output->report, stream);
}

static void print_as_json(void *data, FILE *stream) {
  const struct output *output = data;
  format_print(&json_format, &output->report, stream);
}

/* Files are replaced after each case. A pipe or a device cannot take back what it was given: it
   gets the whole report at the end, and an analysis comes to files then. */
static bool is_due(const struct output *output, const struct output_file *file, bool at_end) {
  bool grew = at_end && json_array_size(output->report.analysis) > 0;
  return file->path != NULL && ((file->temporary == NULL) == at_end || grew);
}

static enum status write_files(struct output *output, bool at_end, struct fault *fault) {
  if (is_due(output, &output->file, at_end) &&
      output_file_replace(&output->file, print_in_format, output, fault) != STATUS_OK) {
    return fault->status;
  }
  if (is_due(output, &output->json_file, at_end)) {
    return output_file_replace(&output->json_file, print_as_json, output, fault);
  }
  return STATUS_OK;
}

static enum status flush(FILE *stream, struct fault *fault) {
  if (fflush(stream) != 0 || ferror(stream)) {
    return fault_set(fault, STATUS_FAILED, "the results cannot be written to stdout: %s",
                     strerror(errno));
  }
  return STATUS_OK;
}

void output_push(struct output *output, const struct planned_case *planned, json_t *record,
                 const struct outcome *outcome) {
  const struct subject *subject = &planned->subject;
  const json_t *answer = json_object_get(record, "answer");
  struct report *report = &output->report;
  struct report_row *row = &report->rows[report->count++];
  char brief[64];
  subject->brief(answer, brief, sizeof brief);
  *row = (struct report_row){.title = planned->title,
                             .argument = report->argument_width > 0 ? planned->argument : NULL,
                             .item = subject->item,
                             .brief = strdup(brief),
                             .check = strdup(outcome->check),
                             .facts = json_incref(outcome->facts),
                             .record = record};
  table_init(&row->answer);
  if (subject->tabulate != NULL) {
    subject->tabulate(answer, &row->answer);
  } else if (subject->probe != NULL && subject->probe->tabulate_run != NULL) {
    subject->probe->tabulate_run(outcome->facts, &row->answer);
    json_decref(row->facts);
    row->facts = NULL;
  }
}

static void free_row(struct report_row *row) {
  free((char *)row->brief);
  free((char *)row->check);
  table_free(&row->answer);
  json_decref(row->facts);
  json_decref(row->record);
}

void output_pop(struct output *output) {
  free_row(&output->report.rows[--output->report.count]);
}

enum status output_add(struct output *output, const struct planned_case *planned, json_t *record,
                       const struct outcome *outcome, struct fault *fault) {
  const struct report *report = &output->report;
  output_push(output, planned, record, outcome);
  if (output->stream != NULL) {
    output->format->row(report, report->count - 1, output->stream);
    if (flush(output->stream, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  return write_files(output, false, fault);
}

enum status output_end(struct output *output, struct fault *fault) {
  if (output->stream != NULL) {
    output->format->end(&output->report, output->stream);
    if (flush(output->stream, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  return write_files(output, true, fault);
}

void output_close(struct output *output) {
  for (size_t i = 0; i < output->report.count; i++) {
    free_row(&output->report.rows[i]);
  }
  free(output->report.rows);
  json_decref(output->report.environment);
  json_decref(output->report.analysis);
  output_file_close(&output->file);
  output_file_close(&output->json_file);
  *output = (struct output){0};
}
