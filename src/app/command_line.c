#include "app/command_line.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "app/listing.h"
#include "app/suite.h"
#include "core/redis.h"
#include "flags/flag.h"
#include "formats/format.h"
#include "orders/order.h"
#include "pool/dispatcher.h"

const struct option_row common_options[] = {
    {"--seed", OPTION_COUNT, offsetof(struct common, seed), "S", "1", NULL, 0, 0, false,
     "seed of all random numbers"},
    {"--dispatch", OPTION_CHOICE, offsetof(struct common, dispatch), NULL, "node", DISPATCHER_NAMES,
     0, 0, false,
     "how work reaches ranks: drawn in each node, from rank 0 by message or by one-sided MPI, "
     "or one part each"},
    {"--schedule", OPTION_CHOICE, offsetof(struct common, schedule), NULL, NULL, SCHEDULE_NAMES, 0,
     0, false,
     "how large the next chunk is [factoring; dynamic with --order descending; equal parts "
     "with scatter]"},
    {"--chunk", OPTION_COUNT, offsetof(struct common, chunk), "N", NULL, NULL, 1, 0, false,
     "items of a chunk, or of the smallest one [the schedule's choice]"},
    {"--order", OPTION_CHOICE, offsetof(struct common, order), NULL, "natural", ORDER_NAMES, 0, 0,
     false, "which items come first: the first ones, shuffled, the most expensive ones"},
    {"--flag", OPTION_CHOICE, offsetof(struct common, flag), NULL, "auto", FLAG_NAMES, 0, 0, false,
     "how ranks tell one another to stop early"},
    {"--poll", OPTION_COUNT, offsetof(struct common, poll), "N", NULL, NULL, 1, 0, false,
     "look at the flag after so many items, or the fewest the workload can cut [0.5 ms of work]"},
    {"--redis", OPTION_TEXT, offsetof(struct common, redis), "HOST:PORT", NULL, NULL, 0, 0, false,
     "server of --flag redis [PARBENCH_REDIS; password: PARBENCH_REDIS_PASSWORD(_FILE)]"},
    {"--format", OPTION_CHOICE, offsetof(struct common, format), NULL, "text", FORMAT_NAMES, 0, 0,
     false, "of the results"},
    {"--output", OPTION_TEXT, offsetof(struct common, output), "FILE", NULL, NULL, 0, 0, false,
     "write the results there instead of stdout"},
    {"--json", OPTION_TEXT, offsetof(struct common, json), "FILE", NULL, NULL, 0, 0, false,
     "write the results there as JSON too"},
    {"-v", OPTION_SWITCH, offsetof(struct common, verbose), NULL, NULL, NULL, 0, 0, false,
     "show what each rank did"},
    {0},
};

/* What was typed for the workload, in order: a row and its value (NULL for a switch). */
struct assignment {
  const struct option_row *row;
  const char *value;
};

struct parser {
  int argc;
  char *const *argv;
  int at;
  struct plan *plan;
  struct fault *fault;
  const char *word; /* the command or workload, NULL before it */
  const struct workload *workload;
  struct assignment *assignments;
  size_t count;
  size_t positionals;
};

static enum status unknown_word(const struct parser *parser, const char *word) {
  char names[256] = "";
  for (const struct workload *const *workload = workloads; *workload != NULL; workload++) {
    size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s, ", (*workload)->name);
  }
  return fault_set(parser->fault, STATUS_USAGE,
                   "unknown workload or command '%s': accepted are %slist and help", word, names);
}

static enum status take_first_word(struct parser *parser, const char *word) {
  struct plan *plan = parser->plan;
  parser->word = word;
  parser->workload = workload_find(word);
  if (parser->workload != NULL) {
    plan->command = COMMAND_RUN;
  } else if (strcmp(word, "list") == 0) {
    plan->command = COMMAND_LIST;
  } else if (strcmp(word, "help") == 0) {
    plan->command = COMMAND_HELP;
  } else {
    return unknown_word(parser, word);
  }
  return STATUS_OK;
}

