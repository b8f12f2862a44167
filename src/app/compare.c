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
  bool strict;
};

static const struct option_row options[] = {
    {"A.json", OPTION_TEXT, offsetof(struct compare, a), NULL, NULL, NULL, 0, 0, true,
     "result file to compare with, written with --json"},
    {"B.json", OPTION_TEXT, offsetof(struct compare, b), NULL, NULL, NULL, 0, 0, true,
     "result file that is compared with it"},
    {"--fail-if-slower", OPTION_TEXT, offsetof(struct compare, percent), "PERCENT", NULL, NULL, 0,
     0, false, "exit with 3 when a case is surely slower by more than that, such as 5%"},
    {"--strict", OPTION_SWITCH, offsetof(struct compare, strict), NULL, NULL, NULL, 0, 0, false,
     "with --fail-if-slower: exit with 3, too, when that cannot be told of a case of A.json"},
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
  if (compare->strict && compare->percent == NULL) {
    return fault_set(fault, STATUS_USAGE, "--strict: goes with --fail-if-slower only");
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

/* What --fail-if-slower asks. */
struct question {
  double percent; /* NAN: nothing */
  bool strict;
};

static void tell_slower(const struct comparison *comparison, double percent, size_t slow,
                        size_t total) {
  const struct compared_case *first = comparison->cases;
  while (!is_slower_by(first, percent)) {
    first++;
  }
  fprintf(stderr,
          "parbench: compare: %zu of %zu case%s %s slower by more than %g %%: %s takes %.3f times "
          "as long%s\n",
          slow, total, total == 1 ? "" : "s", slow == 1 ? "is" : "are", percent, first->name,
          first->ratio.value, slow > 1 ? ", and others" : "");
}

/* More would be a table, and that stands on stdout. */
enum { MOST_NAMED = 8 };

static void tell_not_judged(const struct comparison *comparison, double percent, size_t count,
                            size_t total) {
  fprintf(stderr, "parbench: compare: %zu of %zu case%s could not be judged: ", count, total,
          total == 1 ? "" : "s");
  size_t named = 0;
  for (size_t i = 0; i < comparison->count && named < MOST_NAMED; i++) {
    const struct compared_case *compared = &comparison->cases[i];
    const char *why = why_not_judged(compared, percent);
    if (compared->a != NULL && why != NULL) {
      fprintf(stderr, "%s%s (%s)", named++ > 0 ? ", " : "", compared->name, why);
    }
  }
  if (count > named) {
    fprintf(stderr, " and %zu more", count - named);
  }
  fputc('\n', stderr);
}

/* The answer: an exit code and, where not every case of A passes, lines that tell why. Cases of B
   only have nothing that they could be slower than. */
static enum status judge(const struct comparison *comparison, struct question question, int *code,
                         struct fault *fault) {
  size_t judged = 0;
  size_t slow = 0;
  size_t open = 0;
  size_t total = comparison->a->count;
  for (size_t i = 0; i < comparison->count; i++) {
    const struct compared_case *compared = &comparison->cases[i];
    judged += is_judged(compared);
    slow += is_slower_by(compared, question.percent);
    open += compared->a != NULL && why_not_judged(compared, question.percent) != NULL;
  }
  if (judged == 0) {
    return fault_set(fault, STATUS_USAGE,
                     "compare: --fail-if-slower cannot be answered: no case is in both files with "
                     "right answers and at least four samples each");
  }
  if (slow > 0) {
    tell_slower(comparison, question.percent, slow, total);
  }
  if (open > 0) {
    tell_not_judged(comparison, question.percent, open, total);
  }
  if (slow > 0 || (question.strict && open > 0)) {
    *code = TOO_SLOW;
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
  struct question question = {.percent = NAN, .strict = compare->strict};
  if (compare->percent != NULL) {
    parse_percent(compare->percent, &question.percent);
  }
  struct printing printing = {
      .comparison = &comparison,
      .percent = question.percent,
      .print = strcmp(common->format, "csv") == 0    ? comparison_print_csv
               : strcmp(common->format, "json") == 0 ? comparison_print_json
                                                     : comparison_print_text,
  };
  enum status status = print_all(&printing, common->output, fault);
  if (status == STATUS_OK && compare->percent != NULL) {
    status = judge(&comparison, question, code, fault);
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
