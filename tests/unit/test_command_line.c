/* From argv to a plan, and option tables as JSON and help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/command_line.h"

/* Split at blanks and parse; the words live on in a static buffer. */
static enum status parse(const char *line, struct plan *plan, struct fault *fault) {
  static char buffer[512];
  static char *argv[32];
  int argc = 0;
  snprintf(buffer, sizeof buffer, "parbench %s", line);
  for (char *word = strtok(buffer, " "); word != NULL; word = strtok(NULL, " ")) {
    argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
  }
  fault->text[0] = '\0';
  return command_line_parse(argc, argv, plan, fault);
}

/* The parameters of case `index` as one line of JSON. */
static void assert_parameters(const struct plan *plan, size_t index, const char *expected) {
  const struct planned_case *planned = &plan->cases[index];
  json_t *object = options_to_json(planned->subject.options, planned->parameters);
  char *text = json_dumps(object, JSON_COMPACT);
  assert_string_equal(text, expected);
  free(text);
  json_decref(object);
}

static void one_table_gives_parsing_and_json(void **state) {
  (void)state;
  struct plan plan;
  struct fault fault;
  assert_int_equal(parse("primes 1e8 101000000 --sum --kernel=mr --seed 7", &plan, &fault),
                   STATUS_OK);
  assert_int_equal(plan.command, COMMAND_RUN);
  assert_int_equal(plan.count, 1);
  assert_int_equal(plan.common.seed, 7);
  assert_parameters(&plan, 0,
                    "{\"lo\":\"100000000\",\"hi\":\"101000000\",\"kernel\":\"mr\",\"sum\":true,"
                    "\"print\":false,\"write\":null}");
  assert_string_equal(plan.cases[0].title, "primes 1e8 101000000 --sum --kernel mr");
  plan_free(&plan);

  assert_int_equal(parse("--format json pi", &plan, &fault), STATUS_OK);
  assert_string_equal(plan.common.format, "json");
  assert_parameters(&plan, 0, "{\"samples\":100000000,\"rng\":\"philox\"}");
  plan_free(&plan);

  assert_int_equal(parse("fib 34", &plan, &fault), STATUS_OK);
  assert_parameters(&plan, 0, "{\"n\":\"34\",\"tasks\":null}");
  plan_free(&plan);
  assert_int_equal(parse("fib 0 --tasks 5", &plan, &fault), STATUS_OK);
  assert_parameters(&plan, 0, "{\"n\":\"0\",\"tasks\":5}");
  plan_free(&plan);

  assert_int_equal(parse("sleep --tasks 9 --cost uniform:1ms --burn", &plan, &fault), STATUS_OK);
  assert_parameters(&plan, 0, "{\"tasks\":9,\"cost\":\"uniform:1ms\",\"burn\":true}");
  plan_free(&plan);

  assert_int_equal(parse("queue --work primes 1e3 2k --payload=64KiB --feeder", &plan, &fault),
                   STATUS_OK);
  assert_parameters(&plan, 0,
                    "{\"tasks\":null,\"work\":\"primes 1e3 2k\",\"cost\":null,\"burn\":false,"
                    "\"payload\":65536,\"producers\":1,\"feeder\":true,\"credits\":null,"
                    "\"results\":\"completion\",\"print\":false}");
  assert_string_equal(plan.cases[0].title, "queue --work primes 1e3 2k --payload 64KiB --feeder");
  plan_free(&plan);

  /* Results come sorted by width, so the parameters are. */
  assert_int_equal(parse("kde --widths 0.3,0.1,0.2", &plan, &fault), STATUS_OK);
  json_t *object = options_to_json(plan.cases[0].subject.options, plan.cases[0].parameters);
  const json_t *widths = json_object_get(object, "widths");
  assert_int_equal(json_array_size(widths), 3);
  assert_true(json_real_value(json_array_get(widths, 0)) == 0.1);
  assert_true(json_is_null(json_object_get(object, "data")));
  json_decref(object);
  plan_free(&plan);
}

static void each_number_is_a_case(void **state) {
  (void)state;
  struct plan plan;
  struct fault fault;
  assert_int_equal(parse("isprime 4 --flag none 2^61-1 9", &plan, &fault), STATUS_OK);
  assert_int_equal(plan.count, 3);
  assert_parameters(&plan, 0, "{\"n\":\"4\",\"limit\":null,\"precheck\":\"on\"}");
  assert_parameters(&plan, 1, "{\"n\":\"2305843009213693951\",\"limit\":null,\"precheck\":\"on\"}");
  assert_string_equal(plan.cases[2].title, "isprime 9");
  assert_string_equal(plan.common.flag, "none");
  plan_free(&plan);
}