static enum status take_positional(struct parser *parser, const char *word) {
  if (parser->word == NULL) {
    return take_first_word(parser, word);
  }
  if (parser->plan->command == COMMAND_HELP && parser->plan->topic == NULL) {
    bool general = strcmp(word, "list") == 0 || strcmp(word, "help") == 0;
    parser->plan->topic = workload_find(word);
    return general || parser->plan->topic != NULL ? STATUS_OK : unknown_word(parser, word);
  }
  const struct option_row *row =
      parser->workload == NULL
          ? NULL
          : options_positional(parser->workload->options, parser->positionals++);
  if (row == NULL) {
    return fault_set(parser->fault, STATUS_USAGE,
                     "%s: unexpected argument '%s': `parbench help%s%s` shows what is accepted",
                     parser->word, word, parser->workload == NULL ? "" : " ",
                     parser->workload == NULL ? "" : parser->word);
  }
  parser->assignments[parser->count++] = (struct assignment){row, word};
  return STATUS_OK;
}

static enum status take_option(struct parser *parser, char *token) {
  struct plan *plan = parser->plan;
  if (strcmp(token, "--help") == 0 || strcmp(token, "-h") == 0) {
    plan->topic = plan->command == COMMAND_RUN ? parser->workload : plan->topic;
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
  const struct option_row *row = options_find(common_options, name);
  bool common = row != NULL;
  if (row == NULL && parser->workload != NULL) {
    row = options_find(parser->workload->options, name);
  }
  if (row == NULL) {
    return fault_set(parser->fault, STATUS_USAGE,
                     "unknown option '%s'%s%s: `parbench help%s%s` shows what is accepted", name,
                     parser->word == NULL ? "" : " of ", parser->word == NULL ? "" : parser->word,
                     parser->workload == NULL ? "" : " ",
                     parser->workload == NULL ? "" : parser->word);
  }
  const char *value = equals == NULL ? NULL : equals + 1;
  if (row->type == OPTION_SWITCH && value != NULL) {
    return fault_set(parser->fault, STATUS_USAGE, "%s takes no value: '%s'", name, token);
  }
  if (row->type != OPTION_SWITCH && value == NULL) {
    if (parser->at == parser->argc) {
      return fault_set(parser->fault, STATUS_USAGE, "%s: the value is missing: accepted is %s",
                       name, row->choices == NULL ? row->value : row->choices);
    }
    value = parser->argv[parser->at++];
  }
  if (common) {
    return options_set(row, &plan->common, value, parser->fault);
  }
  parser->assignments[parser->count++] = (struct assignment){row, value};
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
  for (const struct option_row *row = parser->workload->options; row->name != NULL; row++) {
    if ((row->required || options_is_positional(row)) && !is_assigned(parser, row)) {
      return fault_set(parser->fault, STATUS_USAGE,
                       "%s: %s is missing: for example `parbench %s %s`", parser->word, row->name,
                       parser->word, parser->workload->example);
    }
  }
  return STATUS_OK;
}

/* The words of one case: everything typed for the workload, but of a repeated argument only the
   chosen value. */
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
  const struct workload *workload = parser->workload;
  struct plan *plan = parser->plan;
  struct planned_case *cases = realloc(plan->cases, (plan->count + 1) * sizeof *cases);
  if (cases == NULL) {
    return fault_set(parser->fault, STATUS_FAILED, "out of memory");
  }
  plan->cases = cases;
  struct planned_case *planned = &cases[plan->count++];
  *planned = (struct planned_case){.workload = workload,
                                   .parameters = calloc(1, workload->parameters_size),
                                   .title = make_title(parser, chosen)};
  if (planned->parameters == NULL || planned->title == NULL) {
    return fault_set(parser->fault, STATUS_FAILED, "out of memory");
  }
  options_set_standards(workload->options, planned->parameters);
  for (size_t i = 0; i < parser->count; i++) {
    const struct assignment *assignment = &parser->assignments[i];
    if (options_is_repeated(assignment->row) && i != chosen) {
      continue;
    }
    if (options_set(assignment->row, planned->parameters, assignment->value, parser->fault) !=
        STATUS_OK) {
      return parser->fault->status;
    }
  }
  return workload->validate == NULL ? STATUS_OK
                                    : workload->validate(planned->parameters, parser->fault);
}

