#include "app/command_line.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "app/suite.h"
#include "app/sweep.h"

/* What was typed for the workload or probe, in order: a row and its value (NULL for a switch). */
struct assignment {
  const struct option_row *row;
  const char *value;
  char *joined; /* the value, when it is made of several words; owned */
};

struct parser {
  int argc;
  char *const *argv;
  int at;
  struct plan *plan;
  struct fault *fault;
  const char *word;                /* the command, workload or probe, NULL before it */
  struct subject subject;          /* without a name: none */
  bool given[COMMON_OPTIONS_MOST]; /* which of them were typed */
  bool paces_suite;                /* options of the suite were typed */
  struct assignment *assignments;
  size_t count;
  size_t positionals;
};

static enum status unknown_word(const struct parser *parser, const char *word) {
  char names[256] = "";
  struct subject subject;
  for (size_t i = 0; subject_at(i, &subject); i++) {
    size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s, ", subject.name);
  }
  return fault_set(parser->fault, STATUS_USAGE,
                   "unknown workload, probe or command '%s': accepted are %smeasure, scale, sweep, "
                   "list and help",
                   word, names);
}

static bool is_study(enum command command) {
  return command == COMMAND_MEASURE || command == COMMAND_SCALE || command == COMMAND_SWEEP;
}

static enum status take_first_word(struct parser *parser, const char *word) {
  struct plan *plan = parser->plan;
  if (parser->paces_suite) {
    return fault_set(parser->fault, STATUS_USAGE,
                     "--rel and --max-time before '%s' are the suite's: accepted are they without "
                     "it, and behind measure, scale or sweep",
                     word);
  }
  if (!is_study(plan->command)) {
    plan->command = plan_command(word);
    if (is_study(plan->command)) {
      options_set_standards(study_options(plan->command), &plan->study);
      return STATUS_OK; /* the workload's name is to come */
    }
  }
  parser->word = word;
  if (plan->command != COMMAND_RUN && !is_study(plan->command)) {
    return STATUS_OK;
  }
  if (!subject_find(word, &parser->subject)) {
    return unknown_word(parser, word);
  }
  if (plan->command == COMMAND_RUN && parser->subject.tool != NULL) {
    plan->command = COMMAND_TOOL;
  }
  return STATUS_OK;
}

static enum status take_positional(struct parser *parser, const char *word) {
  if (parser->word == NULL) {
    return take_first_word(parser, word);
  }
  if (parser->plan->command == COMMAND_HELP && parser->plan->topic.name == NULL) {
    bool general = strcmp(word, "list") == 0 || strcmp(word, "help") == 0;
    if (is_study(plan_command(word))) {
      parser->plan->topic_command = plan_command(word);
      return STATUS_OK;
    }
    return general || subject_find(word, &parser->plan->topic) ? STATUS_OK
                                                               : unknown_word(parser, word);
  }
  bool known = parser->subject.name != NULL;
  const struct option_row *row =
      known ? options_positional(parser->subject.options, parser->positionals++) : NULL;
  if (row == NULL) {
    return fault_set(parser->fault, STATUS_USAGE,
                     "%s: unexpected argument '%s': `parbench help%s%s` shows what is accepted",
                     parser->word, word, known ? " " : "", known ? parser->word : "");
  }
  parser->assignments[parser->count++] = (struct assignment){.row = row, .value = word};
  return STATUS_OK;
}

/* The words that follow, with a blank between two. */
static char *join_words(struct parser *parser, size_t words) {
  size_t size = 0;
  for (size_t i = 0; i < words; i++) {
    size += strlen(parser->argv[parser->at + (int)i]) + 1;
  }
  char *joined = malloc(size);
  size_t used = 0;
  for (size_t i = 0; joined != NULL && i < words; i++) {
    used += (size_t)snprintf(joined + used, size - used, "%s%s", i == 0 ? "" : " ",
                             parser->argv[parser->at++]);
  }
  return joined;
}