static void commands_are_told_apart(void **state) {
  (void)state;
  static const struct {
    const char *line;
    enum command command;
    const char *topic;
  } cases[] = {
      {"", COMMAND_SUITE, NULL},
      {"--seed 3", COMMAND_SUITE, NULL},
      {"list", COMMAND_LIST, NULL},
      {"help", COMMAND_HELP, NULL},
      {"--help", COMMAND_HELP, NULL},
      {"-h", COMMAND_HELP, NULL},
      {"help kde", COMMAND_HELP, "kde"},
      {"kde --help", COMMAND_HELP, "kde"},
      {"help queue", COMMAND_HELP, "queue"},
      {"queue --work primes 1 2 --help", COMMAND_HELP, "queue"},
      {"queue --tasks 5 --seed 3", COMMAND_RUN, NULL},
      {"--seed 3 queue --tasks 5", COMMAND_RUN, NULL},
      {"primes 1 --help", COMMAND_HELP, "primes"},
      {"--version", COMMAND_VERSION, NULL},
      {"compare a.json b.json", COMMAND_TOOL, NULL},
      {"plot r.json -o -", COMMAND_TOOL, NULL},
      {"help compare", COMMAND_HELP, "compare"},
      {"plot --help", COMMAND_HELP, "plot"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct plan plan;
    struct fault fault;
    print_message("parbench %s\n", cases[i].line);
    assert_int_equal(parse(cases[i].line, &plan, &fault), STATUS_OK);
    assert_int_equal(plan.command, cases[i].command);
    if (cases[i].topic != NULL) {
      assert_string_equal(plan.topic.name, cases[i].topic);
    }
    if (cases[i].command == COMMAND_SUITE) {
      assert_int_equal(plan.count, 4);
    }
    plan_free(&plan);
  }
}

static void faults_name_the_argument(void **state) {
  (void)state;
  static const struct {
    const char *line, *says;
  } cases[] = {
      {"nonsense", "unknown workload, probe or command 'nonsense': accepted are pi, primes"},
      {"pi --nonsense 3", "unknown option '--nonsense' of pi"},
      {"--samples 3 pi", "unknown option '--samples'"},
      {"pi --samples", "--samples: the value is missing"},
      {"pi --samples 1e6x", "pi: --samples: '1e6x' is not a number"},
      {"pi --samples -1", "pi: --samples: '-1' is not a number"},
      {"pi --samples 1.5", "'1.5' is not a whole number"},
      {"pi --samples 1e30", "'1e30' is too large"},
      {"pi --samples 0", "'0' is too small: accepted are whole numbers from 1"},
      {"pi --samples ''", "'' is not a number"},
      {"pi 5", "pi: unexpected argument '5'"},
      {"primes 5", "primes: HI is missing"},
      {"primes 9 5", "LO: 9 is above HI, 5"},
      {"primes 1 2 3", "unexpected argument '3'"},
      {"primes 1 2 --kernel fast", "'fast' is unknown: accepted are auto|sieve|mr|trial"},
      {"primes 1 2 --kernel si", "'si' is unknown"},
      {"primes 1 2 --sum=yes", "--sum takes no value"},
      {"isprime", "N... is missing"},
      {"isprime -7", "'-7' is not a number"},
      {"isprime 2^128", "is too large"},
      {"isprime 7 --limit 0", "--limit: '0' is too small"},
      {"primes 1 9 --print --write f", "--print and --write"},
      {"primes 1 9 --print --format json", "both take stdout"},
      {"isprime 7 x", "'x' is not a number"},
      {"kde", "--widths is missing"},
      {"kde --widths 0.1,0", "0 is not a width"},
      {"kde --widths -1", "-1 is not a width"},
      {"kde --widths 1:2", "--widths"},
      {"kde --widths 1 --normal 5", "--normal: '5'"},
      {"kde --widths 1 --normal 0,2", "--normal: '0,2'"},
      {"kde --widths 1 --normal 5,2 --data f", "--data and --normal"},
      {"kde --widths 1 --at 1,", "--at"},
      {"kde --widths 1 --at 0:1:n1000,0:1:n1001", "too many points"},
      {"fib", "N is missing"},
      {"fib 94", "N: '94' is too large: accepted are whole numbers from 0 to 93"},
      {"fib 34 35", "unexpected argument '35'"},
      {"fib 34 --tasks 0", "--tasks: '0' is too small"},
      {"sleep --cost 1", "sleep: --cost: '1' has no unit: accepted are times such as 1s"},
      {"sleep --cost gauss:1ms", "--cost: 'gauss:1ms' is not a cost"},
      {"sleep --cost ''", "--cost: the value is empty"},
      {"sleep --burn=yes", "--burn takes no value"},
      {"pi --dispatch scatter --schedule guided", "--schedule: 'guided' cannot be scattered"},
      {"pi --dispatch scatter --chunk 5", "--chunk: scatter"},
      {"pi --order descending", "--order: 'descending' needs to know what items cost"},
      {"pi --order backwards", "accepted are natural|random|descending"},
      {"pi --dispatch magic", "accepted are node|master|rma|scatter"},
      {"pi --chunk 0", "'0' is too small"},
      {"pi --format xml", "'xml' is unknown: accepted are text|csv|json"},
      {"pi --output ''", "--output: the value is empty"},
      {"queue", "--tasks and --work: both are missing"},
      {"queue --tasks 5 --work primes 1 2", "--tasks and --work: both are given"},
      {"queue --tasks 0", "'0' is too small"},
      {"queue --work", "--work: the value is missing: accepted is primes LO HI"},
      {"queue --work primes 5", "--work: the value is missing"},
      {"queue --work primes 5 x", "--work: HI: 'x' is not a number"},
      {"queue --work primes -5 9", "--work: LO: '-5' is not a number"},
      {"queue --work primes 5 5", "--work: [5, 5) is no range"},
      {"queue --work primes 9 5", "--work: [9, 5) is no range"},
      {"queue --work primes 0 2^64-1", "--work: [0, 18446744073709551615) is no range"},
      {"queue --work pi 5 9", "'pi 5 9' is unknown: accepted is primes LO HI"},
      {"queue --work=primes", "'primes' is unknown"},
      /* Cut to fit, it would be another number. */
      {"queue --work primes "
       "0000000000000000000000000000000000000000000000000000000000000000000000009 20",
       "--work: LO: '0"},
      {"queue --tasks 5 --payload 5x", "--payload: '5x' is not a size"},
      {"queue --tasks 5 --payload 1.5", "'1.5' is not a whole number of bytes"},
      {"queue --tasks 5 --payload 2GiB", "'2GiB' is too large: accepted are 0 to 1073741824"},
      {"queue --tasks 5 --cost 1", "queue: --cost: '1' has no unit"},
      {"queue --tasks 5 --burn", "--burn: there is nothing to burn"},
      {"queue --tasks 5 --producers 0", "--producers: '0' is too small"},
      {"queue --tasks 5 --credits 0", "--credits: '0' is too small"},
      {"queue --tasks 5 --results random", "accepted are completion|input|sorted"},
      {"queue --tasks 5 --print --format csv", "both take stdout"},
      {"queue --tasks 5 --schedule static", "queue: --schedule: queue has no use for it"},
      {"--chunk 5 queue --tasks 5", "queue: --chunk: queue has no use for it"},
      {"queue --tasks 5 --flag none", "--flag: queue has no use for it"},
      {"queue --dispatch node --tasks 5", "--dispatch: queue has no use for it"},
      {"queue 5", "queue: unexpected argument '5'"},
      {"compare", "compare: A.json is missing: for example `parbench compare"},
      {"compare a.json", "compare: B.json is missing"},
      {"compare a b --fail-if-slower 5", "compare: --fail-if-slower: '5' is not a percentage"},
      {"compare a b --seed 5", "--seed: compare has no use for it"},
      {"--chunk 5 compare a b", "--chunk: compare has no use for it"},
      {"plot r.json", "plot: -o is missing"},
      {"plot r.json -o r.gif", "plot: -o: 'r.gif' is no kind of picture"},
      {"plot r.json -o r.svg --json f", "--json: plot has no use for it"},
      {"list more", "unexpected argument 'more'"},
      {"list --json x.json", "--json: list and --version have no use for it"},
      {"--format csv list", "--format: list and --version have no use for it"},
      {"--version --output x", "--output: list and --version have no use for it"},
      {"help nonsense", "unknown workload, probe or command 'nonsense'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct plan plan;
    struct fault fault;
    assert_int_equal(parse(cases[i].line, &plan, &fault), STATUS_USAGE);
    print_message("parbench %s\n  %s\n", cases[i].line, fault.text);
    assert_non_null(strstr(fault.text, cases[i].says));
    plan_free(&plan);
  }
}

static void help_names_every_option(void **state) {
  (void)state;
  struct subject subject;
  for (size_t i = 0; subject_at(i, &subject); i++) {
    char text[4096] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    options_print_usage(subject.options, 0, out);
    options_print_help(subject.options, out);
    fclose(out);
    for (const struct option_row *row = subject.options; row->name != NULL; row++) {
      assert_non_null(strstr(text, row->name));
      assert_non_null(strstr(text, row->help));
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_table_gives_parsing_and_json),
      cmocka_unit_test(each_number_is_a_case),
      cmocka_unit_test(commands_are_told_apart),
      cmocka_unit_test(faults_name_the_argument),
      cmocka_unit_test(help_names_every_option),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
