#include "results/document.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clean_text.h"
#include "results/settings.h"

#define EXPECTED "expected is a file that parbench wrote with --json"

/* A place in a document, for messages: cases[3].seconds.samples[0]. */
struct place {
  const struct document *document;
  size_t index;
  struct fault *fault;
};

static enum status bad_case(const struct place *place, const char *what) {
  return fault_set(place->fault, STATUS_USAGE, "'%s': cases[%zu]%s: " EXPECTED,
                   place->document->path, place->index, what);
}

/* No run that anyone measured took less, or more; and of such times every ratio is a number. */
static const double SHORTEST = 1e-12;
static const double LONGEST = 1e12;

static enum status read_samples(const struct place *place, const char *key,
                                struct samples *samples) {
  char what[96];
  const json_t *record = place->document->cases[place->index].record;
  const json_t *list = json_object_get(json_object_get(record, key), "samples");
  size_t count = json_array_size(list);
  if (count == 0) {
    snprintf(what, sizeof what, ".%s.samples is no list of times", key);
    return bad_case(place, what);
  }
  samples->seconds = malloc(count * sizeof *samples->seconds);
  if (samples->seconds == NULL) {
    return fault_set(place->fault, STATUS_FAILED, "out of memory");
  }
  samples->count = count;
  for (size_t i = 0; i < count; i++) {
    double seconds = json_number_value(json_array_get(list, i));
    if (!(seconds >= SHORTEST && seconds <= LONGEST)) {
      snprintf(what, sizeof what, ".%s.samples[%zu] is no time of a run in seconds", key, i);
      return bad_case(place, what);
    }
    samples->seconds[i] = seconds;
  }
  return STATUS_OK;
}

/* It stands in lines of text. */
static bool is_name(const char *text) {
  while (text != NULL && *text != '\0' && !iscntrl((unsigned char)*text)) {
    text++;
  }
  return text != NULL && *text == '\0';
}

static bool is_check(const char *text) {
  return text != NULL && (strcmp(text, "ok") == 0 || strcmp(text, "failed") == 0);
}

static enum status read_case(const struct place *place) {
  struct result_case *result = &place->document->cases[place->index];
  const json_t *record = result->record;
  const json_t *ranks = json_object_get(record, "ranks");
  result->workload = json_string_value(json_object_get(record, "workload"));
  if (!is_name(result->workload)) {
    return bad_case(place, " has no \"workload\"");
  }
  if (!is_check(json_string_value(json_object_get(record, "check")))) {
    return bad_case(place, ".check is neither \"ok\" nor \"failed\"");
  }
  if (!json_is_object(json_object_get(record, "params")) ||
      !json_is_object(json_object_get(record, "options"))) {
    return bad_case(place, " lacks \"params\" or \"options\"");
  }
  if (!json_is_integer(ranks) || json_integer_value(ranks) < 1 ||
      json_integer_value(ranks) > 1000000000) {
    return bad_case(place, ".ranks is no number of ranks");
  }
  result->ranks = (int)json_integer_value(ranks);
  json_int_t threads = json_integer_value(case_setting(result, "threads"));
  if (threads < 0 || threads > INT_MAX / result->ranks) {
    return bad_case(place, ".options.threads is no number of threads");
  }
  if (read_samples(place, "seconds", &result->parallel) != STATUS_OK) {
    return place->fault->status;
  }
  return json_object_get(record, "serial") == NULL ? STATUS_OK
                                                   : read_samples(place, "serial", &result->serial);
}

static enum status load(struct document *document, struct fault *fault) {
  FILE *file = fopen(document->path, "r");
  if (file == NULL) {
    return fault_set(fault, STATUS_USAGE, "'%s' cannot be read: %s: " EXPECTED, document->path,
                     strerror(errno));
  }
  json_error_t error;
  errno = 0;
  document->content = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
  int failed = ferror(file) ? errno : 0; /* a folder opens, but cannot be read */
  fclose(file);
  if (failed != 0) {
    return fault_set(fault, STATUS_USAGE, "'%s' cannot be read: %s: " EXPECTED, document->path,
                     strerror(failed));
  }
  if (document->content == NULL) {
    return fault_set(fault, STATUS_USAGE, "'%s', line %d, column %d: %s: " EXPECTED, document->path,
                     error.line, error.column, error.text);
  }
  return STATUS_OK;
}

static enum status check_kind(const struct document *document, struct fault *fault) {
  const json_t *schema = json_object_get(document->content, "schema");
  if (!json_is_integer(schema)) {
    return fault_set(fault, STATUS_USAGE,
                     "'%s' is no result of parbench, it has no \"schema\": " EXPECTED,
                     document->path);
  }
  if (json_integer_value(schema) != 1) {
    return fault_set(fault, STATUS_USAGE,
                     "'%s' has schema %" JSON_INTEGER_FORMAT
                     ", which this parbench does not know: expected is schema 1",
                     document->path, json_integer_value(schema));
  }
  return STATUS_OK;
}

static enum status read_cases(struct document *document, struct fault *fault) {
  const json_t *cases = json_object_get(document->content, "cases");
  size_t count = json_array_size(cases);
  if (count == 0) {
    return fault_set(fault, STATUS_USAGE, "'%s' holds no cases: " EXPECTED, document->path);
  }
  document->cases = calloc(count, sizeof *document->cases);
  if (document->cases == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  document->count = count;
  for (size_t i = 0; i < count; i++) {
    document->cases[i].record = json_array_get(cases, i);
    struct place place = {document, i, fault};
    if (read_case(&place) != STATUS_OK) {
      return fault->status;
    }
  }
  return STATUS_OK;
}

enum status document_read(const char *path, struct document *document, struct fault *fault) {
  *document = (struct document){.path = strdup(path)};
  if (document->path == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  if (load(document, fault) != STATUS_OK || check_kind(document, fault) != STATUS_OK ||
      read_cases(document, fault) != STATUS_OK) {
    enum status status = fault->status;
    document_free(document);
    return status;
  }
  document->environment = json_object_get(document->content, "environment");
  return STATUS_OK;
}

void document_free(struct document *document) {
  for (size_t i = 0; i < document->count; i++) {
    free(document->cases[i].parallel.seconds);
    free(document->cases[i].serial.seconds);
  }
  free(document->cases);
  free(document->path);
  json_decref(document->content);
  *document = (struct document){0};
}

static int whole(const json_t *object, const char *key) {
  return (int)json_integer_value(json_object_get(object, key));
}

static const char *word(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text == NULL ? "?" : text;
}

const char *document_origin(const struct document *document, char *text, size_t size) {
  const json_t *environment = document->environment;
  int hosts = whole(environment, "hosts");
  int cores = whole(environment, "cores");
  snprintf(text, size, "%d host%s, %d core%s, %s (%s), parbench %s (%s)", hosts,
           hosts == 1 ? "" : "s", cores, cores == 1 ? "" : "s", word(environment, "cpu"),
           word(environment, "isa"), word(document->content, "version"), word(environment, "git"));
  return clean_controls(clean_cut(text));
}
