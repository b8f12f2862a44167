#include "app/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "app/command_line.h"
#include "core/number.h"

enum { MOST_VARIATIONS = 8, MOST_VALUES = 256, MOST_CASES = 4096 };

/* One --vary: an option's name, without dashes, and the values that it takes in turn. */
struct variation {
  char *text; /* owned; cut into pieces: */
  const char *name;
  const char *values[MOST_VALUES];
  size_t count;
};

struct sweep {
  char **words; /* the command line of a case: what was typed, and an option for each variation */
  int typed;    /* words that were typed, without the --vary's */
  struct variation variations[MOST_VARIATIONS];
  size_t count;
};

bool sweep_is_asked_for(int argc, char *const *argv) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      return false;
    }
  }
  return argc > 1 && strcmp(argv[1], "sweep") == 0;
}

/* Of the options of every job and of studies those that say how the job is done. The others hold
   for the sweep as a whole: its output, its repeats. */
static const char *const variable[] = {"dispatch", "schedule", "chunk",   "order", "flag",
                                       "poll",     "redis",    "threads", "seed",  NULL};

static bool is_row_of(const struct option_row *rows, const char *name) {
  for (; rows->name != NULL; rows++) {
    if (strcmp(rows->name + strspn(rows->name, "-"), name) == 0) {
      return true;
    }
  }
  return false;
}

static bool is_listed(const char *const *names, size_t count, const char *name) {
  for (size_t i = 0; i < count && names[i] != NULL; i++) {
    if (strcmp(names[i], name) == 0) {
      return true;
    }
  }
  return false;
}

/* Options of the workload are not known yet. */
static enum status check_name(const struct sweep *sweep, const char *name, struct fault *fault) {
  const bool whole = is_row_of(common_options, name) ||
                     (is_row_of(study_options(COMMAND_SWEEP), name) && strcmp(name, "ranks") != 0);
  if (whole && !is_listed(variable, SIZE_MAX, name)) {
    return fault_set(
        fault, STATUS_USAGE,
        "--vary: %s holds for the whole sweep: accepted are ranks, dispatch, schedule, "
        "chunk, order, flag, poll, redis, threads, seed and the workload's options",
        name);
  }
  for (size_t v = 0; v < sweep->count; v++) {
    if (strcmp(sweep->variations[v].name, name) == 0) {
      return fault_set(fault, STATUS_USAGE,
                       "--vary: %s is given twice: accepted is one list of all its values", name);
    }
  }
  return STATUS_OK;
}

static enum status add_value(struct variation *variation, const char *value, struct fault *fault) {
  if (is_listed(variation->values, variation->count, value)) {
    return fault_set(fault, STATUS_USAGE,
                     "--vary: %s=%s is listed twice: accepted are different values",
                     variation->name, value);
  }
  if (variation->count == MOST_VALUES) {
    return fault_set(fault, STATUS_USAGE, "--vary: accepted are at most %d values of %s",
                     MOST_VALUES, variation->name);
  }
  variation->values[variation->count++] = value;
  return STATUS_OK;
}

