/* compare: two result files, case by case. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/plan.h"
#include "core/number.h"
#include "core/output_file.h"
#include "results/comparison_print.h"

enum { TOO_SLOW = 3 }; /* exit code */

struct compare {
  char *a, *b, *percent;
};

static const struct option_row options[] = {
    {"A.json", OPTION_TEXT, offsetof(struct compare, a), NULL, NULL, NULL, 0, 0, true,
     "result file to compare with, written with --json"},
    {"B.json", OPTION_TEXT, offsetof(struct compare, b), NULL, NULL, NULL, 0, 0, true,
     "result file that is compared with it"},
    {"--fail-if-slower", OPTION_TEXT, offsetof(struct compare, percent), "PERCENT", NULL, NULL, 0,
     0, false, "exit with 3 when a case is surely slower by more than that, such as 5%"},
    {0},
};

/* "5%"; the sign keeps 0.05 from being taken for five per cent, or for a twentieth of one. */
static bool parse_percent(const char *text, double *percent) {
  char number[64];
  size_t length = strlen(text);
  if (length < 2 || length > sizeof number || text[length - 1] != '%') {
    return false;
  }
  memcpy(number, text, length - 1);
  number[length - 1] = '\0';
  return number_parse_real(number, percent) == NUMBER_OK && *percent >= 0;
}

static enum status compare_validate(void *parameters, struct fault *fault) {
  const struct compare *compare = parameters;
  double percent = 0;
  if (compare->percent != NULL && !parse_percent(compare->percent, &percent)) {
    return fault_set(fault, STATUS_USAGE,
                     "--fail-if-slower: '%s' is not a percentage: accepted are 0%% and more, such "
                     "as 5%% or 2.5%%",
                     compare->percent);
  }
  return STATUS_OK;
}

struct printing {
  const struct comparison *comparison;
  comparison_printer *print;
  double percent;
};

static void print(void *data, FILE *stream) {
  const struct printing *printing = data;
  printing->print(printing->comparison, printing->percent, stream);
}

static enum status print_all(struct printing *printing, const char *output, struct fault *fault) {
  if (output == NULL) {
    print(printing, stdout);
    return fflush(stdout) == 0
               ? STATUS_OK
               : fault_set(fault, STATUS_FAILED, "stdout cannot be written: %s", strerror(errno));
  }
  struct output_file file;
  if (output_file_open(&file, "--output", output, fault) != STATUS_OK) {
    return fault->status;
  }
  enum status status = output_file_replace(&file, print, printing, fault);
  output_file_close(&file);
  return status;
}

/* What --fail-if-slower says: an exit code and, where it is not 0, a line that tells why. */
static enum status judge(const struct comparison *comparison, double percent, int *code,
                         struct fault *fault) {
  size_t judged = 0;
  size_t slow = 0;
  const struct compared_case *first = NULL;
  for (size_t i = 0; i < comparison->count; i++) {
    const struct compared_case *compared = &comparison->cases[i];
    judged += is_judged(compared);
    if (is_slower_by(compared, percent)) {
      first = first == NULL ? compared : first;
      slow++;
    }
  }
  if (judged == 0) {
    return fault_set(fault, STATUS_USAGE,
                     "compare: --fail-if-slower cannot be answered: no case is in both files with "
                     "at least four samples each");
  }
  if (first != NULL) {
    *code = TOO_SLOW;
    fprintf(stderr,
            "parbench: compare: %zu of %zu case%s slower by more than %g %%: %s takes %.3f times "
            "as long%s\n",
            slow, judged, judged == 1 ? " is" : "s are", percent, first->label, first->ratio.value,
            slow > 1 ? ", and others" : "");
  }
  return STATUS_OK;
}

static enum status compare_documents(const struct compare *compare, const struct common *common,
                                     const struct document *a, const struct document *b, int *code,
                                     struct fault *fault) {
  struct comparison comparison;
  if (comparison_make(a, b, &comparison, fault) != STATUS_OK) {
    return fault->status;
  }
  double percent = NAN;
  if (compare->percent != NULL) {
    parse_percent(compare->percent, &percent);
  }
  struct printing printing = {
      .comparison = &comparison,
      .percent = percent,
      .print = strcmp(common->format, "csv") == 0    ? comparison_print_csv
               : strcmp(common->format, "json") == 0 ? comparison_print_json
                                                     : comparison_print_text,
  };
  enum status status = print_all(&printing, common->output, fault);
  if (status == STATUS_OK && compare->percent != NULL) {
    status = judge(&comparison, percent, code, fault);
  }
  comparison_free(&comparison);
  return status;
}

static enum status compare_run(const void *parameters, const struct common *common, int *code,
                               struct fault *fault) {
  const struct compare *compare = parameters;
  struct document a;
  struct document b;
  if (document_read(compare->a, &a, fault) != STATUS_OK) {
    return fault->status;
  }
  enum status status = document_read(compare->b, &b, fault);
  if (status == STATUS_OK) {
    status = compare_documents(compare, common, &a, &b, code, fault);
    document_free(&b);
  }
  document_free(&a);
  return status;
}

const struct tool compare_tool = {
    .name = "compare",
    .summary = "are the cases of one result file faster or slower than another's?",
    .example = "before.json after.json --fail-if-slower 5%",
    .options = options,
    .parameters_size = sizeof(struct compare),
    .heeds = (const char *const[]){"--format", "--output", NULL},
    .validate = compare_validate,
    .run = compare_run,
};