/* The value of an option, unless it stands behind an equals sign already. */
static enum status take_value(struct parser *parser, const char *token,
                              struct assignment *assignment) {
  const struct option_row *row = assignment->row;
  size_t words = options_words(row);
  if (words == 0 && assignment->value != NULL) {
    return fault_set(parser->fault, STATUS_USAGE, "%s takes no value: '%s'", row->name, token);
  }
  if (words == 0 || assignment->value != NULL) {
    return STATUS_OK;
  }
  if ((size_t)(parser->argc - parser->at) < words) {
    return fault_set(parser->fault, STATUS_USAGE, "%s: the value is missing: accepted is %s",
                     row->name, row->choices == NULL ? row->value : row->choices);
  }
  if (words == 1) {
    assignment->value = parser->argv[parser->at++];
    return STATUS_OK;
  }
  assignment->joined = join_words(parser, words);
  assignment->value = assignment->joined;
  return assignment->joined != NULL ? STATUS_OK
                                    : fault_set(parser->fault, STATUS_FAILED, "out of memory");
}

static enum status take_option(struct parser *parser, char *token) {
  struct plan *plan = parser->plan;
  if (strcmp(token, "--help") == 0 || strcmp(token, "-h") == 0) {
    plan->topic_command = is_study(plan->command) ? plan->command : plan->topic_command;
    plan->topic = parser->subject.name != NULL ? parser->subject : plan->topic;
    plan->command = COMMAND_HELP;
    return STATUS_OK;
  }
  if (strcmp(token, "--version") == 0) {
    plan->command = COMMAND_VERSION;
    return STATUS_OK;
  }
  char name[64];
  const char *equals = strchr(token, '=');
  size_t length = equals == NULL ? strlen(token) : (size_t)(equals - token);
  snprintf(name, sizeof name, "%.*s", (int)length, token);
  const struct option_row *common = options_find(common_options, name);
  bool known = parser->subject.name != NULL;
  const struct option_row *study = options_find(study_options(plan->command), name);
  const struct option_row *row = common != NULL  ? common
                                 : study != NULL ? study
                                 : known         ? options_find(parser->subject.options, name)
                                                 : NULL;
  if (row == NULL) {
    return fault_set(parser->fault, STATUS_USAGE,
                     "unknown option '%s'%s%s: `parbench help%s%s` shows what is accepted", name,
                     parser->word == NULL ? "" : " of ", parser->word == NULL ? "" : parser->word,
                     known ? " " : "", known ? parser->word : "");
  }
  struct assignment assignment = {.row = row, .value = equals == NULL ? NULL : equals + 1};
  if (take_value(parser, token, &assignment) != STATUS_OK) {
    return parser->fault->status;
  }
  if (common != NULL) {
    parser->given[common - common_options] = true;
    return options_set(row, &plan->common, assignment.value, parser->fault);
  }
  if (study != NULL) {
    parser->paces_suite = plan->command == COMMAND_SUITE;
    return options_set(row, &plan->study, assignment.value, parser->fault);
  }
  parser->assignments[parser->count++] = assignment;
  return STATUS_OK;
}

/* An option, rather than an argument such as -5 that its own parser should complain about. */
static bool is_option(const char *token) {
  return token[0] == '-' && token[1] != '\0' && strchr("0123456789.", token[1]) == NULL;
}

static enum status take_tokens(struct parser *parser) {
  while (parser->at < parser->argc) {
    char *token = parser->argv[parser->at++];
    enum status status =
        is_option(token) ? take_option(parser, token) : take_positional(parser, token);
    if (status != STATUS_OK) {
      return status;
    }
  }
  return STATUS_OK;
}

static bool is_assigned(const struct parser *parser, const struct option_row *row) {
  for (size_t i = 0; i < parser->count; i++) {
    if (parser->assignments[i].row == row) {
      return true;
    }
  }
  return false;
}

