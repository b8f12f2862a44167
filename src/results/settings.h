/* What was set in the cases of results: their parameters and options, and in which of them cases
   differ. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "results/document.h"

/* Cases of one file or of several. */
struct case_set {
  const struct result_case **cases; /* owned array of cases that are not */
  size_t count;
};

/* All cases of a document, appended. */
enum status case_set_add(struct case_set *set, const struct document *document,
                         struct fault *fault);
void case_set_free(struct case_set *set);

/* A member of the case's "params", or else of its "options"; NULL when it has none. */
const json_t *case_setting(const struct result_case *result, const char *key);

/* Ranks times threads. */
int case_workers(const struct result_case *result);

/* For people: 1000000, guided, none; of a list its length. Returns text. */
const char *setting_text(const json_t *value, char *text, size_t size);

enum { SETTINGS_MOST = 16 };

/* The settings in which the set's cases of this workload (NULL: of all) differ; keys[SETTINGS_MOST]
   belong to the documents. Returns how many there are, at most SETTINGS_MOST. Ranks do not count,
   nor does the schedule of a single worker beside cases with more. */
size_t settings_differing(const struct case_set *set, const char *workload, const char **keys);

/* The case's workload, and what tells it apart from the set's others of that workload: "pi",
   "isprime n=17". Returns text. */
const char *case_label(const struct case_set *set, const struct result_case *result, char *text,
                       size_t size);

bool settings_equal_ranks(const struct case_set *set);
bool settings_one_workload(const struct case_set *set);

/* What all cases of a set (one workload, count >= 1) have in common, parameters first, without what
   is not set: "n=17 precheck=on schedule=factoring". "" for several workloads. Returns text. */
const char *settings_shared(const struct case_set *set, char *text, size_t size);