static enum status add_cases(struct parser *parser) {
  if (check_required(parser) != STATUS_OK) {
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

/* Parse one line into the plan: what the user typed, or a line of the suite. */
static enum status parse_line(int argc, char *const *argv, struct plan *plan, struct fault *fault) {
  struct parser parser = {.argc = argc, .argv = argv, .at = 1, .plan = plan, .fault = fault};
  parser.assignments = calloc((size_t)argc, sizeof *parser.assignments);
  if (parser.assignments == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  enum status status = take_tokens(&parser);
  if (status == STATUS_OK && plan->command == COMMAND_RUN && parser.workload != NULL) {
    status = add_cases(&parser);
    if (status != STATUS_OK) {
      struct fault inner = *fault;
      /* Complaints about a value begin with the option's name; say whose option it is. */
      bool named = strncmp(inner.text, parser.word, strlen(parser.word)) == 0;
      fault_set(fault, inner.status, "%s%s%s", named ? "" : parser.word, named ? "" : ": ",
                inner.text);
    }
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

/* What scattering cannot do must not be asked of it in vain. */
static enum status check_dispatch(const struct common *common, struct fault *fault) {
  bool equal_parts = strcmp(common->dispatch, "scatter") == 0;
  if (equal_parts && common->schedule != NULL && strcmp(common->schedule, "static") != 0) {
    return fault_set(
        fault, STATUS_USAGE,
        "--schedule: '%s' cannot be scattered: accepted with --dispatch scatter is static",
        common->schedule);
  }
  if (equal_parts && common->chunk != 0) {
    return fault_set(
        fault, STATUS_USAGE,
        "--chunk: scatter hands out one part a rank: accepted are --dispatch node, master and rma");
  }
  return STATUS_OK;
}

static enum status check_flag(const struct common *common, struct fault *fault) {
  struct redis_server server;
  bool by_redis = strcmp(common->flag, "redis") == 0;
  if (by_redis && redis_library_version() == NULL) {
    return fault_set(fault, STATUS_USAGE,
                     "--flag: 'redis' needs libhiredis, which this build lacks: accepted are "
                     "auto, ibcast, window, rma, server and none");
  }
  if (common->redis == NULL) {
    return STATUS_OK;
  }
  if (!by_redis) {
    return fault_set(fault, STATUS_USAGE, "--redis: only --flag redis asks a server");
  }
  return redis_server_parse(common->redis, "--redis", &server, fault);
}

static enum status check_order(const struct plan *plan, struct fault *fault) {
  for (size_t i = 0; i < plan->count; i++) {
    const struct workload *workload = plan->cases[i].workload;
    if (order_find(plan->common.order)->needs_cost && workload->cost == NULL) {
      return fault_set(fault, STATUS_USAGE,
                       "--order: '%s' needs to know what items cost, and all of %s's cost about "
                       "the same: accepted are natural and random",
                       plan->common.order, workload->name);
    }
  }
  return STATUS_OK;
}

enum status command_line_parse(int argc, char *const *argv, struct plan *plan,
                               struct fault *fault) {
  *plan = (struct plan){.command = COMMAND_SUITE};
  options_set_standards(common_options, &plan->common);
  if (parse_line(argc, argv, plan, fault) != STATUS_OK) {
    return fault->status;
  }
  if (check_dispatch(&plan->common, fault) != STATUS_OK ||
      check_flag(&plan->common, fault) != STATUS_OK) {
    return fault->status;
  }
  if (plan->command == COMMAND_SUITE && add_suite(plan, fault) != STATUS_OK) {
    return fault->status;
  }
  if (check_order(plan, fault) != STATUS_OK) {
    return fault->status;
  }
  if (plan->count > 0 && listing_takes_stdout(&plan->cases[0]) && plan->common.output == NULL &&
      strcmp(plan->common.format, "text") != 0) {
    return fault_set(fault, STATUS_USAGE,
                     "--print and --format %s both take stdout: accepted beside --print are --json "
                     "FILE and --output FILE",
                     plan->common.format);
  }
  return STATUS_OK;
}

void plan_free(struct plan *plan) {
  for (size_t i = 0; i < plan->count; i++) {
    struct planned_case *planned = &plan->cases[i];
    if (planned->parameters != NULL) {
      options_free(planned->workload->options, planned->parameters);
    }
    free(planned->parameters);
    free(planned->title);
  }
  free(plan->cases);
  options_free(common_options, &plan->common);
  *plan = (struct plan){0};
}