static enum status check_required(const struct parser *parser) {
  for (const struct option_row *row = parser->subject.options; row->name != NULL; row++) {
    if ((row->required || options_is_positional(row)) && !is_assigned(parser, row)) {
      return fault_set(parser->fault, STATUS_USAGE,
                       "%s: %s is missing: for example `parbench %s %s`", parser->word, row->name,
                       parser->word, parser->subject.example);
    }
  }
  return STATUS_OK;
}

/* What a probe would ignore must not be asked of it. */
static enum status check_heeded(const struct parser *parser) {
  for (size_t i = 0; common_options[i].name != NULL; i++) {
    const char *option = common_options[i].name;
    if (parser->given[i] && !subject_heeds(&parser->subject, option)) {
      return fault_set(parser->fault, STATUS_USAGE,
                       "%s: %s has no use for it: `parbench help %s` shows what is accepted",
                       option, parser->word, parser->word);
    }
  }
  return STATUS_OK;
}

/* What only prints is printed to stdout, and as it is. (Help is given whatever else was typed.) */
static enum status check_printed(const struct parser *parser) {
  bool prints = parser->plan->command == COMMAND_LIST || parser->plan->command == COMMAND_VERSION;
  for (size_t i = 0; prints && common_options[i].name != NULL; i++) {
    if (parser->given[i]) {
      return fault_set(parser->fault, STATUS_USAGE, "%s: list and --version have no use for it",
                       common_options[i].name);
    }
  }
  return STATUS_OK;
}

/* The words of one case: of a repeated argument only the chosen value. */
static char *make_title(const struct parser *parser, size_t chosen) {
  size_t size = strlen(parser->word) + 1;
  for (size_t i = 0; i < parser->count; i++) {
    const struct assignment *assignment = &parser->assignments[i];
    size += strlen(assignment->row->name) + 2 +
            (assignment->value == NULL ? 0 : strlen(assignment->value));
  }
  char *title = malloc(size);
  size_t used = title == NULL ? 0 : (size_t)snprintf(title, size, "%s", parser->word);
  for (size_t i = 0; title != NULL && i < parser->count; i++) {
    const struct assignment *assignment = &parser->assignments[i];
    if (options_is_repeated(assignment->row) && i != chosen) {
      continue;
    }
    if (!options_is_positional(assignment->row)) {
      used += (size_t)snprintf(title + used, size - used, " %s", assignment->row->name);
    }
    if (assignment->value != NULL) {
      used += (size_t)snprintf(title + used, size - used, " %s", assignment->value);
    }
  }
  return title;
}

/* Add the case in which a repeated argument has its chosen value (an index of the assignments; with
   no repeated argument any index will do). */
static enum status add_case(struct parser *parser, size_t chosen) {
  const struct subject *subject = &parser->subject;
  struct plan *plan = parser->plan;
  struct planned_case *cases = realloc(plan->cases, (plan->count + 1) * sizeof *cases);
  if (cases == NULL) {
    return fault_set(parser->fault, STATUS_FAILED, "out of memory");
  }
  plan->cases = cases;
  struct planned_case *planned = &cases[plan->count++];
  *planned = (struct planned_case){.subject = *subject,
                                   .common = &plan->common,
                                   .parameters = calloc(1, subject->parameters_size),
                                   .title = make_title(parser, chosen)};
  if (planned->parameters == NULL || planned->title == NULL) {
    return fault_set(parser->fault, STATUS_FAILED, "out of memory");
  }
  options_set_standards(subject->options, planned->parameters);
  for (size_t i = 0; i < parser->count; i++) {
    const struct assignment *assignment = &parser->assignments[i];
    if (options_is_repeated(assignment->row) && i != chosen) {
      continue;
    }
    if (options_is_repeated(assignment->row)) {
      planned->argument = assignment->value;
    }
    if (options_set(assignment->row, planned->parameters, assignment->value, parser->fault) !=
        STATUS_OK) {
      return parser->fault->status;
    }
  }
  return subject->validate == NULL ? STATUS_OK
                                   : subject->validate(planned->parameters, parser->fault);
}