static enum status add_variation(struct sweep *sweep, const char *text, struct fault *fault) {
  if (sweep->count == MOST_VARIATIONS) {
    return fault_set(fault, STATUS_USAGE, "--vary: accepted are at most %d", MOST_VARIATIONS);
  }
  struct variation *variation = &sweep->variations[sweep->count];
  variation->text = strdup(text);
  if (variation->text == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  char *rest = strchr(variation->text, '=');
  variation->name = variation->text + strspn(variation->text, "-");
  if (rest == NULL || rest <= variation->name || rest[1] == '\0') {
    return fault_set(fault, STATUS_USAGE,
                     "--vary: '%s' is no option with values: accepted is for example chunk=1,8,64",
                     text);
  }
  *rest++ = '\0';
  if (check_name(sweep, variation->name, fault) != STATUS_OK) {
    return fault->status;
  }
  for (char *value = strtok(rest, ","); value != NULL; value = strtok(NULL, ",")) {
    if (add_value(variation, value, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  if (variation->count == 0) {
    return fault_set(fault, STATUS_USAGE, "--vary: '%s' lists no values", text);
  }
  sweep->count++;
  return STATUS_OK;
}

/* Part what was typed into the words of a case and the variations. */
static enum status sort_words(struct sweep *sweep, int argc, char *const *argv,
                              struct fault *fault) {
  sweep->words = calloc((size_t)argc + MOST_VARIATIONS + 1, sizeof *sweep->words);
  if (sweep->words == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  sweep->words[sweep->typed++] = argv[0];
  sweep->words[sweep->typed++] = argv[1];
  enum status status = STATUS_OK;
  for (int i = 2; i < argc && status == STATUS_OK; i++) {
    bool apart = strcmp(argv[i], "--vary") == 0;
    if (apart && i + 1 == argc) {
      return fault_set(fault, STATUS_USAGE,
                       "--vary: the value is missing: accepted is OPTION=LIST");
    }
    if (!apart && strncmp(argv[i], "--vary=", 7) != 0) {
      sweep->words[sweep->typed++] = argv[i];
    } else {
      status = add_variation(sweep, apart ? argv[++i] : argv[i] + 7, fault);
    }
  }
  if (status == STATUS_OK && sweep->count == 0) {
    return fault_set(fault, STATUS_USAGE,
                     "sweep: --vary is missing: for example --vary chunk=1,8,64");
  }
  return status;
}

/* One value of a variation, as a word of the case's command line, or as the ranks that do it. */
static enum status choose(struct sweep *sweep, const struct variation *variation, const char *value,
                          int *words, int *ranks, struct fault *fault) {
  if (strcmp(variation->name, "ranks") == 0) {
    uint64_t count;
    if (number_parse_count(value, &count) != NUMBER_OK || count == 0 || count > INT32_MAX) {
      return fault_set(fault, STATUS_USAGE, "--vary: ranks=%s: accepted are counts from 1 on",
                       value);
    }
    *ranks = (int)count;
    return STATUS_OK;
  }
  size_t size = strlen(variation->name) + strlen(value) + sizeof "--=";
  char *word = malloc(size);
  if (word == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  snprintf(word, size, "--%s=%s", variation->name, value);
  sweep->words[(*words)++] = word;
  return STATUS_OK;
}

/* With several cases of a combination the argument tells them apart. */
static char *make_label(const struct planned_case *planned, bool several, const char *varied) {
  const char *argument = several && planned->argument != NULL ? planned->argument : "";
  size_t size = strlen(argument) + strlen(varied) + 2;
  char *label = malloc(size);
  if (label != NULL) {
    snprintf(label, size, "%s%s%s", argument, argument[0] == '\0' ? "" : " ", varied);
  }
  return label;
}

/* Cases of a combination go over to the plan, with the options that they were parsed with. */
static enum status take_cases(struct plan *plan, struct plan *part, const char *label, int ranks,
                              struct fault *fault) {
  struct planned_case *cases =
      realloc(plan->cases, (plan->count + part->count) * sizeof *plan->cases);
  struct common *common = malloc(sizeof *common);
  if (cases != NULL) {
    plan->cases = cases;
  }
  if (cases == NULL || common == NULL || part->count == 0) {
    free(common);
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  *common = part->common;
  part->common = (struct common){0};
  for (size_t i = 0; i < part->count; i++) {
    struct planned_case *planned = &cases[plan->count++];
    *planned = part->cases[i];
    planned->common = common;
    planned->own_common = i == 0 ? common : NULL;
    planned->ranks = ranks;
    planned->label = make_label(planned, part->count > 1, label);
  }
  part->count = 0;
  return STATUS_OK;
}

enum { LABEL = 512 };

/* Parse the command line of a combination. */
static enum status parse_combination(struct sweep *sweep, size_t index, struct plan *part,
                                     char label[LABEL], int *ranks, struct fault *fault) {
  const char *values[MOST_VARIATIONS];
  size_t used = 0;
  int words = sweep->typed;
  enum status status = STATUS_OK;
  for (size_t v = sweep->count; v-- > 0; index /= sweep->variations[v].count) {
    values[v] = sweep->variations[v].values[index % sweep->variations[v].count];
  }
  for (size_t v = 0; status == STATUS_OK && v < sweep->count; v++) {
    const struct variation *variation = &sweep->variations[v];
    status = choose(sweep, variation, values[v], &words, ranks, fault);
    if (used < LABEL) {
      used += (size_t)snprintf(label + used, LABEL - used, "%s%s=%s", v == 0 ? "" : " ",
                               variation->name, values[v]);
    }
  }
  *part = (struct plan){0};
  if (status == STATUS_OK) {
    status = command_line_parse_case(words, sweep->words, part, fault);
  }
  for (int i = sweep->typed; i < words; i++) {
    free(sweep->words[i]);
  }
  return status;
}

static enum status add_combination(struct sweep *sweep, size_t index, struct plan *plan,
                                   struct fault *fault) {
  char label[LABEL];
  int ranks = 0;
  struct plan part;
  enum status status = parse_combination(sweep, index, &part, label, &ranks, fault);
  if (status == STATUS_OK) {
    status = take_cases(plan, &part, label, ranks, fault);
  }
  plan_free(&part);
  return status;
}

/* What holds for the whole sweep, output and repeats, as any combination has it. */
static enum status take_whole(struct sweep *sweep, struct plan *plan, struct fault *fault) {
  char label[LABEL];
  int ranks = 0;
  struct plan part;
  enum status status = parse_combination(sweep, 0, &part, label, &ranks, fault);
  if (status == STATUS_OK) {
    plan->common = part.common;
    plan->study = part.study;
    part.common = (struct common){0};
    part.study = (struct study){0};
  }
  plan_free(&part);
  return status;
}

static void free_sweep(struct sweep *sweep) {
  for (size_t v = 0; v < MOST_VARIATIONS; v++) { /* one that was refused is not counted */
    free(sweep->variations[v].text);
  }
  free(sweep->words);
}

/* Each combination may leave it to another one to ask the server. */
static enum status check_redis(const struct plan *plan, struct fault *fault) {
  bool given = false;
  bool asked = false;
  for (size_t i = 0; i < plan->count; i++) {
    const struct planned_case *planned = &plan->cases[i];
    given = given || planned->common->redis != NULL;
    asked = asked || planned->subject.probe != NULL || strcmp(planned->common->flag, "redis") == 0;
  }
  return given && !asked
             ? fault_set(fault, STATUS_USAGE, "--redis: only --flag redis asks a server")
             : STATUS_OK;
}

enum status sweep_parse(int argc, char *const *argv, struct plan *plan, struct fault *fault) {
  struct sweep sweep = {0};
  size_t combinations = 1;
  enum status status = sort_words(&sweep, argc, argv, fault);
  plan->command = COMMAND_SWEEP;
  for (size_t v = 0; v < sweep.count; v++) {
    combinations *= sweep.variations[v].count;
    combinations = combinations > MOST_CASES ? MOST_CASES + 1 : combinations;
  }
  if (status == STATUS_OK && combinations > MOST_CASES) {
    status =
        fault_set(fault, STATUS_USAGE, "--vary: accepted are at most %d combinations", MOST_CASES);
  }
  if (status == STATUS_OK) {
    status = take_whole(&sweep, plan, fault);
  }
  for (size_t i = 0; status == STATUS_OK && i < combinations; i++) {
    status = add_combination(&sweep, i, plan, fault);
  }
  free_sweep(&sweep);
  return status == STATUS_OK ? check_redis(plan, fault) : status;
}