static enum status add_cases(struct parser *parser) {
  if (check_heeded(parser) != STATUS_OK || check_required(parser) != STATUS_OK) {
    return parser->fault->status;
  }
  bool repeated = false;
  for (size_t i = 0; i < parser->count; i++) {
    if (options_is_repeated(parser->assignments[i].row)) {
      repeated = true;
      if (add_case(parser, i) != STATUS_OK) {
        return parser->fault->status;
      }
    }
  }
  return repeated ? STATUS_OK : add_case(parser, 0);
}

/* Not a request for help that was typed behind the subject's name. */
static bool is_work(enum command command) {
  return command == COMMAND_RUN || command == COMMAND_TOOL || is_study(command);
}

/* Parse one line into the plan: what the user typed, or a line of the suite. */
static enum status parse_line(int argc, char *const *argv, struct plan *plan, struct fault *fault) {
  struct parser parser = {.argc = argc, .argv = argv, .at = 1, .plan = plan, .fault = fault};
  parser.assignments = calloc((size_t)argc, sizeof *parser.assignments);
  if (parser.assignments == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  enum status status = take_tokens(&parser);
  if (status == STATUS_OK) {
    status = check_printed(&parser);
  }
  if (status == STATUS_OK && is_study(plan->command) && parser.word == NULL) {
    status =
        fault_set(fault, STATUS_USAGE,
                  "%s: the workload is missing: for example `parbench %s pi --samples 1e8%s`",
                  argv[1], argv[1], plan->command == COMMAND_SWEEP ? " --vary chunk=1e5,1e6" : "");
  }
  if (status == STATUS_OK && is_work(plan->command) && parser.subject.name != NULL) {
    status = add_cases(&parser);
    if (status != STATUS_OK) {
      struct fault inner = *fault;
      /* Complaints about a value begin with the option's name; say whose option it is. */
      bool named = strncmp(inner.text, parser.subject.name, strlen(parser.subject.name)) == 0;
      fault_set(fault, inner.status, "%s%s%s", named ? "" : parser.subject.name, named ? "" : ": ",
                inner.text);
    }
  }
  for (size_t i = 0; i < parser.count; i++) {
    free(parser.assignments[i].joined);
  }
  free(parser.assignments);
  return status;
}

static enum status add_suite(struct plan *plan, struct fault *fault) {
  for (size_t i = 0; suite_cases[i][0] != NULL; i++) {
    char *argv[SUITE_WORDS + 1] = {"parbench"};
    int argc = 1;
    while (argc <= SUITE_WORDS && suite_cases[i][argc - 1] != NULL) {
      argv[argc] = (char *)suite_cases[i][argc - 1];
      argc++;
    }
    if (parse_line(argc, argv, plan, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  plan->command = COMMAND_SUITE;
  return STATUS_OK;
}

enum status command_line_parse(int argc, char *const *argv, struct plan *plan,
                               struct fault *fault) {
  *plan = (struct plan){.command = COMMAND_SUITE};
  return sweep_is_asked_for(argc, argv) ? sweep_parse(argc, argv, plan, fault)
                                        : command_line_parse_case(argc, argv, plan, fault);
}

enum status command_line_parse_case(int argc, char *const *argv, struct plan *plan,
                                    struct fault *fault) {
  *plan = (struct plan){.command = COMMAND_SUITE};
  options_set_standards(common_options, &plan->common);
  options_set_standards(study_options(COMMAND_SUITE), &plan->study);
  if (parse_line(argc, argv, plan, fault) != STATUS_OK) {
    return fault->status;
  }
  if (plan->command == COMMAND_SUITE && add_suite(plan, fault) != STATUS_OK) {
    return fault->status;
  }
  return plan_check(plan, fault);
}
